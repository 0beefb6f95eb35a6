import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../core/folder.js";

/** Folders of a process: its run's, and what `cachedFolder` has not filled yet. */
const NAME = /^(?:bench-run|unfinished)-(\d+)(?:-|$)/;

/**
 * An empty folder of this process on the cache's disk (the system's temporary one may be in memory). What runs that were
 * killed have left there is removed.
 *
 * @throws {OptionError} the cache cannot be written to
 */
export async function runFolder(cache: string): Promise<string> {
  makeFolder(cache, "TICKBOOK_CACHE");
  for (const name of await readdir(cache)) {
    const [, id] = NAME.exec(name) ?? [];
    if (id !== undefined && !isAlive(Number(id)))
      await rm(path.join(cache, name), { recursive: true, force: true });
  }
  const folder = path.join(cache, `bench-run-${process.pid}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  return folder;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
