import { statfs } from "node:fs/promises";
import { OptionError } from "../core/errors.js";

/**
 * Checks that the disk of a folder that is there has room before anything is made.
 *
 * @param fix - what to do about it
 * @throws {OptionError} it has less
 */
export async function requireDisk(
  folder: string,
  bytes: number,
  fix = "make room, name another disk with TICKBOOK_CACHE, or give fewer --rows",
): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gib = (size: number): string => `${(size / 2 ** 30).toFixed(1)} GiB`;
  throw new OptionError({
    file: folder,
    message: `has ${gib(bavail * bsize)} free, and ${gib(bytes)} are needed`,
    fix,
  });
}
