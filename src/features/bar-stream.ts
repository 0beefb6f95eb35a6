// First tier: events become one Bar for each bar. No recursion over bars happens here, so days can be worked on apart.
import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import { BarClock } from "../market/bar-clock.js";
import { type Book, newBook } from "../market/book.js";
import type { BookState } from "../market/book-view.js";
import type { MarketListener } from "../market/market-stream.js";
import { type OpenBar, PARTS } from "./bar.js";
import { BarInputs } from "./bar-inputs.js";
import type { Candle } from "./bar-trades.js";
import type { EngineSettings } from "./engine-settings.js";

/** State of a stream of bars between two arrival times, as plain JSON. */
export interface BarStreamState {
  readonly clock: string;
  readonly trades: string;
  readonly orders: string;
  readonly parts: string;
  readonly barBook: string;
  readonly book: BookState;
}

/** Turns events in arrival order into bars. Give its `book` to the replay that drives it. */
export class BarStream implements MarketListener {
  /** The book whose states the stream is told; it is read at the end of each bar. */
  readonly book: Book;
  private readonly clock: BarClock;
  private readonly inputs: BarInputs;
  private readonly close: (endUs: number) => void;
  private readonly endPart: (endUs: number) => void;

  /** @param emit - called with each bar when it closes, in order; the bar is filled anew for the next one */
  constructor(emit: (bar: OpenBar) => void, settings: Required<EngineSettings>) {
    this.book = newBook(settings.bookSource);
    this.clock = new BarClock(settings.barUs, PARTS);
    this.inputs = new BarInputs(settings);
    this.close = (endUs) => emit(this.inputs.close(endUs, this.book));
    this.endPart = (endUs) => this.inputs.endPart(endUs, this.book);
  }

  /** Closes every bar that ended at or before a time. Events of an earlier arrival time must have been told before. */
  advance(timeUs: number): void {
    this.clock.advance(timeUs, this.close, this.endPart);
  }

  /** Same as `advance`: a replay calls it before anything of a new arrival time is applied. */
  onTime(localUs: number): void {
    this.clock.advance(localUs, this.close, this.endPart);
  }

  onTrade(localUs: number, exchangeUs: number, side: number, price: number, amount: number): void {
    this.inputs.onTrade(localUs, exchangeUs, side, price, amount);
  }

  onBook(localUs: number): void {
    this.inputs.onBook(localUs, this.book);
  }

  /** Takes a candle that begins at a time and lies within one bar, in place of trades; never mix the two in one stream. */
  onCandle(startUs: number, candle: Candle): void {
    this.advance(startUs);
    this.inputs.onCandle(candle);
  }

  /** Ends the stream: the bar of the last event is closed as if its end had come. */
  finish(): void {
    this.clock.finish(this.close, this.endPart);
  }

  /** State between two arrival times. */
  save(): BarStreamState {
    const { trades, orders, parts, book } = this.inputs.save();
    return {
      clock: numbersToText(this.clock.save()),
      trades: numbersToText(trades),
      orders: numbersToText(orders),
      parts: numbersToText(parts),
      barBook: numbersToText(book),
      book: this.book.save(),
    };
  }

  /** Takes over a saved state; from then on every bar has the bits it would have had without the cut. */
  restore(state: BarStreamState): void {
    this.clock.restore(textToNumbers(state.clock));
    this.inputs.restore({
      trades: textToNumbers(state.trades),
      orders: textToNumbers(state.orders),
      parts: textToNumbers(state.parts),
      book: textToNumbers(state.barBook),
    });
    this.book.restore(state.book);
  }
}
