// When did a side's best level stand still although trades hit it?
import { SECOND_US } from "../../core/time.js";
import { CLEAN, type Span } from "../finding.js";
import type { BookType, StateCheck } from "../measuring/book-state.js";
import { Stretches, united } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/** A trade is answered by a change within this time, or within so many messages of a book that is told seldom. */
const ANSWER_US = 0.5 * SECOND_US;
const ANSWER_MESSAGES = 3;

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
  /** How often the other side's best price has changed meanwhile. */
  otherMoves: number;
  /** The last trades that must have taken from it, and at which of its messages. */
  readonly hitsUs: number[];
  readonly hitMessages: number[];
}

/** Hits that are kept: the first ones prove as much as any. */
const MOST_HITS = 64;

/** A market that has moved away trades inside the spread that a frozen side leaves; one at rest may do so by hidden orders. */
const OTHER_MOVES = 3;

/**
 * Stretches in which the best price and amount of a side do not change at all while trades take from it, at its price or
 * worse, or inside the spread after the other side has moved, and the book's messages go on: updates of its best levels were
 * lost. Without messages it is a stale book.
 */
export function frozenLevel(
  type: BookType,
  { leastSeconds, hits, messages, badAbove }: AuditSettings["frozenLevel"],
): TradedStateCheck {
  const frozen: Span[] = [];
  const bids = standing();
  const asks = standing();
  let lastUs = Number.NaN;
  const end = (side: Standing, nowUs: number): void => {
    if (nowUs - side.sinceUs < leastSeconds * SECOND_US || side.messages < messages) return;
    const unanswered = side.hitsUs.filter(
      (timeUs, i) =>
        timeUs < nowUs - ANSWER_US && side.messages - side.hitMessages[i]! >= ANSWER_MESSAGES,
    );
    if (unanswered.length >= hits) frozen.push([side.sinceUs, nowUs]);
  };
  const look = (side: Standing, localUs: number, price: number, amount: number): void => {
    if (side.price === price && side.amount === amount) {
      side.messages++;
      return;
    }
    end(side, localUs);
    side.price = price;
    side.amount = amount;
    side.sinceUs = localUs;
    side.messages = 0;
    side.otherMoves = 0;
    if (side.hitsUs.length === 0) return;
    side.hitsUs.length = 0;
    side.hitMessages.length = 0;
  };
  return {
    update: (localUs, { touch }) => {
      if (touch.askPrice !== asks.price) bids.otherMoves++;
      if (touch.bidPrice !== bids.price) asks.otherMoves++;
      look(bids, localUs, touch.bidPrice, touch.bidAmount);
      look(asks, localUs, touch.askPrice, touch.askAmount);
      lastUs = localUs;
    },
    trade: (localUs, side, price) => {
      if (side === 0) return;
      const hit = side === 1 ? asks : bids;
      const isTaken = side === 1 ? price >= hit.price : price <= hit.price;
      if (!isTaken && hit.otherMoves < OTHER_MOVES) return;
      if (hit.hitsUs.at(-1) === localUs || hit.hitsUs.length === MOST_HITS) return;
      hit.hitsUs.push(localUs);
      hit.hitMessages.push(hit.messages);
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
        detail: `a best level did not change while trades hit it, for ${seconds.toFixed(1)} s in all`,
        spans: stretches.spans(),
      } as const;
      const limits = { usableAbove: 0, badAbove };
      const reason = (s: number): string => `a best level stood still for ${s.toFixed(1)} s`;
      return { findings: [finding], marks: stretches.marks(covered, limits, reason) };
    },
  };
}

function standing(): Standing {
  return {
    price: Number.NaN,
    amount: Number.NaN,
    sinceUs: Number.NaN,
    messages: 0,
    otherMoves: 0,
    hitsUs: [],
    hitMessages: [],
  };
}
