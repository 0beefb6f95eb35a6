import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { DataError } from "../core/errors.js";
import type { Store } from "./store.js";

/**
 * What a folder of the store holds, in order of names; nothing where there is no such folder.
 *
 * @param parent - below the root, with forward slashes
 * @throws {DataError} it is there and cannot be read: what it holds must not pass for nothing
 */
export async function entriesIn(store: Store, parent: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(store.path(parent), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) return [];
    throw new DataError({
      file: parent === "" ? store.root : parent,
      message: `could not be read (${code})`,
      fix: "let this user read the folder, or give another store with --data",
    });
  }
}
