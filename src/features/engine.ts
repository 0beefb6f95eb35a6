// The one path from events to features: the batch run and the runtime drive this same engine.

import { DataError, OptionError } from "../core/errors.js";
import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import { DAY_US, MINUTE_US } from "../core/time.js";
import { BarClock } from "../market/bar-clock.js";
import type { Contract } from "../market/contract.js";
import {
  type BookSource,
  OrderBook,
  type OrderBookState,
  STALE_AFTER_US,
} from "../market/order-book.js";
import type { MarketListener } from "../market/replay.js";
import { BarInputs } from "./bar-inputs.js";
import type { Candle } from "./bar-trades.js";
import { catalogueHash, FEATURES, NO_BOOK_BIT, NO_TRADE_BIT } from "./catalogue.js";
import type { Accumulator } from "./feature.js";

/** Settings of an engine; two engines with equal settings and events give equal bits. */
export interface EngineSettings {
  /** Length of a bar, µs; a day holds a whole number of them. Default one minute. */
  readonly barUs?: number;
  /** Age of the last book event beyond which a book is not valid, µs. Default 60 s. */
  readonly staleAfterUs?: number;
  /** How amounts become money. Default linear. */
  readonly contract?: Contract;
  /** Kind of data the book comes from. Default incremental_book_L2. */
  readonly bookSource?: BookSource;
}

/** The features of one bar. */
export interface FeatureRow {
  /** t: the row is what was known then, and not a moment later. */
  readonly barEndUs: number;
  /** Mid of the book in force at t; NaN when there is no valid book. */
  readonly mid: number;
  /** Values in the order of `FEATURES`. */
  readonly values: Float64Array;
  /** Bit i − 1: feature number i is valid; bit 53: no trade in the bar; bit 54: no valid book at t. */
  readonly valid: bigint;
}

/** An engine's whole state as plain JSON. */
export interface EngineState {
  readonly catalogue: string;
  readonly settings: Required<EngineSettings>;
  readonly barEndUs: number | null;
  readonly book: OrderBookState;
  readonly lastClose: string;
  readonly bar: { readonly trades: string; readonly book: string };
  /** By feature name: the value and the parts of its accumulator. */
  readonly features: Readonly<Record<string, readonly string[]>>;
}

/** An engine at work. Give its `book` to the replay that drives it. */
export interface FeatureEngine extends MarketListener {
  /** The book whose states the engine is told; it reads it at the end of each bar. */
  readonly book: OrderBook;
  /** Same as `advance`: a replay calls it before anything of a new arrival time is applied. */
  onTime(localUs: number): void;
  /** Takes a candle that begins at a time and lies within one bar, in place of trades; never mix the two in one engine. */
  onCandle(startUs: number, candle: Candle): void;
  /** Closes every bar that ended at or before a time. Events of an earlier arrival time must have been told before. */
  advance(timeUs: number): void;
  /** Ends the stream: the bar of the last event is closed as if its end had come. */
  finish(): void;
  /** State between two arrival times. */
  save(): EngineState;
  /** Takes over a saved state; from then on every value has the bits it would have had without the cut. */
  restore(state: EngineState): void;
}

/**
 * Begins an engine.
 *
 * @param emit - called with the features of each bar when it closes, in order
 * @throws {OptionError} a bar length that does not divide a day
 */
export function createFeatureEngine(
  emit: (row: FeatureRow) => void,
  {
    barUs = MINUTE_US,
    staleAfterUs = STALE_AFTER_US,
    contract = "linear",
    bookSource = "incremental_book_L2",
  }: EngineSettings = {},
): FeatureEngine {
  requireBar(barUs);
  const settings = { barUs, staleAfterUs, contract, bookSource };
  const book = new OrderBook(bookSource);
  const clock = new BarClock(barUs);
  const inputs = new BarInputs(settings);
  const accumulators = FEATURES.map((feature) => feature.create());
  let lastClose = Number.NaN;

  const close = (endUs: number): void => {
    const bar = inputs.close(endUs, book, lastClose);
    lastClose = bar.close;
    for (const accumulator of accumulators) accumulator.update(bar);
    emit(featureRow(endUs, bar.mid, bar.tradeCount !== 0, accumulators));
  };
  const advance = (timeUs: number): void => clock.advance(timeUs, close);

  return {
    book,
    advance,
    onTime: advance,
    onTrade: (localUs, _exchangeUs, side, price, amount) =>
      inputs.onTrade(localUs, side, price, amount),
    onBook: (localUs) => inputs.onBook(localUs, book),
    onCandle: (startUs, candle) => {
      advance(startUs);
      inputs.onCandle(candle);
    },
    finish: () => clock.finish(close),
    save: () => {
      const { trades, book: barBook } = inputs.save();
      return {
        catalogue: catalogueHash(),
        settings,
        barEndUs: clock.save(),
        book: book.save(),
        lastClose: numbersToText([lastClose]),
        bar: { trades: numbersToText(trades), book: numbersToText(barBook) },
        features: Object.fromEntries(
          FEATURES.map(({ name }, i) => [name, accumulators[i]!.save().map(numbersToText)]),
        ),
      };
    },
    restore: (state) => {
      requireSame(state, settings);
      clock.restore(state.barEndUs);
      book.restore(state.book);
      inputs.restore({
        trades: textToNumbers(state.bar.trades),
        book: textToNumbers(state.bar.book),
      });
      lastClose = textToNumbers(state.lastClose)[0]!;
      FEATURES.forEach(({ name }, i) => {
        accumulators[i]!.restore(state.features[name]!.map(textToNumbers));
      });
    },
  };
}

/**
 * Checks the length of a bar.
 *
 * @returns the length
 * @throws {OptionError} it does not divide a day into whole bars of at least a second
 */
export function requireBar(barUs: number): number {
  if (barUs >= 1e6 && DAY_US % barUs === 0) return barUs;
  throw new OptionError({
    column: "--bar",
    message: `was ${barUs / 1e6} seconds, which does not divide a day into whole bars`,
    fix: "use for example 1m, 5m or 1h",
  });
}

function featureRow(
  barEndUs: number,
  mid: number,
  hasTrade: boolean,
  accumulators: readonly Accumulator[],
): FeatureRow {
  const values = new Float64Array(FEATURES.length);
  let valid = 0n;
  accumulators.forEach((accumulator, i) => {
    const value = accumulator.value();
    values[i] = value;
    if (!Number.isNaN(value)) valid |= 1n << BigInt(FEATURES[i]!.number - 1);
  });
  if (!hasTrade) valid |= 1n << BigInt(NO_TRADE_BIT);
  if (Number.isNaN(mid)) valid |= 1n << BigInt(NO_BOOK_BIT);
  return { barEndUs, mid, values, valid };
}

function requireSame(state: EngineState, settings: Required<EngineSettings>): void {
  const isSame =
    state.catalogue === catalogueHash() &&
    Object.entries(settings).every(
      ([name, value]) => state.settings[name as keyof EngineSettings] === value,
    );
  if (isSame) return;
  throw new DataError({
    message: "the saved state was of another feature catalogue or other settings",
    fix: "compute the features from an earlier day on, without that state",
  });
}
