// How wide was the spread over the day?
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { quantile } from "../core/statistics.js";
import { STALE_AFTER_US } from "../market/order-book.js";
import type { Store } from "../store/store.js";
import type { DataType, Quotes } from "../store/tables.js";
import { bestQuotes } from "./best-quotes.js";
import { busiestDay, daySpan } from "./look-window.js";
import type { MarketRange } from "./store-summary.js";
import { binStarts, type TimeBins, timeBins } from "./time-bins.js";

/** A symbol's spread in equal stretches of one day. NaN where a stretch has no quote. */
export interface SpreadProfile {
  readonly symbol: string;
  readonly source: DataType;
  readonly bins: TimeBins;
  /** Spread that 5 %, half and 95 % of a stretch's samples lie below, bps of the mid. */
  readonly lowBps: Float64Array;
  readonly medianBps: Float64Array;
  readonly highBps: Float64Array;
  /** Median over all samples of the day, bps. */
  readonly dayMedianBps: number;
  /** Samples with a quote. */
  readonly samples: number;
}

/** Spreads of all symbols on one day; symbols without quotes are named. */
export interface SpreadOverDay {
  readonly date: string;
  readonly profiles: readonly SpreadProfile[];
  readonly missing: readonly string[];
}

/** The spread is looked at this often in each bin, in equal steps: so a state counts for as long as it stood. */
export const SAMPLES_PER_BIN = 60;

/**
 * Spread of each symbol over the busiest day of the first one that has quotes.
 *
 * @returns what is missing where no symbol has quotes or a book
 * @throws {DataError} a partition is damaged
 */
export async function spreadOverDay(
  store: Store,
  range: MarketRange,
): Promise<SpreadOverDay | Shortfall> {
  const day = await busiestDay(store, range, range.symbols[0]!);
  if (!("date" in day)) return day;
  const span = await daySpan(store, range, day.date);
  const profiles: SpreadProfile[] = [];
  for (const symbol of range.symbols) {
    const quotes = await bestQuotes(store, { ...day, symbol });
    if (quotes === undefined || span === undefined) continue;
    const bins = timeBins(span.fromUs, span.toUs);
    profiles.push(await spreadProfile(quotes.batches, { symbol, source: quotes.source, bins }));
  }
  const missing = range.symbols.filter((name) => !profiles.some(({ symbol }) => symbol === name));
  if (profiles.length > 0) return { date: day.date, profiles, missing };
  return shortfall({ step: "draw the spread", what: "quotes or books", has: 0, needs: 1 });
}

/**
 * The spread sampled in equal steps, in bins.
 *
 * @param quotes - in arrival order
 * @param place - whose quotes they are, and the bins; a sample takes the last quote that arrived up to its time, unless
 *   that is older than a minute or a bin, whichever is longer
 */
export async function spreadProfile(
  quotes: AsyncIterable<Quotes> | Iterable<Quotes>,
  place: Pick<SpreadProfile, "symbol" | "source" | "bins">,
): Promise<SpreadProfile> {
  const { bins } = place;
  const spreadBps = await sampleSpreads(quotes, bins);
  const inBin = (i: number): Float64Array =>
    spreadBps.subarray(i * SAMPLES_PER_BIN, (i + 1) * SAMPLES_PER_BIN).filter(Number.isFinite);
  const starts = binStarts(bins);
  const spreadAt = (level: number): Float64Array => starts.map((_, i) => quantile(inBin(i), level));
  const known = spreadBps.filter(Number.isFinite);
  return {
    ...place,
    lowBps: spreadAt(0.05),
    medianBps: spreadAt(0.5),
    highBps: spreadAt(0.95),
    dayMedianBps: quantile(known, 0.5),
    samples: known.length,
  };
}

async function sampleSpreads(
  quotes: AsyncIterable<Quotes> | Iterable<Quotes>,
  { startUs, binUs, count }: TimeBins,
): Promise<Float64Array> {
  const length = count * SAMPLES_PER_BIN;
  const stepUs = binUs / SAMPLES_PER_BIN;
  const staleAfterUs = Math.max(STALE_AFTER_US, binUs);
  const spreadBps = new Float64Array(length).fill(Number.NaN);
  let next = 0;
  let last = { timeUs: Number.NEGATIVE_INFINITY, bid: Number.NaN, ask: Number.NaN };
  const sampleUpTo = (endUs: number): void => {
    for (; next < length && startUs + next * stepUs < endUs; next++) {
      if (startUs + next * stepUs - last.timeUs > staleAfterUs) continue;
      spreadBps[next] = (2e4 * (last.ask - last.bid)) / (last.ask + last.bid);
    }
  };
  for await (const { localTimestampUs, bidPrice, askPrice } of quotes) {
    for (let i = 0; i < localTimestampUs.length; i++) {
      // A quote stands from its own time on: samples before it see the one before.
      sampleUpTo(localTimestampUs[i]!);
      last = { timeUs: localTimestampUs[i]!, bid: bidPrice[i]!, ask: askPrice[i]! };
    }
  }
  // Times are whole µs: the last quote itself is still looked at, nothing after it.
  sampleUpTo(last.timeUs + 1);
  return spreadBps;
}
