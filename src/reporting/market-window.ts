// What did one symbol's market look like in a quarter of an hour?
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import { OrderBook } from "../market/order-book.js";
import {
  readBookChanges,
  readManifest,
  readQuotes,
  readTrades,
  type SymbolDay,
} from "../store/read.js";
import type { Store } from "../store/store.js";
import type { DataType, Quotes, Trades } from "../store/tables.js";
import type { MarketWindow } from "./figures/price-and-trades.js";

/** Price levels of one book at one time, best first. */
export interface Ladder {
  readonly timeUs: number;
  readonly bidPrice: ArrayLike<number>;
  readonly bidAmount: ArrayLike<number>;
  readonly askPrice: ArrayLike<number>;
  readonly askAmount: ArrayLike<number>;
}

/** A book looked at in equal steps, with the trades of the same time. */
export interface BookWindow {
  readonly symbol: string;
  readonly ladders: readonly Ladder[];
  readonly trades: Trades;
}

/** Which stretch of time to look at. */
interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

const WINDOW_US = 15 * MINUTE_US;
/** The first minutes of a stream hold little but its snapshot. */
const LEAD_US = 2 * MINUTE_US;
/** Times at which the book is looked at, and levels kept of each side. */
const SAMPLES = 180;
const LEVELS = 20;

/**
 * Quotes and trades of a symbol's first quarter of an hour in the store.
 *
 * @param days - of one symbol, in order
 * @returns what is missing where the store has no trades or no quotes of a common day
 * @throws {DataError} a partition is damaged
 */
export async function marketWindow(
  store: Store,
  days: readonly SymbolDay[],
): Promise<MarketWindow | Shortfall> {
  const day = await firstDayWith(store, days, ["trades", "quotes"]);
  if (day === undefined) return nothing("draw quotes and trades", "days with both");
  const span = await firstSpan(store, day, "quotes");
  const quotes = joinTables<Quotes>(await rowsOf(readQuotes(store, day), span), QUOTE_COLUMNS);
  const trades = joinTables<Trades>(await rowsOf(readTrades(store, day), span), TRADE_COLUMNS);
  if (quotes.bidPrice.length < 2) return nothing("draw quotes and trades", "quotes");
  return { symbol: day.symbol, quotes, trades };
}

/**
 * The rebuilt book of a symbol's first quarter of an hour, looked at every five seconds.
 *
 * @param days - of one symbol, in order
 * @returns what is missing where the store has no book
 * @throws {DataError} a partition is damaged
 */
export async function bookWindow(
  store: Store,
  days: readonly SymbolDay[],
): Promise<BookWindow | Shortfall> {
  const day = await firstDayWith(store, days, ["incremental_book_L2"]);
  if (day === undefined) return nothing("draw the book", "days with incremental_book_L2");
  const span = await firstSpan(store, day, "incremental_book_L2");
  const ladders = await sampleBook(store, day, span);
  const hasTrades = (await readManifest(store, { ...day, type: "trades" })) !== undefined;
  const rows = hasTrades ? await rowsOf(readTrades(store, day), span) : [];
  if (ladders.length === 0) return nothing("draw the book", "valid book states");
  return { symbol: day.symbol, ladders, trades: joinTables<Trades>(rows, TRADE_COLUMNS) };
}

async function sampleBook(store: Store, day: SymbolDay, span: Span): Promise<readonly Ladder[]> {
  const book = new OrderBook();
  const ladders: Ladder[] = [];
  const stepUs = (span.toUs - span.fromUs) / SAMPLES;
  let nextUs = span.fromUs;
  for await (const changes of readBookChanges(store, day)) {
    const times = changes.localTimestampUs;
    let from = 0;
    while (from < times.length) {
      const timeUs = times[from]!;
      // What stood at a sample time is the state before the first later change.
      for (; nextUs < timeUs && nextUs < span.toUs; nextUs += stepUs) {
        if (book.isValidAt(nextUs)) ladders.push(ladderOf(book, nextUs));
      }
      if (nextUs >= span.toUs) return ladders;
      let to = from + 1;
      while (to < times.length && times[to] === timeUs) to++;
      book.apply(changes, from, to);
      from = to;
    }
  }
  return ladders;
}

function ladderOf(book: OrderBook, timeUs: number): Ladder {
  const side = (levels: number, value: (i: number) => number): Float64Array =>
    Float64Array.from({ length: Math.min(LEVELS, levels) }, (_, i) => value(i));
  return {
    timeUs,
    bidPrice: side(book.bidLevels, (i) => book.bidPrice(i)),
    bidAmount: side(book.bidLevels, (i) => book.bidAmount(i)),
    askPrice: side(book.askLevels, (i) => book.askPrice(i)),
    askAmount: side(book.askLevels, (i) => book.askAmount(i)),
  };
}

async function firstDayWith(
  store: Store,
  days: readonly SymbolDay[],
  types: readonly DataType[],
): Promise<SymbolDay | undefined> {
  for (const day of days) {
    const rows = await Promise.all(
      types.map(async (type) => (await readManifest(store, { ...day, type }))?.rows ?? 0),
    );
    if (rows.every((count) => count > 0)) return day;
  }
  return undefined;
}

/** A quarter of an hour from soon after a stream's first row, or all there is of a shorter one. */
async function firstSpan(store: Store, day: SymbolDay, type: DataType): Promise<Span> {
  const manifest = await readManifest(store, { ...day, type });
  const first = manifest?.first?.localTimestampUs ?? 0;
  const last = manifest?.last?.localTimestampUs ?? 0;
  const fromUs = last - first > LEAD_US + WINDOW_US ? first + LEAD_US : first;
  return { fromUs, toUs: Math.min(fromUs + WINDOW_US, last) };
}

interface Timed {
  readonly localTimestampUs: Float64Array;
}

/** Rows within a span, batch by batch, as pairs of a batch and its row numbers. */
async function rowsOf<Table extends Timed>(
  batches: AsyncIterable<Table>,
  { fromUs, toUs }: Span,
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

function nothing(step: string, what: string): Shortfall {
  return shortfall({ step, what, has: 0, needs: 1 });
}
