// What does the store have of a day, and is it whole?
import { DataError } from "../core/errors.js";
import { requireInside } from "../store/inside.js";
import { intactManifest } from "../store/integrity.js";
import type { Manifest, TickManifest } from "../store/manifest.js";
import { partitionFolder } from "../store/partition.js";
import type { Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { UnreadableError } from "../store/unreadable.js";

/** What the store has of a day; nothing, where it has neither. */
export interface Stored<Kept> {
  /** What need not be brought in. */
  readonly kept?: Kept;
  /** Why it is to be written anew. What is damaged and has no successor has failed: it is not absent. */
  readonly damage?: DataError;
}

/** How stored partitions are looked at. */
interface Thoroughness {
  /** Hash the partition's files again, not only look at their sizes. */
  readonly verify?: boolean;
}

/**
 * Looks up a partition.
 *
 * @param folder - below the store's root
 * @param read - takes what is needed from its manifest; fails with a `DataError` when it is another table's
 * @throws {DataError} a newer version wrote it, or it cannot be read: it must not be overwritten; or its place is a link
 */
export async function lookUpStored<Kept>(
  store: Store,
  folder: string,
  read: (manifest: Manifest) => Kept,
  { verify = false }: Thoroughness = {},
): Promise<Stored<Kept>> {
  await requireInside(store.root, folder);
  const how = verify ? { again: true } : { sizesOnly: true };
  try {
    const manifest = await intactManifest(store, folder, how);
    return manifest === undefined ? {} : { kept: read(manifest) };
  } catch (error) {
    const isUnknown = error instanceof UnreadableError;
    if (!(error instanceof DataError) || isUnknown || error.place.column === "format") throw error;
    return { damage: error };
  }
}

/**
 * Looks up the partition of a vendor's file or of a replay.
 *
 * @throws {DataError} a newer version wrote it, which must not be overwritten
 */
export async function storedTicks(
  store: Store,
  key: PartitionKey,
  options: Thoroughness = {},
): Promise<Stored<TickManifest>> {
  // Below `lake` there is no manifest of another kind.
  return lookUpStored(store, partitionFolder(key), (manifest) => manifest as TickManifest, options);
}
