import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { unreadable } from "./unreadable.js";

/**
 * What a folder of the store holds, in order of names; nothing where there is no such folder.
 *
 * @param parent - below the root, with forward slashes
 * @throws {UnreadableError} it is there and cannot be read: what it holds must not pass for nothing
 */
export async function entriesIn(root: string, parent: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(path.join(root, ...parent.split("/")), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) return [];
    const fix = "let this user read the folder, or give another store with --data";
    throw unreadable(parent === "" ? root : parent, error, { fix });
  }
}
