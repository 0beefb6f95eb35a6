// The features of bars, computed again from the events that had arrived when each bar ended.
import { isDeepStrictEqual } from "node:util";
import { WorkbenchError } from "../../../core/errors.js";
import type { DayBarsJob } from "../../../features/day-bars.js";
import { createFeatureEngine } from "../../../features/engine.js";
import { featureDay, neighbour } from "../../../features/feature-days.js";
import {
  type FeatureSettings,
  featuresFolder,
  stateFolder,
  tableHash,
} from "../../../features/feature-partition.js";
import type { FeatureRow } from "../../../features/feature-rows.js";
import { readStoredState } from "../../../features/stored-state.js";
import { bookEvents } from "../../../market/book-events.js";
import { Replay } from "../../../market/replay.js";
import { readDerivedManifest } from "../../../store/derived.js";
import { readTrades, type SymbolDay } from "../../../store/read.js";
import type { Store } from "../../../store/store.js";
import { CutEvents } from "./cut-events.js";

/** What a day's stored features were made from, all of it still in the store. */
export interface DayOfEvents {
  readonly job: DayBarsJob;
  /** Whether its stream goes on from the stored state at the end of the day before. */
  readonly goesOn: boolean;
}

/**
 * Looks up the events and the state that a day's stored features were made from.
 *
 * @returns undefined where the store has no features of the day, or no longer what they were made from
 * @throws {DataError} a manifest cannot be read
 */
export async function dayOfEvents(
  store: Store,
  day: SymbolDay,
  barUs: number,
): Promise<DayOfEvents | undefined> {
  const manifest = await readDerivedManifest(store, featuresFolder(day, barUs));
  if (manifest === undefined) return undefined;
  const { bookSource, staleAfterUs, inputs, before = null } = manifest.origin;
  const settings = { barUs, bookSource, staleAfterUs } as FeatureSettings;
  const { origin, job } = await featureDay(store, day, settings);
  if (origin instanceof WorkbenchError) throw origin;
  if (origin === undefined || !isDeepStrictEqual(origin.inputs, inputs)) return undefined;
  const state =
    before === null ? null : await tableHash(store, stateFolder(neighbour(day, -1), barUs));
  return state === before ? { job, goesOn: before !== null } : undefined;
}

/** Of a bar that was not there when it ended. */
export const NO_ROW: Omit<FeatureRow, "barEndUs"> = {
  mid: Number.NaN,
  values: new Float64Array(),
  valid: 0n,
};

/**
 * Computes a day's bars again. At each wanted bar's end the engine was told nothing that arrived then or later.
 *
 * @param endsUs - ends of wanted bars of the day, ascending
 * @returns all bars up to the last wanted one, by their ends
 * @throws {DataError} a partition is damaged
 */
export async function eventBars(
  store: Store,
  { job, goesOn }: DayOfEvents,
  endsUs: readonly number[],
): Promise<ReadonlyMap<number, FeatureRow>> {
  const { day, settings, inputs } = job;
  const rows = new Map<number, FeatureRow>();
  const engine = createFeatureEngine((row) => {
    if (!rows.has(row.barEndUs)) rows.set(row.barEndUs, row);
  }, settings);
  if (goesOn) {
    const { state } = await readStoredState(store, neighbour(day, -1), settings.barUs);
    engine.restore(state);
  }
  const isReused = true;
  const hasBook = (inputs[settings.bookSource] ?? null) !== null;
  const events = new CutEvents({
    ...(settings.hasTrades ? { trades: readTrades(store, day, { isReused }) } : {}),
    ...(hasBook ? bookEvents(store, day, settings.bookSource, { isReused }) : {}),
  });
  const replay = new Replay(engine, { book: engine.book });
  try {
    for (const barEndUs of endsUs) {
      await events.tell(replay, barEndUs);
      engine.advance(barEndUs);
      // What is not known by now must not count, even if it comes with the next event.
      if (!rows.has(barEndUs)) rows.set(barEndUs, { barEndUs, ...NO_ROW });
    }
  } finally {
    await events.close();
  }
  return rows;
}
