import type { Store } from "../store.js";
import type { TableFolder } from "../table-folders.js";
import { decide } from "./decide.js";
import { pullTable, pushTable } from "./move-table.js";
import type { S3Bucket } from "./s3-bucket.js";
import { type BucketPlace, bucketSide, storeSide, verifiedSide } from "./side.js";
import type { SyncOptions } from "./sync-options.js";
import { type SyncedTable, syncedTable } from "./synced-table.js";

/**
 * Looks at both sides of a table, decides, and moves it where that is what is to be done.
 *
 * @param objects - what was listed in its place in the bucket
 * @throws {DataError} it cannot be moved
 * @throws {OptionError} the bucket cannot be used so
 */
export async function syncTable(
  { store, bucket }: { readonly store: Store; readonly bucket: S3Bucket },
  table: TableFolder,
  objects: BucketPlace["objects"],
  { direction, overwrite = false, verify = false, dryRun = false }: SyncOptions,
): Promise<SyncedTable> {
  const { folder } = table;
  const place = { folder, objects };
  const isPush = direction === "push";
  const here = await storeSide(store, folder, { verify });
  // A tag proves no more than that the bucket says so.
  const known = here.state === "whole" && !verify ? here.manifest : undefined;
  let there = await bucketSide(bucket, place, known);
  const judge = (): ReturnType<typeof decide> =>
    isPush ? decide(here, there, { overwrite }) : decide(there, here, { overwrite });
  // What is moved is hashed on its way.
  if (verify && judge().action === "keep") there = await verifiedSide(bucket, folder, there);
  const { action, reason } = judge();
  const source = isPush ? here : there;
  const result = syncedTable(table, source, action);
  const told = reason === undefined ? result : { ...result, reason };
  const isMoved = action === "copy" || action === "mend" || action === "replace";
  if (source.state !== "whole" || dryRun || !isMoved) return told;
  const { manifest } = source;
  const isDone = isPush
    ? await pushTable(store, bucket, { ...place, manifest, seen: there.etag })
    : await pullTable(store, bucket, { folder, manifest, mayReplace: action !== "copy" });
  if (isDone) return told;
  return { ...result, status: "conflict", reason: "was changed by somebody else meanwhile" };
}
