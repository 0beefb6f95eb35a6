import type { TickManifest } from "../store/manifest.js";
import type { Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { commitTicks } from "../store/write.js";
import { callersThread, type FilePool } from "./file-pool.js";

/** A vendor file on this machine and what its partition is told about it. */
export interface VendorFile {
  readonly file: string;
  /** Share of bad rows above which the file fails. */
  readonly maxRejectedShare: number;
}

/**
 * Turns one csv.gz into its partition: inflate, check every byte and row, encode, commit.
 *
 * @throws {DataError} the file is damaged, its header is not the vendor's, or too many rows break a rule; nothing is stored
 * @throws {OptionError} the store cannot be written to
 */
export function ingestFile(
  store: Store,
  key: PartitionKey,
  file: VendorFile,
  pool: FilePool = callersThread,
): Promise<TickManifest> {
  return commitTicks(store, key, (folder) => pool.run({ ...file, key, folder }));
}
