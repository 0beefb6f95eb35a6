import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../../core/errors.js";
import { dayStartUs } from "../../core/time.js";
import { cachedFolder } from "../../store/cached-folder.js";
import { requireIntact } from "../../store/integrity.js";
import { isOfThisWriter } from "../../store/manifest.js";
import { partitionFolder } from "../../store/partition.js";
import type { SymbolDay } from "../../store/read.js";
import { openStore } from "../../store/store.js";
import { BOOK_DAY } from "../ingest/book-file.js";
import { MADE_MARKET_VERSION, type MadeOptions, madeMarket } from "./made-market.js";
import { storeEvents } from "./store-events.js";

/** A store that holds made days and nothing else. */
export interface MadeStore {
  readonly root: string;
  readonly days: readonly SymbolDay[];
  readonly bookChanges: number;
  readonly trades: number;
}

/** A day to make; another has another seed. */
export type MadeDay = SymbolDay & Pick<MadeOptions, "seed">;

/** How days are made. */
export type DayOptions = Pick<MadeOptions, "orders" | "pace"> & { readonly rows: number };

/** Whose days are made. */
export const MADE_SYMBOL: Omit<SymbolDay, "date"> = {
  exchange: BOOK_DAY.exchange,
  symbol: BOOK_DAY.symbol,
};

/**
 * A store of made days for one run to write to. They are kept in the cache, and made anew where their hashes are wrong or this
 * version would write other tables.
 *
 * @param place.name - names the store in the cache and in the run's folder
 */
export async function madeStore(
  place: { readonly cache: string; readonly folder: string; readonly name: string },
  days: readonly MadeDay[],
  options: DayOptions,
): Promise<MadeStore> {
  const { cache, folder, name } = place;
  const what = `made-${name}-v${MADE_MARKET_VERSION}-seed-${days[0]!.seed}-rows-${options.rows}`;
  for (;;) {
    const kept = await cachedFolder(cache, what, (unfinished) => fill(unfinished, days, options));
    const counts = await countRows(kept, days);
    if (counts !== undefined) {
      const root = path.join(folder, name);
      await cp(kept, root, { recursive: true });
      return { root, days, ...counts };
    }
    await rm(kept, { recursive: true, force: true });
  }
}

async function fill(root: string, days: readonly MadeDay[], options: DayOptions): Promise<void> {
  const store = await openStore(root);
  for (const { seed, ...day } of days) {
    const startUs = dayStartUs(day.date);
    await storeEvents(store, day, madeMarket({ ...options, seed, startUs }));
  }
  await store.close();
}

/** Rows of the tables; undefined where one is damaged or another version's. Reading them brings them into memory, too. */
async function countRows(
  root: string,
  days: readonly MadeDay[],
): Promise<Pick<MadeStore, "bookChanges" | "trades"> | undefined> {
  const store = await openStore(root);
  const counts = { bookChanges: 0, trades: 0 };
  try {
    for (const { seed: _seed, ...day } of days) {
      const folderOf = (type: "incremental_book_L2" | "trades"): string =>
        partitionFolder({ ...day, type });
      const book = await requireIntact(store, folderOf("incremental_book_L2"));
      const tape = await requireIntact(store, folderOf("trades"));
      if (!isOfThisWriter(book) || !isOfThisWriter(tape)) return undefined;
      counts.bookChanges += book.rows;
      counts.trades += tape.rows;
    }
    return counts;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  } finally {
    await store.close();
  }
}
