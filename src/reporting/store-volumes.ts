// How much is there of each stream and day, before and after?
import { listPartitions } from "../store/list.js";
import { PARQUET_FILE } from "../store/partition.js";
import type { Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import type { MarketRange } from "./store-summary.js";

/** Rows and bytes of one stored partition. */
export interface StoredVolume extends PartitionKey {
  readonly rows: number;
  /** Rows that broke a rule and were set aside. */
  readonly rejected: number;
  /** Bytes of the vendor's csv.gz. */
  readonly gzipBytes: number;
  readonly parquetBytes: number;
}

/**
 * Rows and bytes of each stored partition, as the manifests say.
 *
 * @throws {DataError} a manifest cannot be read
 */
export async function storedVolumes(
  store: Store,
  { exchange, symbols, days }: MarketRange,
): Promise<readonly StoredVolume[]> {
  const partitions = await listPartitions(store, { exchange, symbols });
  return partitions
    .filter(({ key }) => days.includes(key.date))
    .map(({ key, manifest }) => ({
      ...key,
      rows: manifest.rows,
      rejected: Object.values(manifest.rejected).reduce((sum, count) => sum + count, 0),
      gzipBytes: manifest.source.bytes,
      parquetBytes: manifest.files[PARQUET_FILE]?.bytes ?? 0,
    }));
}
