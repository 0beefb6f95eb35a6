// The one path from events to features: the batch run and the runtime drive the same two tiers.
import type { Book } from "../market/book.js";
import type { MarketListener } from "../market/market-stream.js";
import { BarStream, type BarStreamState } from "./bar-stream.js";
import type { Candle } from "./bar-trades.js";
import { catalogueHash } from "./catalogue.js";
import {
  completeSettings,
  type EngineSettings,
  requireSame,
  type SavedSettings,
  savedSettings,
} from "./engine-settings.js";
import { type FeatureRow, FeatureRows, type FeatureRowsState } from "./feature-rows.js";

/** An engine's whole state as plain JSON. */
export interface EngineState {
  readonly catalogue: string;
  readonly settings: SavedSettings;
  readonly bars: BarStreamState;
  readonly rows: FeatureRowsState;
}

/** An engine at work. Give its `book` to the replay that drives it. */
export interface FeatureEngine extends MarketListener {
  /** The book whose states the engine is told; it reads it at the end of each bar. */
  readonly book: Book;
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
  options: EngineSettings = {},
): FeatureEngine {
  const settings = completeSettings(options);
  const rows = new FeatureRows(settings.bookSource);
  const bars = new BarStream((bar) => emit(rows.next(bar)), settings);
  return {
    book: bars.book,
    advance: (timeUs) => bars.advance(timeUs),
    onTime: (localUs) => bars.onTime(localUs),
    onTrade: (localUs, exchangeUs, side, price, amount) =>
      bars.onTrade(localUs, exchangeUs, side, price, amount),
    onBook: (localUs) => bars.onBook(localUs),
    onCandle: (startUs, candle) => bars.onCandle(startUs, candle),
    finish: () => bars.finish(),
    save: () => ({
      catalogue: catalogueHash(),
      settings: savedSettings(settings),
      bars: bars.save(),
      rows: rows.save(),
    }),
    restore: (state) => {
      requireSame(state, { catalogue: catalogueHash(), settings });
      bars.restore(state.bars);
      rows.restore(state.rows);
    },
  };
}
