import { lstat } from "node:fs/promises";

/**
 * Tells a partition's folder from any other that takes its place: every one is written anew and renamed there whole.
 *
 * @param folder - absolute path
 * @returns the same text as long as the folder is the same and no file of it comes or goes; `absent` where there is none
 */
export async function folderStamp(folder: string): Promise<string> {
  try {
    const { ino, mtimeNs } = await lstat(folder, { bigint: true });
    return `${ino} ${mtimeNs}`;
  } catch {
    return "absent";
  }
}
