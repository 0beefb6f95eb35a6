import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "../core/errors.js";
import { holderText, isAbandoned } from "./holder.js";
import { wrongThing } from "./wrong-thing.js";

const PAUSE_MS = 10;
const GIVE_UP_MS = 120_000;

/**
 * Does some work while no other process that uses the same lock file does. A lock that a killed process left is
 * taken over.
 *
 * @param lockFile - made at the start, removed at the end; its folder exists
 * @throws {DataError} another process kept the lock for two minutes, or something else lies in its place
 */
export async function exclusively<Result>(
  lockFile: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const own = holderText();
  await take(lockFile, own);
  try {
    return await work();
  } finally {
    if ((await holderOf(lockFile)) === own) await rm(lockFile, { force: true });
  }
}

async function take(lockFile: string, own: string): Promise<void> {
  for (const start = Date.now(); Date.now() - start < GIVE_UP_MS; ) {
    try {
      await writeNew(lockFile, own);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await holderOf(lockFile);
    if (holder !== undefined && (await isAbandoned(lockFile, holder)))
      await breakLock(lockFile, holder);
    else await sleep(PAUSE_MS * (1 + Math.random()));
  }
  throw new DataError({
    file: lockFile,
    message: "is held by another process for two minutes",
    fix: "wait for that run to end, or delete the file when none is running",
  });
}

/** Makes the lock; one that cannot be written to names nobody, and goes again. */
async function writeNew(lockFile: string, own: string): Promise<void> {
  const handle = await open(lockFile, "wx");
  try {
    await handle.writeFile(own);
  } catch (error) {
    await rm(lockFile, { force: true });
    // What an open file is refused says why, and not where.
    throw Object.assign(error as Error, { path: lockFile });
  } finally {
    await handle.close();
  }
}

/** Moves an abandoned lock away. Should another process have taken it over meanwhile, its lock is put back. */
async function breakLock(lockFile: string, abandoned: string): Promise<void> {
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    await rename(lockFile, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if ((await holderOf(aside)) === abandoned) await rm(aside, { force: true });
  else await rename(aside, lockFile);
}

async function holderOf(lockFile: string): Promise<string | undefined> {
  try {
    return await readFile(lockFile, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw wrongThing(lockFile, error);
  }
}
