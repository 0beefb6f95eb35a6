import { lstat } from "node:fs/promises";

/**
 * Tells a partition's folder from any other that takes its place: every one is written anew and renamed there whole.
 *
 * @param folder - absolute path
 * @returns the same text as long as the folder is the same and no file of it comes or goes; `absent` where there is none
 */
export async function folderStamp(folder: string): Promise<string> {
  const found = await lstat(folder, { bigint: true }).catch(() => undefined);
  return found === undefined ? "absent" : `${found.ino} ${found.mtimeNs}`;
}

/** The same, but another text also when the folder was taken away and put back in between. */
export async function placeStamp(folder: string): Promise<string> {
  const found = await lstat(folder, { bigint: true }).catch(() => undefined);
  return found === undefined ? "absent" : `${found.ino} ${found.mtimeNs} ${found.ctimeNs}`;
}
