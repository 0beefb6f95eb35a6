import type { Store } from "../store.js";
import { type TableFolder, tableFolders } from "../table-folders.js";
import { parseBucketAddress } from "./bucket-address.js";
import { listedTables } from "./listed-tables.js";
import { moveAll } from "./move-all.js";
import { S3Bucket } from "./s3-bucket.js";
import { manifestName } from "./side.js";
import type { SyncOptions } from "./sync-options.js";
import { syncTable } from "./sync-table.js";
import type { SyncedTable } from "./synced-table.js";

/**
 * Moves tables between a store and a place in an S3 bucket. Both sides are compared by the hashes of their manifests, and
 * only what differs is moved; nothing is ever removed. Files are checked by SHA-256 where they arrive; a manifest is
 * written last, and only if nobody else wrote one since: a run that dies leaves whole tables, and the next one goes on.
 *
 * @param url - `s3://bucket/prefix`; endpoint, region and credentials come from the AWS SDK's environment and profile
 * @returns the source's tables that the filter takes, by folder
 * @throws {OptionError} the bucket cannot be used so, or the store cannot be written to
 */
export async function syncStore(
  store: Store,
  url: string,
  options: SyncOptions,
): Promise<readonly SyncedTable[]> {
  const bucket = new S3Bucket(parseBucketAddress(url), options.limits);
  try {
    const listed = await listedTables(bucket, options.filter ?? {});
    const tables =
      options.direction === "push"
        ? await tableFolders(store, options.filter)
        : [...listed.values()]
            .filter(({ table, objects }) => objects.has(manifestName(table.folder)))
            .map(({ table }) => table)
            .sort((a, b) => (a.folder < b.folder ? -1 : 1));
    const move = (table: TableFolder): Promise<SyncedTable> => {
      const objects = listed.get(table.folder)?.objects ?? new Map();
      return syncTable({ store, bucket }, table, objects, options);
    };
    return await moveAll(tables, move, options.onProgress ?? (() => undefined));
  } finally {
    bucket.close();
  }
}
