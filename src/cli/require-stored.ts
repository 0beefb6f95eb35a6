import { OptionError } from "../core/errors.js";
import { BOOK_SOURCES } from "../market/book-source.js";
import { readManifest } from "../store/read.js";
import type { Store } from "../store/store.js";
import { tableFolders } from "../store/table-folders.js";

/** What a replay tells. */
const TYPES = ["trades", ...BOOK_SOURCES] as const;

/** Days of symbols. */
interface MarketDays {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
}

/**
 * Refuses to replay days of which nothing is stored, of any symbol.
 *
 * @throws {OptionError} names the days, and those that there are
 * @throws {DataError} a manifest cannot be read
 */
export async function requireStored(store: Store, market: MarketDays): Promise<void> {
  if (await isStored(store, market)) return;
  const { exchange, symbols, days } = market;
  const tables = await tableFolders(store, { exchange, symbols, types: TYPES });
  const stored = tables.map(({ date }) => date).sort();
  const there = stored.length === 0 ? "nor of any other day" : `only of ${spanOf(stored)}`;
  const asked = days.length === 1 ? `was ${days[0]}` : `with --to was ${spanOf(days)}`;
  throw new OptionError({
    column: "--from",
    message: `${asked}, of which nothing is stored of ${exchange} ${symbols.join(", ")}, ${there}`,
    fix: "give a day that `npx tickbook store list` names, or fetch it with `npx tickbook ingest`",
  });
}

async function isStored(store: Store, { exchange, symbols, days }: MarketDays): Promise<boolean> {
  for (const date of days) {
    for (const symbol of symbols) {
      for (const type of TYPES) {
        const manifest = await readManifest(store, { exchange, symbol, date, type });
        if (manifest !== undefined) return true;
      }
    }
  }
  return false;
}

/** The first and the last of days in order. */
function spanOf(days: readonly string[]): string {
  const [first, last] = [days[0]!, days.at(-1)!];
  return first === last ? first : `${first} to ${last}`;
}
