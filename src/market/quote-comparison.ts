// How often do the best bid and ask of the rebuilt book stand in the exchange's own quotes?
import { SlidingRows } from "./sliding-rows.js";
import type { Touch } from "./touch.js";

/** How a book state agrees with the quotes around it; "none": there are none to compare with. */
export type Agreement = "none" | "unequal" | "prices" | "all";

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
  private readonly onCompared: (localUs: number, agreement: Agreement) => void;

  /** @param onCompared - told every state in order, once all quotes of its window have arrived */
  constructor(window: QuoteWindow, onCompared: (localUs: number, agreement: Agreement) => void) {
    this.window = window;
    this.onCompared = onCompared;
  }

  /** Takes a quote; an empty side is NaN. */
  addQuote(localUs: number, { bidPrice, bidAmount, askPrice, askAmount }: Touch): void {
    this.settle(localUs);
    this.quotes.push(localUs, bidPrice, bidAmount, askPrice, askAmount);
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
      quotes.dropBefore(localUs - windowUs);
      this.onCompared(localUs, this.agreement(localUs));
      states.first++;
    }
  }

  /** The best agreement of the first state with any quote of the window. */
  private agreement(localUs: number): Agreement {
    const { states, quotes } = this;
    const { windowUs, withStanding } = this.window;
    const state = states.first;
    let best: Agreement = "none";
    for (let row = quotes.first; row < quotes.end; row++) {
      const quoteUs = quotes.timeUs(row);
      if (quoteUs > localUs + windowUs) break;
      if (quoteUs < localUs - windowUs && !withStanding) continue;
      if (best === "none") best = "unequal";
      const isEqual = (column: 1 | 2 | 3 | 4): boolean =>
        quotes.value(row, column) === states.value(state, column);
      if (!isEqual(1) || !isEqual(3)) continue;
      best = "prices";
      if (isEqual(2) && isEqual(4)) return "all";
    }
    return best;
  }
}
