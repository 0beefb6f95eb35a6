// Was a list of entries changed after it was written? Each carries its number, the hash of the one before and its own.

import { canonicalJson, contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";

/** What ties an entry to the one before. */
export interface Link {
  /** Line of the ledger, counted from 1. */
  readonly number: number;
  /** Hash of the entry before; 64 zeros in the first. */
  readonly previous: string;
  /** Hash of all else in this entry. */
  readonly hash: string;
}

/** What stands for the hash of the entry before the first. */
export const NO_ENTRY: string = "0".repeat(64);

/** An entry's content with the links that make it the next one after `last`. */
export function chained<Content extends object>(
  content: Content,
  last: Link | undefined,
): Content & Link {
  const number = (last?.number ?? 0) + 1;
  const linked = { ...content, number, previous: last?.hash ?? NO_ENTRY };
  return { ...linked, hash: contentHash(linked) };
}

/**
 * Reads lines of JSON, the chain checked. Every byte counts: an entry that was written in another way than the ledger
 * writes it is refused too.
 *
 * @param text - lines that each end with a line feed
 * @param file - to be named in the error
 * @throws {DataError} an entry was changed, removed, added or moved; names its line
 */
export function readChain(
  text: string,
  file: string,
): readonly (Link & Readonly<Record<string, unknown>>)[] {
  let previous = NO_ENTRY;
  return text
    .split("\n")
    .slice(0, -1)
    .map((line, i) => {
      const entry = parseLine(line);
      const { hash, ...content } = entry;
      const isChained = entry.number === i + 1 && entry.previous === previous;
      if (!isChained || hash !== contentHash(content) || line !== canonicalJson(entry)) {
        throw changedEntry(file, i + 1, "does not fit the chain of hashes");
      }
      previous = hash;
      return entry;
    });
}

/** What is said of an entry that the ledger did not write. */
export function changedEntry(file: string, row: number, what: string): DataError {
  return new DataError({
    file,
    row,
    message: `${what}: the ledger was changed after it was written`,
    fix: "bring the file back from a copy; without it the number of trials is not known",
  });
}

/** Length of a ledger's text up to and with its last line end; what a kill cut off was never recorded. */
export function wholeLength(text: string): number {
  return text.lastIndexOf("\n") + 1;
}

/** A line that is no entry becomes one that no chain accepts. */
function parseLine(line: string): Link & Record<string, unknown> {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === "object" && entry !== null) return entry as Link & Record<string, unknown>;
  } catch {
    // Falls through to the entry without content.
  }
  return {} as Link & Record<string, unknown>;
}
