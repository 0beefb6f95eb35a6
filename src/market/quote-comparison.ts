// How often do the best bid and ask of the rebuilt book stand in the exchange's own quotes?
import { type Agreement, bestAgreement, type ComparedWindow } from "./agreement.js";
import { SlidingRows } from "./sliding-rows.js";
import type { Touch } from "./touch.js";

/**
 * Is told how a state compares.
 *
 * @param sinceUs - where it is unequal, arrival time of the first of the last quotes that neither it nor the state before has:
 *   from there on quotes and book differ; else the state's own time
 * @param untilUs - arrival time of the next state, or of the next quote after the window: until then nothing changed
 */
type Compared = (localUs: number, agreement: Agreement, sinceUs: number, untilUs: number) => void;

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
  private readonly window: ComparedWindow;
  private readonly onCompared: Compared;
  private readonly compare = (row: number): Agreement => this.compareWith(row);
  /** The state before. */
  private lastBid = Number.NaN;
  private lastAsk = Number.NaN;

  /** @param onCompared - told every state in order, once all quotes of its window have arrived */
  constructor(window: ComparedWindow, onCompared: Compared) {
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
      const agreement = bestAgreement(quotes, localUs, { ...this.window, compare: this.compare });
      const sinceUs = agreement === "unequal" ? this.unequalSince(localUs) : localUs;
      this.copyLast();
      quotes.dropBefore(localUs - windowUs);
      states.first++;
      const nextUs = states.first < states.end ? states.timeUs(states.first) : nowUs;
      // After the last event nobody knows for how long.
      const untilUs = Number.isFinite(nextUs) ? nextUs : localUs;
      this.onCompared(localUs, agreement, sinceUs, untilUs);
    }
  }

  /** How the first state agrees with a quote. */
  private compareWith(row: number): Agreement {
    const { quotes, states } = this;
    const state = states.first;
    const isSame =
      quotes.value(row, 1) === states.value(state, 1) &&
      quotes.value(row, 3) === states.value(state, 3);
    if (!isSame) return "unequal";
    const isAll =
      quotes.value(row, 2) === states.value(state, 2) &&
      quotes.value(row, 4) === states.value(state, 4);
    return isAll ? "all" : "prices";
  }

  private unequalSince(localUs: number): number {
    const { states, quotes } = this;
    let sinceUs = localUs;
    for (let row = quotes.end - 1; row >= quotes.first; row--) {
      if (quotes.timeUs(row) > localUs) continue;
      const bid = quotes.value(row, 1);
      const ask = quotes.value(row, 3);
      const isLast = bid === this.lastBid && ask === this.lastAsk;
      const isThis = bid === states.value(states.first, 1) && ask === states.value(states.first, 3);
      if (isLast || isThis) break;
      sinceUs = quotes.timeUs(row);
    }
    return sinceUs;
  }

  private copyLast(): void {
    this.lastBid = this.states.value(this.states.first, 1);
    this.lastAsk = this.states.value(this.states.first, 3);
  }
}
