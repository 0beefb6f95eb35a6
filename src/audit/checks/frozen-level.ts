// When did a side's best level stand still although trades hit it?
import { secondsText } from "../../core/seconds-text.js";
import { SECOND_US } from "../../core/time.js";
import { CLEAN, type Span } from "../finding.js";
import type { BookState, BookType, StateCheck } from "../measuring/book-state.js";
import { Stretches, united } from "../measuring/stretches.js";
import { Unanswered } from "../measuring/unanswered.js";
import type { AuditSettings } from "../settings.js";

/** A trade is answered by a change within this time; a book that is told seldom must be told again after it. */
const ANSWER_US = 0.5 * SECOND_US;

/** Hidden orders may fill a level up to what it was; then the levels behind go on changing. */
const LEVELS_BEHIND = 5;

/** Looks at states and trades. */
export interface TradedStateCheck extends StateCheck {
  /** @param side - the aggressor's: 1 buy, −1 sell, 0 unknown */
  trade(localUs: number, side: number, price: number): void;
}

/** The best level of one side since it last changed. */
interface Standing {
  price: number;
  amount: number;
  sinceUs: number;
  messages: number;
  /** The other side's best price at first, and how often it has changed meanwhile. */
  otherPrice: number;
  otherMoves: number;
  /** Amounts of the best levels since the first hit. */
  depth: number;
  readonly hits: Hits;
}

/** Trades that must have taken from a level, and after which it was told again as it was. */
interface Hits {
  /** Time of the last, and of the last through the level, µs; NaN when there is none. */
  lastUs: number;
  lastThroughUs: number;
  /** At a worse price than the level's: not even hidden orders leave it where it is. */
  readonly through: Unanswered;
  /** At its own price. */
  readonly own: Unanswered;
  /** At its price, or inside the spread, since the levels behind last changed. */
  readonly weak: Unanswered;
}

/**
 * A market that has moved away trades inside the spread that a frozen side leaves; one at rest may do so by hidden orders, but
 * not where the other side's orders were.
 */
const OTHER_MOVES = 3;

/**
 * Stretches in which the best price and amount of a side do not change at all while trades take from it, at a worse price; or
 * at its price, or inside the spread that the other side has left, where the levels behind stand still as well; or so often
 * at its price that no hidden orders explain it, whatever the levels behind do; and the book's messages go on: updates of its
 * best levels were lost. How much is traded at a level says nothing: one order may fill thousands of times what is shown of a
 * hidden one. Without messages it is a stale book.
 */
export function frozenLevel(
  type: BookType,
  { leastSeconds, hits, manyHits, messages, badAbove }: AuditSettings["frozenLevel"],
): TradedStateCheck {
  const frozen: Span[] = [];
  const bids = standing();
  const asks = standing();
  let lastUs = Number.NaN;
  const end = (side: Standing, nowUs: number): void => {
    if (nowUs - side.sinceUs < leastSeconds * SECOND_US || side.messages < messages) return;
    const { through, own, weak } = side.hits;
    const isHit = through.count + weak.count >= hits;
    const isWornThrough = through.count + own.count >= Math.max(hits, manyHits);
    if (isHit || isWornThrough) frozen.push([side.sinceUs, nowUs]);
  };
  const look = (side: Standing, localUs: number, state: BookState): void => {
    const { touch } = state;
    const isBid = side === bids;
    const price = isBid ? touch.bidPrice : touch.askPrice;
    const otherPrice = isBid ? touch.askPrice : touch.bidPrice;
    const amount = isBid ? touch.bidAmount : touch.askAmount;
    if (side.price === price && side.amount === amount) {
      side.messages++;
      if (!Number.isNaN(side.hits.lastUs)) {
        lookBehind(side, state.depth(isBid ? "bid" : "ask", LEVELS_BEHIND));
        tell(side.hits, localUs);
      }
      return;
    }
    end(side, localUs);
    side.price = price;
    side.amount = amount;
    side.sinceUs = localUs;
    side.messages = 0;
    side.otherPrice = otherPrice;
    side.otherMoves = 0;
    if (!Number.isNaN(side.hits.lastUs)) clear(side.hits);
    side.depth = Number.NaN;
  };
  return {
    update: (localUs, state) => {
      const { touch } = state;
      if (touch.askPrice !== asks.price) bids.otherMoves++;
      if (touch.bidPrice !== bids.price) asks.otherMoves++;
      look(bids, localUs, state);
      look(asks, localUs, state);
      lastUs = localUs;
    },
    trade: (localUs, side, price) => {
      if (side === 0) return;
      const hit = side === 1 ? asks : bids;
      const isTaken = side === 1 ? price >= hit.price : price <= hit.price;
      const isBeyond = side === 1 ? price <= hit.otherPrice : price >= hit.otherPrice;
      if (!isTaken && !isBeyond && hit.otherMoves < OTHER_MOVES) return;
      // All fills of an order arrive at once; one that sweeps a level begins at its price, and goes through it.
      const isFirst = hit.hits.lastUs !== localUs;
      hit.hits.lastUs = localUs;
      if (isTaken && price !== hit.price) {
        if (hit.hits.lastThroughUs === localUs) return;
        hit.hits.lastThroughUs = localUs;
        hit.hits.through.add(localUs);
      } else if (isFirst) {
        hit.hits.weak.add(localUs);
        if (price === hit.price) hit.hits.own.add(localUs);
      }
    },
    finish: (covered) => {
      for (const side of [bids, asks]) if (side.price > 0) end(side, lastUs);
      if (frozen.length === 0) return CLEAN;
      const stretches = new Stretches();
      for (const [startUs, endUs] of united(frozen)) stretches.add(startUs, endUs);
      const seconds = stretches.totalUs / 1e6;
      const finding = {
        check: "frozen-level",
        type,
        count: stretches.count,
        firstUs: stretches.firstUs,
        isFatal: false,
        value: seconds,
        unit: "s",
        detail: `a best level did not change while trades hit it, for ${secondsText(seconds)} in all`,
        spans: stretches.spans(),
      } as const;
      const limits = { usableAbove: 0, badAbove };
      const reason = (s: number): string => `a best level stood still for ${secondsText(s)}`;
      return { findings: [finding], marks: stretches.marks(covered, limits, reason) };
    },
  };
}

/** Where the levels behind have changed, hidden orders explain every hit that was not through the level. */
function lookBehind(side: Standing, depth: number): void {
  if (depth === side.depth) return;
  const isFirst = Number.isNaN(side.depth);
  side.depth = depth;
  if (!isFirst) side.hits.weak.clear();
}

function tell({ through, own, weak }: Hits, nowUs: number): void {
  through.tell(nowUs);
  own.tell(nowUs);
  weak.tell(nowUs);
}

function clear(hits: Hits): void {
  hits.lastUs = Number.NaN;
  hits.lastThroughUs = Number.NaN;
  hits.through.clear();
  hits.own.clear();
  hits.weak.clear();
}

function standing(): Standing {
  return {
    price: Number.NaN,
    amount: Number.NaN,
    sinceUs: Number.NaN,
    messages: 0,
    otherPrice: Number.NaN,
    otherMoves: 0,
    depth: Number.NaN,
    hits: {
      lastUs: Number.NaN,
      lastThroughUs: Number.NaN,
      through: new Unanswered(ANSWER_US),
      own: new Unanswered(ANSWER_US),
      weak: new Unanswered(ANSWER_US),
    },
  };
}
