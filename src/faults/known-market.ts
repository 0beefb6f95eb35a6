import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { DataError } from "../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { vendorPath } from "../ingest/vendor-path.js";
import { readColumns, readManifest } from "../store/read.js";
import { SCHEMAS } from "../store/schema.js";
import type { Store } from "../store/store.js";
import {
  KNOWN_TYPES,
  type KnownKey,
  type KnownType,
  type KnownValue,
  knownDay,
} from "./known-day.js";

/** Which known files a mirror holds. */
export interface MarketOptions {
  readonly seed: number;
  readonly types?: readonly KnownType[];
  readonly symbols: readonly string[];
  /** Days from the first on. */
  readonly days: number;
  /** Rows of each file, about; types differ a little. */
  readonly rows: number;
}

/** A mirror in the vendor's layout of which every row is known. */
export interface KnownMarket {
  /** Folder of the mirror. */
  readonly mirror: string;
  readonly options: MarketOptions;
  readonly keys: readonly KnownKey[];
}

/** First day of every known market. */
export const FIRST_DAY = "2024-08-08";

/** Exchange of every known market. */
export const EXCHANGE = "binance-futures";

/** Day of a known market, counted from 0. */
export function marketDay(index: number): string {
  return dateOf(dayStartUs(FIRST_DAY) + index * DAY_US);
}

/**
 * Writes a mirror of known files.
 *
 * @param mirror - folder; files of other markets that lie there stay
 */
export async function knownMarket(mirror: string, options: MarketOptions): Promise<KnownMarket> {
  const { symbols, days, types = KNOWN_TYPES } = options;
  const keys = symbols.flatMap((symbol) =>
    types.flatMap((type) =>
      Array.from({ length: days }, (_, day) => ({
        exchange: EXCHANGE,
        symbol,
        type,
        date: marketDay(day),
      })),
    ),
  );
  for (const key of keys) {
    const file = path.join(mirror, ...vendorPath(key).split("/"));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, gzipSync(knownDay(key, sizeOf(key, options)).text, { level: 1 }));
  }
  return { mirror, options, keys };
}

/**
 * Compares every cell of a store with what the market's files were made of.
 *
 * @throws {DataError} a row or value differs, or the rejected rows do
 */
export async function requireMarket(store: Store, market: KnownMarket): Promise<void> {
  for (const key of market.keys) {
    const { good, rejected } = knownDay(key, sizeOf(key, market.options));
    const manifest = await readManifest(store, key);
    const counted = Object.values(manifest?.rejected ?? {}).reduce((sum, count) => sum + count, 0);
    const columns = await readColumns(store, key);
    SCHEMAS[key.type].forEach(({ name }, field) => {
      const column = columns[name] ?? [];
      const row = good.findIndex((values, i) => !isSame(values[field]!, column[i]));
      if (column.length === good.length && row < 0 && counted === rejected) return;
      throw new DataError({
        file: vendorPath(key),
        column: name,
        ...(row < 0 ? {} : { row: row + 1 }),
        message:
          `was stored as ${JSON.stringify(column[row])} in ${column.length} rows with ${counted} ` +
          `rejected, the file had ${JSON.stringify(good[row]?.[field])} in ${good.length} rows and ${rejected} bad ones`,
        fix: "the undisturbed ingest is wrong; mend it before planting faults",
      });
    });
  }
}

/** Files of different lengths, so that they do not end together. */
function sizeOf(
  { type, date }: KnownKey,
  { rows, seed }: MarketOptions,
): { readonly rows: number; readonly seed: number } {
  const day = (dayStartUs(date) - dayStartUs(FIRST_DAY)) / DAY_US;
  const share = type === "derivative_ticker" || type === "book_snapshot_5" ? 0.6 : 1;
  return { rows: Math.floor(share * rows * (1 + 0.1 * day)), seed };
}

/** Flags are stored as 0 and 1. */
function isSame(value: KnownValue, stored: unknown): boolean {
  return Object.is(typeof value === "boolean" ? Number(value) : value, stored);
}
