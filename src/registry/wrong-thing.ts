import { stat } from "node:fs/promises";
import { DataError } from "../core/errors.js";
import { unreadable } from "../store/unreadable.js";

/** What to do once the place is free; a lock is made again by whoever needs it. */
const AFTERWARDS: Readonly<Record<string, string>> = {
  "trials.jsonl": ", and bring the ledger back from a copy",
  "promoted.json": ", and write it anew from the ledger with `npx tickbook models --mend`",
  registry: ", and bring the folder back from a copy",
};

const FOUND: Readonly<Record<string, string>> = {
  EISDIR: "is a folder, expected a file",
  ENOTDIR: "is a file, expected a folder",
  ELOOP: "is a link that leads to itself",
};

/**
 * The error for a place of the registry that holds another kind of thing than was written there, or that cannot be read.
 *
 * @param place - file or folder
 * @param error - as the file system threw it
 */
export function wrongThing(place: string, error: unknown): DataError {
  const message = FOUND[(error as NodeJS.ErrnoException).code ?? ""];
  if (message === undefined) return unreadable(place, error);
  const afterwards = AFTERWARDS[place.split(/[\\/]/).at(-1)!] ?? "";
  return new DataError({ file: place, message, fix: `take it away${afterwards}` });
}

/**
 * Refuses what lies where a folder should be; none at all is one that is still to be made.
 *
 * @throws {DataError} it is a file, a link that leads nowhere else, or cannot be looked at
 */
export async function requireFolder(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw wrongThing(folder, error);
  }
}
