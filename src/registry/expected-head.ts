import { DataError, OptionError } from "../core/errors.js";
import type { Ledger } from "./ledger.js";

/**
 * Looks for a hash that somebody wrote down, as `npx tickbook models` and others print it. Whoever writes all of the ledger anew
 * can make a chain that holds; only a hash that is kept elsewhere shows it.
 *
 * @param head - at least the first 12 of its 64 hexadecimal digits, in either case
 * @returns number of the entry that was the last one then: all up to it are as they were
 * @throws {OptionError} it is no such hash
 * @throws {DataError} no entry has it: the ledger was written anew or cut since
 */
export function requireHead(
  { entries, file }: Pick<Ledger, "entries" | "file">,
  head: string,
): number {
  if (!/^[0-9a-f]{12,64}$/i.test(head)) {
    throw new OptionError({
      column: "--expect-head",
      message: `was ${JSON.stringify(head)}, expected at least 12 hexadecimal digits`,
      fix: "give the head that `npx tickbook models` printed",
    });
  }
  const found = entries.find(({ hash }) => hash.startsWith(head.toLowerCase()));
  if (found !== undefined) return found.number;
  throw new DataError({
    file,
    message: `has no entry with the hash ${head.slice(0, 12)}…: it was written anew or cut after that head was noted, or is of another store`,
    fix: "bring the file back from a copy of that time",
  });
}
