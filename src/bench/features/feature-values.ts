import { FEATURES } from "../../features/catalogue.js";
import { computeFeatures } from "../../features/compute-features.js";
import { createFeatureEngine } from "../../features/engine.js";
import { featuresFolder } from "../../features/feature-partition.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { Replay } from "../../market/replay.js";
import { readDerived } from "../../store/derived.js";
import type { Store } from "../../store/store.js";
import { eventsOfDay, LAW_DAYS, LAW_SETTINGS } from "./law-market.js";
import { MADE_SYMBOL } from "./made-store.js";
import type { MadeMarket } from "./open-block.js";
import { storeEvents } from "./store-events.js";

/** Values of all features at the ends of bars. */
export interface FeatureValues {
  readonly barEndUs: Float64Array;
  /** In the order of the catalogue. */
  readonly columns: readonly Float64Array[];
}

/** Values of one engine that is told a market by a replay, which has all of it at hand. */
export async function replayedValues({ trades, bookChanges }: MadeMarket): Promise<FeatureValues> {
  const rows: FeatureRow[] = [];
  const engine = createFeatureEngine((row) => rows.push(row), LAW_SETTINGS);
  const replay = new Replay(engine, { book: engine.book });
  await replay.run({ trades: [trades], bookChanges: [bookChanges] });
  replay.finish();
  engine.finish();
  return valuesOf(rows);
}

/**
 * Values as the store has them, of days that were computed by two threads.
 *
 * @param store - an empty one
 */
export async function storedValues(store: Store, market: MadeMarket): Promise<FeatureValues> {
  for (const day of LAW_DAYS) await storeEvents(store, day, [eventsOfDay(market, day)]);
  const { exchange, symbol } = MADE_SYMBOL;
  const days = LAW_DAYS.map(({ date }) => date);
  const request = { exchange, symbols: [symbol], days, ...LAW_SETTINGS, threads: 2 };
  const { partitions } = await computeFeatures(store, request);
  const failed = partitions.find(({ status }) => status !== "written");
  if (failed !== undefined)
    throw new Error(`${failed.date} was ${failed.status}: ${failed.reason}`);
  const tables: Readonly<Record<string, Float64Array>>[] = [];
  for (const day of LAW_DAYS) {
    const folder = featuresFolder(day, LAW_SETTINGS.barUs);
    const { columns } = await readDerived(store, folder);
    tables.push(columns as Readonly<Record<string, Float64Array>>);
  }
  const joined = (name: string): Float64Array =>
    Float64Array.from(tables.flatMap((table) => [...table[name]!]));
  return { barEndUs: joined("bar_end_us"), columns: FEATURES.map(({ name }) => joined(name)) };
}

/** Rows as columns. */
export function valuesOf(rows: readonly FeatureRow[]): FeatureValues {
  return {
    barEndUs: Float64Array.from(rows, ({ barEndUs }) => barEndUs),
    columns: FEATURES.map((_, i) => Float64Array.from(rows, ({ values }) => values[i]!)),
  };
}
