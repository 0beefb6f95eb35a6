import { OptionError, WorkbenchError } from "../core/errors.js";
import { MINUTE_US } from "../core/time.js";
import type { BookSource } from "../market/book-source.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import { openDayBarsPool } from "./day-bars-pool.js";
import { DaysAhead } from "./days-ahead.js";
import { daysToMake, type FeatureDay, featureDay } from "./feature-days.js";
import { storedBookSource } from "./feature-partition.js";
import { type MadeDay, makeFeatureDay, NOTHING } from "./make-feature-day.js";
import { PresentStates } from "./present-states.js";
import { staleAfterUs } from "./stale-after.js";
import { sumVerdicts, type VerdictCounts } from "./verdict-counts.js";

/** Whose features to compute. */
export interface FeatureRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
  /** Length of a bar, µs; default one minute. */
  readonly barUs?: number;
  /** Age of the last book event beyond which a book is not valid, µs; default what the settings say of the exchange. */
  readonly staleAfterUs?: number;
  /** Kind of data the book comes from; default the richest that the store has of a symbol on any of the days. */
  readonly bookSource?: BookSource;
  /** Days whose events are worked on at once; default as many as the machine bears. */
  readonly threads?: number;
  /** Told after each day of each symbol. */
  readonly progress?: (done: number, total: number) => void;
  /** Milliseconds, for the rate; default the process's clock. */
  readonly now?: () => number;
}

/** One day of one symbol. */
export interface FeaturePartition extends SymbolDay {
  readonly status: "written" | "kept" | "absent" | "failed";
  readonly rows: number;
  /** Rows of each verdict. */
  readonly verdicts: VerdictCounts;
  /** True when the stream went on from the day before; false where it began here and warms up. */
  readonly isResumed: boolean;
  /** Why it failed, one sentence. */
  readonly reason?: string;
}

/** What a computation did. */
export interface FeatureRun {
  /** Bars of all requested days. */
  readonly rows: number;
  /** How many of them have which verdict of the audit. */
  readonly verdicts: VerdictCounts;
  /** Number of features in each. */
  readonly columns: number;
  /** Trades and rows of the book per second of the days that were computed; 0 when all were kept. */
  readonly eventsPerSecond: number;
  readonly partitions: readonly FeaturePartition[];
}

/**
 * Computes the features of some days and stores them, day after day with the state carried over: consecutive days of a
 * symbol are one stream. A day whose inputs, settings and state before are those its stored features were made from is
 * kept; one whose table was damaged since is computed anew. A stream begins at a day whose day before is not in the store, has
 * other kinds of data (no trades, or no book), or has no features that are up to date.
 *
 * Events become bars on several days at once; the recursions over bars follow in order. The values are those of one stream,
 * bit for bit.
 *
 * Bars run from the first event's to the last event's; where the next day is in the store too, to 24:00.
 *
 * @throws {OptionError} the store has none of the days
 */
export async function computeFeatures(store: Store, request: FeatureRequest): Promise<FeatureRun> {
  const { exchange, symbols, progress, now = () => performance.now() } = request;
  const days = await askedDays(store, request);
  const jobs = await daysToMake(store, days);
  const threads = request.threads === undefined ? {} : { threads: request.threads };
  const pool = openDayBarsPool(store, jobs.length, threads);
  const ahead = new DaysAhead(pool, jobs);
  const states = new Map<string, PresentStates>();
  const partitions: FeaturePartition[] = [];
  let events = 0;
  let milliseconds = 0;
  try {
    for (const one of days) {
      const begin = now();
      const { symbol } = one.day;
      states.set(symbol, states.get(symbol) ?? new PresentStates(store, one.settings));
      const done = await dayOrFailure(store, one, { ahead, states: states.get(symbol)! });
      partitions.push(done.partition);
      events += done.events;
      if (done.events > 0) milliseconds += now() - begin;
      progress?.(partitions.length, days.length);
    }
  } finally {
    await pool.close();
  }
  if (partitions.every(({ status }) => status === "absent")) {
    throw new OptionError({
      message: `the store has no trades and no book of ${exchange} ${symbols.join(",")} on the given days`,
      fix: "bring them in first with `npx tickbook ingest`",
    });
  }
  return {
    rows: partitions.reduce((sum, { rows }) => sum + rows, 0),
    verdicts: sumVerdicts(partitions.map(({ verdicts }) => verdicts)),
    columns: FEATURES.length,
    eventsPerSecond: milliseconds > 0 ? Math.round((1000 * events) / milliseconds) : 0,
    partitions,
  };
}

/** All days of the request, a symbol after the other. */
async function askedDays(store: Store, request: FeatureRequest): Promise<readonly FeatureDay[]> {
  const { exchange, symbols, days, barUs = MINUTE_US } = request;
  const staleUs = request.staleAfterUs ?? staleAfterUs(exchange);
  const asked: FeatureDay[] = [];
  for (const symbol of symbols) {
    const keys = days.map((date) => ({ exchange, symbol, date }));
    const bookSource = request.bookSource ?? (await storedBookSource(store, keys));
    for (const key of keys) {
      asked.push(await featureDay(store, key, { barUs, staleAfterUs: staleUs, bookSource }));
    }
  }
  return asked;
}

/** A day's outcome; what is wrong with its data fails this day only. */
async function dayOrFailure(
  store: Store,
  one: FeatureDay,
  help: { readonly ahead: DaysAhead; readonly states: PresentStates },
): Promise<MadeDay> {
  try {
    return await makeFeatureDay(store, one, help);
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error instanceof OptionError) throw error;
    const outcome = { status: "failed", ...NOTHING, reason: error.message } as const;
    return { partition: { ...one.day, ...outcome }, events: 0 };
  }
}
