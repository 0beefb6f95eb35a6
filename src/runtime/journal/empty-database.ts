// Making an embedded database takes seconds. So one is kept, without tables, and others begin as copies of it.
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { cacheFolder } from "../../core/cache.js";
import { PROJECT_ROOT } from "../../core/settings-file.js";
import { cachedFolder } from "../../store/cached-folder.js";
import { flushFolder } from "../../store/flush.js";

/**
 * Writes the files of an empty database: copies of those in the cache, or new ones where there can be no cache.
 *
 * @param folder - not there yet; whoever is interrupted leaves a part of it
 */
export async function writeEmptyDatabase(folder: string): Promise<void> {
  if (await copyKept(folder)) return;
  await rm(folder, { recursive: true, force: true });
  await initialise(folder);
}

/** @returns false: there is none to copy, or it was not whole */
async function copyKept(folder: string): Promise<boolean> {
  try {
    const kept = await cachedFolder(cacheFolder(process.env), `pglite-${version()}`, keep);
    const files = path.join(kept, "files");
    const size = readFileSync(path.join(kept, "size"), "utf8");
    // Nothing else can be done meanwhile; yet one file after the other takes four times as long.
    cpSync(files, folder, { recursive: true });
    if (sizeOf(folder) === size) return true;
    await rm(kept, { recursive: true, force: true });
    return false;
  } catch {
    // A cache that cannot be written to, or is being deleted, keeps nobody from having a database.
    return false;
  }
}

async function keep(unfinished: string): Promise<void> {
  const files = path.join(unfinished, "files");
  await initialise(files);
  await writeFile(path.join(unfinished, "size"), sizeOf(files));
  await flushFolder(unfinished);
}

async function initialise(folder: string): Promise<void> {
  const pglite = await PGlite.create(folder);
  await pglite.close();
}

/** Tells a whole copy from one of which files are missing. */
function sizeOf(folder: string): string {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, name }) => statSync(path.join(parentPath, name)).size);
  return `${files.length} files, ${sizes.reduce((sum, size) => sum + size, 0)} bytes`;
}

function version(): string {
  const file = path.join(PROJECT_ROOT, "node_modules", "@electric-sql", "pglite", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
