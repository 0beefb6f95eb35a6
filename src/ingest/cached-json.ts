// What runs remember in the user's cache.
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { z } from "zod";
import { makeFolder } from "../core/folder.js";

/**
 * Reads a file of the cache.
 *
 * @returns undefined when it is not there, or is not what this version writes
 */
export function readCached<Value>(
  folder: string,
  name: string,
  schema: z.ZodType<Value>,
): Value | undefined {
  try {
    const file = path.join(folder, name);
    // A pipe or a device would be read for ever.
    if (!statSync(file).isFile()) return undefined;
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Writes a file of the cache, whole or not at all. A cache that cannot be written to fails no run. */
export function writeCached(folder: string, name: string, value: unknown): void {
  const file = path.join(folder, name);
  const written = `${file}.${process.pid}`;
  try {
    makeFolder(folder, "TICKBOOK_CACHE");
    writeFileSync(written, `${JSON.stringify(value)}\n`);
    renameSync(written, file);
  } catch {
    // The next run plans with what is assumed.
  }
}
