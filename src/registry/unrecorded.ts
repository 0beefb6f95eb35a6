// Was something written whose entry is still to come, or was its entry cut from the ledger? A mark beside it says which.
import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { flush } from "../store/flush.js";

/** What a mark's name adds to that of the folder or file it lies beside. */
export const MARK = ".unrecorded";

/**
 * Marks a place before something is written to it that the ledger does not name yet. A process that is killed leaves the
 * mark, and so tells what it left from what an entry named that is gone.
 *
 * @param place - folder or file that is about to appear
 */
export async function markUnrecorded(place: string): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true });
  const handle = await open(`${place}${MARK}`, "w");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await flush(path.dirname(place));
}

/** Takes the mark away, once an entry of the ledger names the place. */
export async function markRecorded(place: string): Promise<void> {
  await rm(`${place}${MARK}`, { force: true });
}
