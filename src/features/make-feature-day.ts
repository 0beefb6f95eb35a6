// The features of one day: kept, joined with other verdicts, or computed.
import { isDeepStrictEqual } from "node:util";
import { DataError, WorkbenchError } from "../core/errors.js";
import { readDerived, wholeDerivedManifest, writeDerived } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { catalogueHash } from "./catalogue.js";
import { computeDay, featureColumns } from "./compute-day.js";
import type { FeaturePartition } from "./compute-features.js";
import type { DayBars, DayBarsJob } from "./day-bars.js";
import type { DaysAhead } from "./days-ahead.js";
import type { EngineState } from "./engine.js";
import { requireSame } from "./engine-settings.js";
import { type FeatureDay, featureDay, neighbour } from "./feature-days.js";
import {
  type DayOrigin,
  dayOrigin,
  type FeatureSettings,
  featuresFolder,
  isMadeFrom,
  rowSource,
  stateFolder,
} from "./feature-partition.js";
import { hourlyVerdicts, type RowVerdict } from "./hourly-verdicts.js";
import { joinedBars } from "./joined-bars.js";
import type { PresentStates } from "./present-states.js";
import { readStoredState, writeStoredState } from "./stored-state.js";
import { countVerdicts } from "./verdict-counts.js";

/** A day's outcome, and how many events were read for it. */
export interface MadeDay {
  readonly partition: FeaturePartition;
  readonly events: number;
}

/** Of a day without features. */
export const NOTHING: Pick<FeaturePartition, "rows" | "verdicts" | "isResumed"> = {
  rows: 0,
  verdicts: countVerdicts([]),
  isResumed: false,
};

/** A day that the store has something of. */
type PresentDay = FeatureDay & { readonly origin: DayOrigin };

/**
 * Makes sure that a day's features and the state at its end are stored.
 *
 * @param one - as it was planned
 * @param ahead - makes its bars
 * @param states - of the days before
 * @throws {DataError} a partition is damaged, or is replaced meanwhile
 */
export async function makeFeatureDay(
  store: Store,
  one: FeatureDay,
  { ahead, states }: { readonly ahead: DaysAhead; readonly states: PresentStates },
): Promise<MadeDay> {
  const present = await asItIsNow(store, one);
  if (present === undefined) {
    return { partition: { ...one.day, status: "absent", ...NOTHING }, events: 0 };
  }
  const { day, settings, job } = present;
  const before = await states.before(day, present.origin);
  const stateOrigin = { ...present.origin, before };
  const verdicts = await hourlyVerdicts(store, day, present.origin.inputs);
  const origin = { ...stateOrigin, continues: job.continues, verdicts: verdicts.source };
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
    : await compute(store, present, before, ahead);
  states.forget(day);
  const endUs = columns["bar_end_us"] as Float64Array;
  const verdict = Array.from(endUs, (timeUs) => verdicts.over(timeUs - settings.barUs, timeUs));
  await writeDerived(store, folder, { ...columns, verdict }, origin);
  const counts = countVerdicts(verdict);
  const written = { status: "written", rows: endUs.length, verdicts: counts, isResumed } as const;
  return { partition: { ...day, ...written }, events };
}

/** The day as it was planned where nothing has changed since, so that its bars may be made already. */
async function asItIsNow(store: Store, planned: FeatureDay): Promise<PresentDay | undefined> {
  if (planned.origin instanceof WorkbenchError) throw planned.origin;
  const now = await featureDay(store, planned.day, planned.settings);
  if (now.origin instanceof WorkbenchError) throw now.origin;
  const isSame =
    isDeepStrictEqual(now.origin, planned.origin) && now.job.continues === planned.job.continues;
  const one = isSame ? planned : now;
  return one.origin === undefined ? undefined : (one as PresentDay);
}

/** Computes a day's columns and stores the state at its end. */
async function compute(
  store: Store,
  { day, settings, origin, job }: PresentDay,
  before: string | null,
  ahead: DaysAhead,
): Promise<{ readonly columns: ReturnType<typeof featureColumns>; readonly events: number }> {
  const engine = before === null ? undefined : await readState(store, job, before);
  const lone = await ahead.take(job);
  const bars = engine === undefined ? lone : await joinedBars(store, job, lone, engine.bars);
  const { rows, state } = computeDay(job, bars, engine?.rows);
  await requireUnreplaced(store, day, settings, origin);
  await writeStoredState(store, day, state, { ...origin, before });
  return {
    columns: featureColumns(rows, rowSource(origin.inputs, settings.bookSource)),
    events: eventsOf(lone),
  };
}

function eventsOf({ counts }: DayBars): number {
  return counts.trades + counts.bookChanges + counts.bookSnapshots;
}

/** State at the end of the day before, which has a hash. */
async function readState(
  store: Store,
  { day, settings }: DayBarsJob,
  hash: string,
): Promise<EngineState> {
  const last = neighbour(day, -1);
  const { state, hash: found } = await readStoredState(store, last, settings.barUs);
  if (found !== hash) throw replaced(last);
  requireSame(state, { catalogue: catalogueHash(), settings });
  return state;
}

/** Features must not be stored under the name of data that they are not made from. */
async function requireUnreplaced(
  store: Store,
  day: SymbolDay,
  settings: FeatureSettings,
  origin: DayOrigin,
): Promise<void> {
  if (!isDeepStrictEqual(await dayOrigin(store, day, settings), origin)) throw replaced(day);
}

function replaced({ exchange, symbol, date }: SymbolDay): DataError {
  return new DataError({
    file: `${exchange} ${symbol} ${date}`,
    message: "was replaced while features were computed",
    fix: "wait until whoever writes to the store is done, then repeat `npx tickbook features`",
  });
}
