import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { DataError, WorkbenchError } from "../../core/errors.js";
import { SIMULATED_EXCHANGE } from "../../core/symbols.js";
import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../../core/time.js";
import { computeFeatures, type FeaturePartition } from "../../features/compute-features.js";
import { folderSource } from "../../ingest/folder-source.js";
import { ingest } from "../../ingest/ingest.js";
import { SYMBOL_SETTINGS } from "../../simulate/settings.js";
import { simulateMarket } from "../../simulate/simulate-market.js";
import { cachedFolder } from "../../store/cached-folder.js";
import { requireIntact } from "../../store/integrity.js";
import { isOfThisWriter } from "../../store/manifest.js";
import { partitionFolder } from "../../store/partition.js";
import { openStore, type Store } from "../../store/store.js";

/** Another market of the same seed has another number. */
const VERSION = 1;

const FIRST_DAY = "2024-01-01";
const TYPES = ["trades", "incremental_book_L2"] as const;

/** Bars of the runs: as people run them; and, where a market is played a thousand times as fast, such that decisions are apart. */
const BARS_US = [MINUTE_US, 5 * MINUTE_US] as const;

/** Where bars are longer, those. */
export const LONG_BAR_US: number = BARS_US[1];

/** A simulated market as files and as a store of its events and features, for one run to write to. */
export interface LiveStore {
  readonly root: string;
  /** The same days as dataset files. */
  readonly mirror: string;
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly barUs: number;
  /** Models are fitted on it, and it comes before what is replayed. */
  readonly dayBefore: string;
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
}

/** Where a market is kept and worked on. */
export interface LivePlace {
  readonly cache: string;
  readonly folder: string;
  readonly seed: number;
}

/**
 * Simulates and ingests some full days, one and those that are replayed, and computes all their features with this version's
 * code. Files and events are kept in the cache, and made anew where they are damaged or another version's.
 *
 * @param size.symbols - how many of the market's, in its own order
 * @param size.days - to replay
 */
export async function liveStore(
  { cache, folder, seed }: LivePlace,
  size: { readonly symbols: number; readonly days: number },
): Promise<LiveStore> {
  const startUs = dayStartUs(FIRST_DAY);
  const dates = Array.from({ length: 1 + size.days }, (_, i) => dateOf(startUs + i * DAY_US));
  const symbols = SYMBOL_SETTINGS.slice(0, size.symbols).map(({ symbol }) => symbol);
  const name = `live-market-v${VERSION}-seed-${seed}-${size.symbols}x${dates.length}`;
  for (;;) {
    const kept = await cachedFolder(cache, name, (to) => fill(to, { symbols, dates, seed }));
    if (await isSound(path.join(kept, "store"), symbols, dates)) {
      const root = path.join(folder, "store");
      await cp(path.join(kept, "store"), root, { recursive: true });
      await addFeatures(root, symbols, dates);
      const mirror = path.join(kept, "mirror");
      const [dayBefore, ...days] = dates;
      const barUs = BARS_US[0];
      const market = { root, mirror, exchange: SIMULATED_EXCHANGE, symbols, barUs };
      return { ...market, dayBefore: dayBefore!, days };
    }
    await rm(kept, { recursive: true, force: true });
  }
}

interface Extent {
  readonly symbols: readonly string[];
  readonly dates: readonly string[];
  readonly seed: number;
}

async function fill(to: string, { symbols, dates, seed }: Extent): Promise<void> {
  const mirror = path.join(to, "mirror");
  const range = { from: FIRST_DAY, to: dateOf(dayStartUs(dates.at(-1)!) + DAY_US) };
  const market = { seed, edge: "strong", hasFaults: false, types: TYPES } as const;
  await simulateMarket(mirror, { symbols, ...range, ...market });
  const store = await openStore(path.join(to, "store"));
  const days = { exchange: SIMULATED_EXCHANGE, symbols, types: TYPES, days: dates };
  const files = await ingest(store, await folderSource(mirror), days);
  await store.close();
  const failed = files.find(({ status }) => status !== "written");
  if (failed === undefined) return;
  throw new WorkbenchError({ message: `${failed.symbol} ${failed.date} was ${failed.status}` });
}

async function addFeatures(
  root: string,
  symbols: readonly string[],
  days: readonly string[],
): Promise<void> {
  const store = await openStore(root);
  const partitions: FeaturePartition[] = [];
  for (const barUs of BARS_US) {
    const request = { exchange: SIMULATED_EXCHANGE, symbols, days, barUs };
    partitions.push(...(await computeFeatures(store, request)).partitions);
  }
  await store.close();
  const failed = partitions.find(({ status }) => status !== "written");
  if (failed === undefined) return;
  throw new WorkbenchError({ message: `${failed.symbol} ${failed.date}: ${failed.reason}` });
}

async function isSound(
  root: string,
  symbols: readonly string[],
  dates: readonly string[],
): Promise<boolean> {
  const store = await openStore(root);
  try {
    for (const symbol of symbols) for (const date of dates) await requireSound(store, symbol, date);
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  } finally {
    await store.close();
  }
}

async function requireSound(store: Store, symbol: string, date: string): Promise<void> {
  for (const type of TYPES) {
    const folder = partitionFolder({ exchange: SIMULATED_EXCHANGE, symbol, date, type });
    const manifest = await requireIntact(store, folder);
    if (!isOfThisWriter(manifest)) throw new DataError({ message: "is another version's" });
  }
}
