// How do the processes of one try tell each other how far they are?
import { appendFileSync, existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** `stop` is for everybody, `killed` says that the replacing process is dead; each child has `ready` and `enough`. */
export type Mark = "stop" | "killed" | `ready-${string}` | `enough-${string}` | `pid-${string}`;

/** Replacements are counted by the bytes of this file, which outlive whoever wrote them. */
const COUNT = "replacements";

/** Makes a mark, with a text perhaps. */
export function setMark(folder: string, mark: Mark, text = ""): void {
  writeFileSync(path.join(folder, mark), text);
}

/** Whether somebody has made a mark. */
export function isMarked(folder: string, mark: Mark): boolean {
  return existsSync(path.join(folder, mark));
}

/** ms since a mark was made; NaN when it was not. */
export function markAgeMs(folder: string, mark: Mark): number {
  const made = statSync(path.join(folder, mark), { throwIfNoEntry: false });
  return made === undefined ? Number.NaN : Date.now() - made.mtimeMs;
}

/** Counts one more replacement; several processes may do so at once. */
export function countReplacement(folder: string): void {
  appendFileSync(path.join(folder, COUNT), ".");
}

/** Replacements so far. */
export function replacementCount(folder: string): number {
  return statSync(path.join(folder, COUNT), { throwIfNoEntry: false })?.size ?? 0;
}
