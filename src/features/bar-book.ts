import { DAY_US } from "../core/time.js";
import type { BookView } from "../market/book-view.js";
import type { Stateful } from "./feature.js";

/** Levels of the near and of the deep imbalance. */
const NEAR_LEVELS = 5;
const DEEP_LEVELS = 20;

/** Distance to the mid at which the deep imbalance weighs a level 1/e, bps. */
const DECAY_BPS = 5;

/** The numbers of the state, in saved order. */
const SAVED = [
  "stateUs",
  "settledUs",
  "isValid",
  "skipsNext",
  "bidPrice",
  "bidAmount",
  "askPrice",
  "askAmount",
  "obiL5",
  "spreadBps",
  "lastValidUs",
  "lastValidMid",
  "validUs",
  "obiSum",
  "spreadSum",
  "queueSum",
  "orderFlow",
] as const;

/**
 * What a bar needs to know of the book: time averages over valid time and the order flow of its states, and the mid in
 * force. A state counts from its arrival until the next one, or until it is older than `staleAfterUs`.
 */
export class BarBook implements Stateful {
  private readonly staleAfterUs: number;
  private stateUs = Number.NEGATIVE_INFINITY;
  /** Up to when the time sums are complete. */
  private settledUs = Number.NEGATIVE_INFINITY;
  private isValid = 0;
  /** 1 when the next difference is the first of the stream, after a snapshot or after 00:00 UTC, which is no order flow. */
  private skipsNext = 1;
  private bidPrice = Number.NaN;
  private bidAmount = Number.NaN;
  private askPrice = Number.NaN;
  private askAmount = Number.NaN;
  private obiL5 = Number.NaN;
  private spreadBps = Number.NaN;
  private lastValidUs = Number.NEGATIVE_INFINITY;
  private lastValidMid = Number.NaN;
  /** End of the day of the last state. */
  private dayEndUs = Number.NEGATIVE_INFINITY;
  /** Of each side of the last state: best price, its amount, sum of the near amounts. */
  private readonly top = new Float64Array(6);
  /** Sums of the open bar: valid time, averages times valid time, order flow. */
  validUs = 0;
  obiSum = 0;
  spreadSum = 0;
  queueSum = 0;
  orderFlow = 0;

  /** @param staleAfterUs - how old the last book event may be */
  constructor(staleAfterUs: number) {
    this.staleAfterUs = staleAfterUs;
  }

  /** Takes a new state of the book into account; there is one only once there was a snapshot. */
  onBook(localUs: number, book: BookView): void {
    this.settle(localUs);
    const { isSnapshot } = book;
    if (isSnapshot || localUs >= this.dayEndUs) {
      this.skipsNext = 1;
      this.dayEndUs = dayEndUs(localUs);
    }
    const wasValid = this.isValid === 1 && localUs - this.stateUs <= this.staleAfterUs;
    const { top } = this;
    book.readTop(NEAR_LEVELS, top);
    const bidPrice = top[0]!;
    const bidAmount = top[1]!;
    const askPrice = top[3]!;
    const askAmount = top[4]!;
    const isValid = bidPrice < askPrice;
    if (isValid) {
      if (wasValid && !isSnapshot) {
        if (this.skipsNext === 1) this.skipsNext = 0;
        else this.orderFlow += this.flowTo(bidPrice, bidAmount, askPrice, askAmount);
      }
      const mid = (bidPrice + askPrice) / 2;
      const bids = top[2]!;
      const asks = top[5]!;
      this.obiL5 = (bids - asks) / (bids + asks);
      this.spreadBps = (1e4 * (askPrice - bidPrice)) / mid;
      this.lastValidUs = localUs;
      this.lastValidMid = mid;
    }
    this.isValid = isValid ? 1 : 0;
    this.stateUs = localUs;
    this.bidPrice = bidPrice;
    this.bidAmount = bidAmount;
    this.askPrice = askPrice;
    this.askAmount = askAmount;
  }

  /** Mid of the last valid state; NaN when it is older than `staleAfterUs` at the given time. */
  midBefore(localUs: number): number {
    return localUs - this.lastValidUs <= this.staleAfterUs ? this.lastValidMid : Number.NaN;
  }

  /** Adds the state in force to the time sums, up to a time that is a new state's or a bar's end. */
  settle(untilUs: number): void {
    if (this.isValid === 1) {
      const endUs = Math.min(untilUs, this.stateUs + this.staleAfterUs);
      const elapsedUs = endUs - this.settledUs;
      if (elapsedUs > 0) {
        this.validUs += elapsedUs;
        this.obiSum += this.obiL5 * elapsedUs;
        this.spreadSum += this.spreadBps * elapsedUs;
        this.queueSum += ((this.bidAmount + this.askAmount) / 2) * elapsedUs;
      }
    }
    this.settledUs = untilUs;
  }

  /** Begins a new bar: its sums are 0, the state in force stays. */
  beginBar(): void {
    this.validUs = 0;
    this.obiSum = 0;
    this.spreadSum = 0;
    this.queueSum = 0;
    this.orderFlow = 0;
  }

  save(): readonly number[] {
    return SAVED.map((name) => this[name]);
  }

  restore(state: ArrayLike<number>): void {
    SAVED.forEach((name, i) => {
      this[name] = state[i]!;
    });
    this.dayEndUs = dayEndUs(this.stateUs);
  }

  /** e = [b' ≥ b]·q'ᵇ − [b' ≤ b]·qᵇ − [a' ≤ a]·q'ᵃ + [a' ≥ a]·qᵃ, from the state in force to the next (primed). */
  private flowTo(bid: number, bidAmount: number, ask: number, askAmount: number): number {
    let flow = 0;
    if (bid >= this.bidPrice) flow += bidAmount;
    if (bid <= this.bidPrice) flow -= this.bidAmount;
    if (ask <= this.askPrice) flow -= askAmount;
    if (ask >= this.askPrice) flow += this.askAmount;
    return flow;
  }
}

/** End of the day that a time is in, µs; −∞ where there was no time yet. */
function dayEndUs(timeUs: number): number {
  return (Math.floor(timeUs / DAY_US) + 1) * DAY_US;
}

/** Imbalance of the best levels, Σ(qᵇ − qᵃ)/Σ(qᵇ + qᵃ), over as many as there are. */
export function bookImbalance(book: BookView, levels: number): number {
  const bids = book.bidDepth(levels);
  const asks = book.askDepth(levels);
  return (bids - asks) / (bids + asks);
}

/** Imbalance of 20 levels, each weighted by exp(−d/5 bps), d its distance to the mid in bps. */
export function decayedImbalance(book: BookView): number {
  const mid = book.mid();
  const weigh = (price: number): number =>
    Math.exp((-1e4 * Math.abs(price - mid)) / mid / DECAY_BPS);
  let bids = 0;
  let asks = 0;
  for (let i = 0; i < Math.min(DEEP_LEVELS, book.bidLevels); i++) {
    bids += weigh(book.bidPrice(i)) * book.bidAmount(i);
  }
  for (let i = 0; i < Math.min(DEEP_LEVELS, book.askLevels); i++) {
    asks += weigh(book.askPrice(i)) * book.askAmount(i);
  }
  return (bids - asks) / (bids + asks);
}
