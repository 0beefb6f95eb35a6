import { readFile, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../../core/errors.js";
import { processPlace } from "../../core/process-place.js";
import { exclusively } from "../../registry/exclusively.js";
import { holderText, isAbandoned, parseHolder } from "../../registry/holder.js";

/** Holders on other machines are known by the file's age alone; so it is kept young. */
const TOUCH_MS = 15_000;

/** Files that this very process holds: after a restart of the machine an earlier process may have had its id. */
const held = new Set<string>();

/**
 * Keeps other processes from something until it is released. What a killed process held is taken over.
 *
 * @param file - stands for it; its folder exists
 * @param what - what is held, for the error: `the run "btc"`
 * @returns releases it
 * @throws {DataError} another process holds it
 */
export async function holdFile(file: string, what: string): Promise<() => Promise<void>> {
  const place = path.resolve(file);
  await exclusively(`${place}.taking`, async () => {
    const holder = await readFile(place, "utf8").catch(() => undefined);
    if (holder !== undefined && (await isHeld(place, holder))) throw inUse(place, holder, what);
    await writeFile(place, holderText());
    held.add(place);
  });
  const touch = setInterval(() => {
    const now = new Date();
    utimes(place, now, now).catch(() => {});
  }, TOUCH_MS);
  touch.unref();
  return async () => {
    clearInterval(touch);
    if (held.delete(place)) await rm(place, { force: true });
  };
}

async function isHeld(place: string, holder: string): Promise<boolean> {
  if (held.has(place)) return true;
  const { pid, host } = parseHolder(holder);
  // Only one process at a time gets here: one that wrote half of it was killed.
  if (pid === undefined) return false;
  // In another container that may be somebody else.
  if (pid === process.pid && host === processPlace()) return false;
  return !(await isAbandoned(place, holder));
}

function inUse(file: string, holder: string, what: string): DataError {
  const { host = "an unknown machine", pid = 0 } = parseHolder(holder);
  return new DataError({
    file,
    message: `${what} is in use by process ${pid} of ${host.split("/")[0]}`,
    fix: "wait for it or end it; delete the file when no such process is running",
  });
}
