// Where things lie: the clone, its Python, and the cache that all clones share.
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
export const VENV = path.join(ROOT, ".venv");
export const VENV_PYTHON = path.join(VENV, "bin", "python");

/** The same folder as `cacheFolder` in src/core/cache.ts, which is not built yet when the set-up runs. */
const CACHE = process.env.TICKBOOK_CACHE
  ? path.resolve(process.env.TICKBOOK_CACHE)
  : path.resolve(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "tickbook");

/** Hash of texts and of files (given as `{ file }`), by content and in order. */
export function hashOf(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(typeof part === "string" ? part : readFileSync(part.file)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

/** All files below a folder, sorted, as absolute paths. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Text of a file, or undefined when there is none. */
export function textOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Makes a folder one level at a time: Node's recursive `mkdir` never returns on file systems such as /proc. */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another set-up was faster.
    if (error.code !== "EEXIST") throw error;
  }
}

/** Writes a file so that readers see the old text or the new one, never a part. */
export function writeWhole(file, content) {
  makeFolder(path.dirname(file));
  const unfinished = `${file}.${randomUUID()}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

/**
 * A folder of the cache that is there whole or not at all, made by `fill` when it is missing.
 *
 * @param name - carries everything that the content depends on
 * @param fill - gets an empty folder to fill
 * @param cache - the cache itself
 * @returns `{ folder, isNew }`
 */
export async function cached(name, fill, cache = CACHE) {
  const folder = path.join(cache, name);
  if (existsSync(folder)) return { folder, isNew: false };
  const unfinished = path.join(cache, `unfinished-${randomUUID()}`);
  makeFolder(unfinished);
  try {
    await fill(unfinished);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      // Another set-up was faster; its folder is as good as ours.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return { folder, isNew: true };
}
