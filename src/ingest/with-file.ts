import { DataError } from "../core/errors.js";
import { fingerprintFile } from "../store/fingerprint.js";
import type { PartitionKey } from "../store/tables.js";
import type { Source } from "./source.js";
import { vendorPath } from "./vendor-path.js";

/**
 * Brings a file from its source and works on it. A download that turns out to be damaged is fetched once more; when other
 * bytes come, they are worked on.
 *
 * @param temporary - path that a download may be written to; the caller removes it
 * @param work - fails with a `DataError` about the vendor's path when the file is damaged, having left nothing behind
 * @returns undefined when the source does not have the file
 * @throws {DataError} the file could not be fetched, or was damaged both times
 */
export async function withFile<Result>(
  source: Source,
  key: PartitionKey,
  temporary: string,
  work: (file: string) => Promise<Result>,
): Promise<Result | undefined> {
  const file = await source.fetch(key, temporary);
  if (file === undefined) return undefined;
  try {
    return await work(file);
  } catch (error) {
    // An error about another place, as a full disk, is none of the download's.
    const isDamaged = error instanceof DataError && error.place.file === vendorPath(key);
    if (!isDamaged || source.isLocal) throw error;
    const { sha256 } = await fingerprintFile(file);
    const again = await source.fetch(key, temporary, { again: true });
    if (again === undefined) throw error;
    if ((await fingerprintFile(again)).sha256 !== sha256) return await work(again);
    throw new DataError({
      ...error.place,
      message: `${error.place.message}, and the same bytes came twice`,
      fix: "ask the source for a sound file, or try again later",
    });
  }
}
