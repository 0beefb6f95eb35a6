import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { OptionError } from "./errors.js";

/**
 * Makes a folder that somebody named, with the folders above it.
 *
 * One level at a time: Node's recursive `mkdir` never returns on file systems that refuse new folders, such as /proc.
 *
 * @param folder - where it shall be; nothing happens when it is there
 * @param option - the option it came from, for the error
 * @throws {OptionError} it cannot be made or written to, or is a file
 */
export function makeFolder(folder: string, option: string): void {
  const missing: string[] = [];
  let ancestor = path.resolve(folder);
  while (!existsSync(ancestor)) {
    missing.push(ancestor);
    ancestor = path.dirname(ancestor);
  }
  try {
    for (const one of missing.reverse()) makeOne(one);
    if (!statSync(folder).isDirectory()) throw new Error("it is a file");
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new OptionError({
      column: option,
      message: `was "${folder}", which cannot be written to (${reason(error)})`,
      fix: "give a folder that you may write to",
    });
  }
}

/** Another process may be making the same. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
