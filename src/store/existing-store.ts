import { readdir } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../core/errors.js";
import { openStore, type Store } from "./store.js";

/**
 * Opens a store that is to be read: a folder that is not there would answer every question with nothing.
 *
 * @throws {OptionError} there is no such folder, or it cannot be read
 */
export async function openExistingStore(root: string): Promise<Store> {
  await requireStoreFolder(root);
  return openStore(root);
}

/**
 * Refuses the root of a store that is not there: it would be made, and answer every question with nothing.
 *
 * @throws {OptionError} there is no such folder, or it cannot be read
 */
export async function requireStoreFolder(root: string): Promise<void> {
  try {
    await readdir(root);
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    const words: Readonly<Record<string, string>> = {
      ENOENT: "which is not there",
      ENOTDIR: "which is no folder",
    };
    throw new OptionError({
      column: "--data",
      message: `was "${path.resolve(root)}", ${words[code] ?? `which could not be read (${code})`}`,
      fix: "give the folder that `npx tickbook ingest` wrote to with --data or TICKBOOK_DATA",
    });
  }
}
