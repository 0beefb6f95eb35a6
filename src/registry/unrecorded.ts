// Was something written whose entry is still to come, or was its entry cut from the ledger? A mark beside it says which.
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { flush } from "../store/flush.js";
import { writeFlushed } from "../store/write-flushed.js";
import { holderText, isAbandoned, parseHolder } from "./holder.js";

/** What a mark's name adds to that of the folder or file it lies beside. */
export const MARK = ".unrecorded";

/**
 * Marks a place before something is written to it that the ledger does not name yet, by the process that writes it. One that
 * is killed leaves the mark, and so tells what it left from what an entry named that is gone.
 *
 * @param place - folder or file that is about to appear
 */
export async function markUnrecorded(place: string): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true });
  await writeFlushed(`${place}${MARK}`, holderText());
  await flush(path.dirname(place));
}

/** Takes the mark away, once an entry of the ledger names the place. */
export async function markRecorded(place: string): Promise<void> {
  await rm(`${place}${MARK}`, { force: true });
}

/**
 * True when no process is recording what a mark stands for: the one it names is gone, or it names none, as anybody can write. A mark
 * that is not there any more was taken away since it was seen, by whoever recorded the place.
 */
export async function isLeft(place: string): Promise<boolean> {
  const mark = `${place}${MARK}`;
  const holder = await readFile(mark, "utf8").catch((error: unknown) =>
    (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "",
  );
  if (holder === undefined) return false;
  return parseHolder(holder).pid === undefined || (await isAbandoned(mark, holder));
}
