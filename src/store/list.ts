import { entriesIn } from "./folder-names.js";
import type { TickManifest } from "./manifest.js";
import { partitionKey } from "./partition.js";
import { listSettled, settledManifest } from "./settled.js";
import type { Store } from "./store.js";
import { DATA_TYPES, type DataType, type PartitionKey } from "./tables.js";

/** Which partitions to list; what is left out is not asked. */
export interface PartitionFilter {
  readonly exchange?: string;
  readonly symbols?: readonly string[];
  readonly types?: readonly DataType[];
  /** First day, inclusive. */
  readonly from?: string;
  /** Day after the last. */
  readonly to?: string;
}

/** A partition that exists. */
export interface StoredPartition {
  readonly key: PartitionKey;
  /** Below the store's root. */
  readonly folder: string;
  readonly manifest: TickManifest;
}

/**
 * Partitions of vendor data that exist (their manifest does), by type, exchange, symbol and date.
 *
 * @throws {DataError} a folder or manifest cannot be read, or has an unknown format
 */
export async function listPartitions(
  store: Store,
  filter: PartitionFilter = {},
): Promise<readonly StoredPartition[]> {
  const found: StoredPartition[] = [];
  for (const type of DATA_TYPES) {
    if (filter.types !== undefined && !filter.types.includes(type)) continue;
    for (const folder of await placesBelow(store, `lake/${type}`, 3)) {
      const key = partitionKey(folder);
      if (key === undefined || !matches(key, filter)) continue;
      const manifest = await settledManifest(store, folder);
      if (manifest?.kind === "ticks") found.push({ key, folder, manifest });
    }
  }
  return found;
}

/**
 * Folders below another, in order; one that is just being replaced is among them.
 *
 * @param parent - for example `features/bar=1m/exchange=binance/symbol=BTCUSDT`
 * @param depth - steps from the parent to the folders
 * @throws {DataError} a folder cannot be read
 */
export async function placesBelow(
  store: Store,
  parent: string,
  depth: number,
): Promise<readonly string[]> {
  return listSettled(store, {
    list: () => foldersBelow(store, parent, depth),
    isAsked: (folder) =>
      folder.startsWith(`${parent}/`) &&
      folder.split("/").length === parent.split("/").length + depth,
  });
}

async function foldersBelow(
  store: Store,
  parent: string,
  depth: number,
): Promise<readonly string[]> {
  if (depth === 0) return [parent];
  const below: string[] = [];
  for (const { name } of await entriesIn(store.root, parent)) {
    below.push(...(await foldersBelow(store, `${parent}/${name}`, depth - 1)));
  }
  return below;
}

function matches(key: PartitionKey, { exchange, symbols, from, to }: PartitionFilter): boolean {
  if (exchange !== undefined && key.exchange !== exchange) return false;
  if (symbols !== undefined && !symbols.includes(key.symbol)) return false;
  if (from !== undefined && key.date < from) return false;
  return to === undefined || key.date < to;
}
