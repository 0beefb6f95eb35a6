import { OptionError, WorkbenchError } from "../core/errors.js";
import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../core/time.js";
import { STALE_AFTER_US } from "../market/order-book.js";
import {
  readDerived,
  readDerivedManifest,
  wholeDerivedManifest,
  writeDerived,
} from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import { computeDay, featureColumns } from "./compute-day.js";
import type { EngineState } from "./engine.js";
import {
  type DayOrigin,
  dayOrigin,
  type FeatureSettings,
  featuresFolder,
  isMadeFrom,
  stateFolder,
  tableHash,
} from "./feature-partition.js";
import { hourlyVerdicts, type RowVerdict } from "./hourly-verdicts.js";
import { countVerdicts, sumVerdicts, type VerdictCounts } from "./verdict-counts.js";

/** Whose features to compute. */
export interface FeatureRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
  /** Length of a bar, µs; default one minute. */
  readonly barUs?: number;
  /** Age of the last book event beyond which a book is not valid, µs; default 60 s. */
  readonly staleAfterUs?: number;
  /** Told after each day of each symbol. */
  readonly progress?: (done: number, total: number) => void;
  /** Milliseconds, for the rate; default the process's clock. */
  readonly now?: () => number;
}

/** One day of one symbol. */
interface FeaturePartition extends SymbolDay {
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
  /** Trades and book changes per second of the days that were computed; 0 when all were kept. */
  readonly eventsPerSecond: number;
  readonly partitions: readonly FeaturePartition[];
}

/** What the work on a day needs. */
interface DayJob {
  readonly store: Store;
  readonly day: SymbolDay;
  readonly settings: FeatureSettings;
}

/**
 * Computes the features of some days and stores them, day after day with the state carried over: consecutive days of a
 * symbol are one stream. A day whose inputs, settings and state before are those its stored features were made from is
 * kept; one whose table was damaged since is computed anew. A stream begins at a day whose day before is not in the store, or has no features that are up to date.
 *
 * Bars run from the first event's to the last event's; where the next day is in the store too, to 24:00.
 *
 * @throws {OptionError} the store has none of the days
 */
export async function computeFeatures(store: Store, request: FeatureRequest): Promise<FeatureRun> {
  const { exchange, symbols, days, progress, now = () => performance.now() } = request;
  const { barUs = MINUTE_US, staleAfterUs = STALE_AFTER_US } = request;
  const settings = { barUs, staleAfterUs };
  const partitions: FeaturePartition[] = [];
  let events = 0;
  let milliseconds = 0;
  for (const symbol of symbols) {
    for (const date of days) {
      const begin = now();
      const done = await dayOrFailure({ store, day: { exchange, symbol, date }, settings });
      partitions.push(done.partition);
      events += done.events;
      if (done.events > 0) milliseconds += now() - begin;
      progress?.(partitions.length, symbols.length * days.length);
    }
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

/** A day's outcome; what is wrong with its data fails this day only. */
async function dayOrFailure(
  job: DayJob,
): Promise<{ readonly partition: FeaturePartition; readonly events: number }> {
  try {
    return await makeDay(job);
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error instanceof OptionError) throw error;
    const outcome = { status: "failed", ...NOTHING, reason: error.message } as const;
    return { partition: { ...job.day, ...outcome }, events: 0 };
  }
}

async function makeDay(
  job: DayJob,
): Promise<{ readonly partition: FeaturePartition; readonly events: number }> {
  const { store, day, settings } = job;
  const inputs = await dayOrigin(store, day, settings);
  if (inputs === undefined) {
    return { partition: { ...day, status: "absent", ...NOTHING }, events: 0 };
  }
  const before = await stateBefore(job);
  const continues = (await dayOrigin(store, neighbour(day, 1), settings)) !== undefined;
  const verdicts = await hourlyVerdicts(store, day, inputs.inputs);
  const stateOrigin = { ...inputs, before };
  const origin = { ...stateOrigin, continues, verdicts: verdicts.source };
  const folder = featuresFolder(day, settings.barUs);
  const stored = await wholeDerivedManifest(store, folder);
  const state = await wholeDerivedManifest(store, stateFolder(day, settings.barUs));
  const isResumed = before !== null;
  const isComputed =
    isMadeFrom(stored, origin, { except: ["verdicts"] }) && isMadeFrom(state, stateOrigin);
  if (isComputed && isMadeFrom(stored, origin)) {
    const { columns } = await readDerived(store, folder, ["verdict"]);
    const counts = countVerdicts(columns["verdict"] as readonly RowVerdict[]);
    const kept = { status: "kept", rows: stored!.rows, verdicts: counts, isResumed } as const;
    return { partition: { ...day, ...kept }, events: 0 };
  }
  const { columns, events } = isComputed
    ? { columns: (await readDerived(store, folder)).columns, events: 0 }
    : await compute(job, { inputs, before, continues });
  const endUs = columns["bar_end_us"] as Float64Array;
  const verdict = Array.from(endUs, (timeUs) => verdicts.over(timeUs - settings.barUs, timeUs));
  await writeDerived(store, folder, { ...columns, verdict }, origin);
  const written = {
    status: "written",
    rows: endUs.length,
    verdicts: countVerdicts(verdict),
  } as const;
  return { partition: { ...day, ...written, isResumed }, events };
}

/** Of a day without features. */
const NOTHING = { rows: 0, verdicts: countVerdicts([]), isResumed: false } as const;

/** Computes a day's columns and stores the state at its end. */
async function compute(
  { store, day, settings }: DayJob,
  from: {
    readonly inputs: DayOrigin;
    readonly before: string | null;
    readonly continues: boolean;
  },
): Promise<{ readonly columns: ReturnType<typeof featureColumns>; readonly events: number }> {
  const { rows, state, counts } = await computeDay(store, day, {
    ...settings,
    inputs: from.inputs.inputs,
    before: from.before === null ? undefined : await readState(store, neighbour(day, -1), settings),
    continues: from.continues,
  });
  const origin = { ...from.inputs, before: from.before };
  const text = { state: [JSON.stringify(state)] };
  await writeDerived(store, stateFolder(day, settings.barUs), text, origin);
  const hasBook = from.inputs.inputs.incremental_book_L2 !== null;
  return {
    columns: featureColumns(rows, hasBook ? "incremental_book_L2" : "trades"),
    events: counts.trades + counts.bookChanges,
  };
}

/** Hash of the state at the end of the day before, when it was made from what the store holds now; else null. */
async function stateBefore({ store, day, settings }: DayJob): Promise<string | null> {
  const before = neighbour(day, -1);
  const inputs = await dayOrigin(store, before, settings);
  if (inputs === undefined) return null;
  const folder = stateFolder(before, settings.barUs);
  const manifest = await readDerivedManifest(store, folder);
  if (!isMadeFrom(manifest, inputs, { except: ["before"] })) return null;
  return tableHash(store, folder);
}

async function readState(
  store: Store,
  day: SymbolDay,
  { barUs }: FeatureSettings,
): Promise<EngineState> {
  const { columns } = await readDerived(store, stateFolder(day, barUs), ["state"]);
  return JSON.parse((columns["state"] as readonly string[])[0]!) as EngineState;
}

function neighbour(day: SymbolDay, days: 1 | -1): SymbolDay {
  return { ...day, date: dateOf(dayStartUs(day.date) + days * DAY_US) };
}
