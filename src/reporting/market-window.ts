// What were one symbol's quotes and trades in its busiest quarter of an hour?
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { readManifest, readTrades } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { Quotes, Trades } from "../store/tables.js";
import { bestQuotes } from "./best-quotes.js";
import type { MarketWindow } from "./figures/price-and-trades.js";
import type { LookWindow } from "./look-window.js";

/**
 * Best quotes and trades of a window. Quotes are the exchange's own, else those of its book.
 *
 * @returns what is missing where the store has neither quotes nor a book of that day
 * @throws {DataError} a partition is damaged
 */
export async function marketWindow(
  store: Store,
  window: LookWindow | Shortfall,
): Promise<MarketWindow | Shortfall> {
  if (isShortfall(window)) return window;
  const { symbol } = window.day;
  const found = await bestQuotes(store, window.day);
  const rows = found === undefined ? [] : await rowsOf(found.batches, window);
  const quotes = joinTables<Quotes>(rows, QUOTE_COLUMNS);
  if (found === undefined || quotes.bidPrice.length < 2) {
    return shortfall({
      step: "draw quotes and trades",
      what: `quotes or book states of ${symbol}`,
      has: quotes.bidPrice.length,
      needs: 2,
    });
  }
  return { symbol, source: found.source, quotes, trades: await windowTrades(store, window) };
}

/** Trades of a window; none where the store has none of that day. */
export async function windowTrades(store: Store, window: LookWindow): Promise<Trades> {
  const hasTrades = (await readManifest(store, { ...window.day, type: "trades" })) !== undefined;
  const rows = hasTrades ? await rowsOf(readTrades(store, window.day), window) : [];
  return joinTables<Trades>(rows, TRADE_COLUMNS);
}

/** Rows within a window, batch by batch. */
async function rowsOf<Table extends { readonly localTimestampUs: Float64Array }>(
  batches: AsyncIterable<Table>,
  { fromUs, toUs }: LookWindow,
): Promise<readonly Table[]> {
  const parts: Table[] = [];
  for await (const batch of batches) {
    const times = batch.localTimestampUs;
    const start = times.findIndex((time) => time >= fromUs);
    const after = times.findIndex((time) => time > toUs);
    if (start >= 0) parts.push(sliceTable(batch, start, after < 0 ? times.length : after));
    if (after >= 0) break;
  }
  return parts;
}

const TRADE_COLUMNS: readonly string[] = [
  "localTimestampUs",
  "timestampUs",
  "side",
  "price",
  "amount",
];

const QUOTE_COLUMNS: readonly string[] = [
  "localTimestampUs",
  "timestampUs",
  "bidPrice",
  "bidAmount",
  "askPrice",
  "askAmount",
];

function sliceTable<Table extends object>(table: Table, start: number, end: number): Table {
  const columns = Object.entries(table as Record<string, Float64Array>);
  return Object.fromEntries(columns.map(([name, c]) => [name, c.slice(start, end)])) as Table;
}

/** Batches one after the other. */
function joinTables<Table extends object>(
  parts: readonly Table[],
  names: readonly string[],
): Table {
  const column = (name: string): Float64Array => {
    const values = parts.map((part) => (part as Record<string, Float64Array>)[name]!);
    const all = new Float64Array(values.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of values) {
      all.set(one, at);
      at += one.length;
    }
    return all;
  };
  return Object.fromEntries(names.map((name) => [name, column(name)])) as Table;
}
