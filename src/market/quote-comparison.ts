// How often do the best bid and ask of the rebuilt book stand in the exchange's own quotes?
import { SlidingRows } from "./sliding-rows.js";
import type { Touch } from "./touch.js";

/** How a book state agrees with the quotes around it; "none": there are none to compare with. */
export type Agreement = "none" | "unequal" | "prices" | "all";

/**
 * Is told how a state compares.
 *
 * @param sinceUs - where it is unequal, arrival time of the first quote that came since the state before and that neither of
 *   the two states has: from there on quotes and book differ; else the state's own time
 */
type Compared = (localUs: number, agreement: Agreement, sinceUs: number) => void;

/** Which quotes a book state is compared with. */
export interface QuoteWindow {
  /** Quotes at most this much earlier or later count, µs. */
  readonly windowUs: number;
  /**
   * The quote in force when the window begins counts too, as it must where quotes are rare: a change deep in the book leaves
   * the best prices as last quoted.
   */
  readonly withStanding: boolean;
}

/** Quotes that are kept while no state waits to be compared. */
const MOST_IDLE = 4096;

/**
 * Compares every state of a rebuilt book that has both sides with the quotes that arrived within a window around it. Takes
 * quotes and states in arrival order and holds no more of them than the window.
 *
 * @see FEATURES.md, "Book": prices ≥ 99.9 %, prices and amounts ≥ 94 %, within ±200 ms
 */
export class QuoteComparison {
  private readonly quotes = new SlidingRows();
  private readonly states = new SlidingRows();
  private readonly window: QuoteWindow;
  private readonly onCompared: Compared;
  /** The state before. */
  private lastUs = Number.NEGATIVE_INFINITY;
  private lastBid = Number.NaN;
  private lastAsk = Number.NaN;

  /** @param onCompared - told every state in order, once all quotes of its window have arrived */
  constructor(window: QuoteWindow, onCompared: Compared) {
    this.window = window;
    this.onCompared = onCompared;
  }

  /** Takes a quote; an empty side is NaN. */
  addQuote(localUs: number, { bidPrice, bidAmount, askPrice, askAmount }: Touch): void {
    this.settle(localUs);
    const { states, quotes } = this;
    // While no state waits, as before a book begins, older quotes are of no use but for the place of a difference.
    const isIdle = states.first === states.end && quotes.end - quotes.first >= MOST_IDLE;
    if (isIdle) quotes.dropBefore(localUs - this.window.windowUs);
    quotes.push(localUs, bidPrice, bidAmount, askPrice, askAmount);
  }

  /** Takes a state of the book; one with an empty side is left out. */
  addState(localUs: number, { bidPrice, bidAmount, askPrice, askAmount }: Touch): void {
    if (!(bidPrice > 0 && askPrice > 0)) return;
    this.settle(localUs);
    this.states.push(localUs, bidPrice, bidAmount, askPrice, askAmount);
  }

  /** Compares what is left. */
  finish(): void {
    this.settle(Number.POSITIVE_INFINITY);
  }

  /** Compares the states whose windows have ended before a time. */
  private settle(nowUs: number): void {
    const { states, quotes } = this;
    const { windowUs } = this.window;
    while (states.first < states.end && states.timeUs(states.first) + windowUs < nowUs) {
      const localUs = states.timeUs(states.first);
      const agreement = this.agreement(localUs);
      const sinceUs = agreement === "unequal" ? this.unequalSince(localUs) : localUs;
      this.onCompared(localUs, agreement, sinceUs);
      this.lastUs = localUs;
      this.copyLast();
      quotes.dropBefore(localUs - windowUs);
      states.first++;
    }
  }

  /** The best agreement of the first state with any quote of the window. */
  private agreement(localUs: number): Agreement {
    const { states, quotes } = this;
    const { windowUs, withStanding } = this.window;
    const state = states.first;
    let best: Agreement = "none";
    // The newest are the likeliest.
    for (let row = quotes.end - 1; row >= quotes.first; row--) {
      const quoteUs = quotes.timeUs(row);
      if (quoteUs > localUs + windowUs) continue;
      const isBefore = quoteUs < localUs - windowUs;
      if (isBefore && !withStanding) break;
      if (best === "none") best = "unequal";
      const isSame =
        quotes.value(row, 1) === states.value(state, 1) &&
        quotes.value(row, 3) === states.value(state, 3);
      if (isSame) {
        best = "prices";
        const isAll =
          quotes.value(row, 2) === states.value(state, 2) &&
          quotes.value(row, 4) === states.value(state, 4);
        if (isAll) return "all";
      }
      // Of those before the window only the last is in force.
      if (isBefore) break;
    }
    return best;
  }

  private unequalSince(localUs: number): number {
    const { states, quotes } = this;
    for (let row = quotes.first; row < quotes.end && quotes.timeUs(row) <= localUs; row++) {
      if (quotes.timeUs(row) <= this.lastUs) continue;
      const bid = quotes.value(row, 1);
      const ask = quotes.value(row, 3);
      const isLast = bid === this.lastBid && ask === this.lastAsk;
      const isThis = bid === states.value(states.first, 1) && ask === states.value(states.first, 3);
      if (!isLast && !isThis) return quotes.timeUs(row);
    }
    return localUs;
  }

  private copyLast(): void {
    this.lastBid = this.states.value(this.states.first, 1);
    this.lastAsk = this.states.value(this.states.first, 3);
  }
}
