// What does the store hold of the market that a notebook is about?
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { exchangeSymbols } from "../core/symbols.js";
import { DAY_US, dayStartUs, daysBetween } from "../core/time.js";
import { candleFolder } from "../store/candle-table.js";
import { readDerivedManifest } from "../store/derived.js";
import { listPartitions } from "../store/list.js";
import { PARQUET_FILE } from "../store/partition.js";
import { query } from "../store/query.js";
import type { SymbolDay } from "../store/read.js";
import { quote, type Store } from "../store/store.js";
import type { ManifestFact, ReportFacts } from "./facts.js";
import type { DelayQuantiles } from "./figures/latency-distribution.js";
import { LEAST_RETURNS, type MarketLook, type MinuteQuotes, marketLook } from "./market-look.js";

/** The market that a notebook is about. */
export interface MarketRange {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** UTC days in order. */
  readonly days: readonly string[];
}

/**
 * The market of a notebook's parameters.
 *
 * @param symbols - coins or the exchange's own names, comma-separated
 * @param from - first UTC day; `to` is the day after the last
 * @throws {OptionError} a name is not one, or the range is empty
 */
export function marketRange(
  exchange: string,
  symbols: string,
  from: string,
  to: string,
): MarketRange {
  return { exchange, symbols: exchangeSymbols(exchange, symbols), days: daysBetween(from, to) };
}

/**
 * Where a report's data is from: exchange, symbols, rows, first and last arrival time, and the hash of each file; of candles
 * the first day's start and the last one's end.
 *
 * @param range.source - what the report reads; default ticks
 * @throws {DataError} a manifest cannot be read
 */
export async function describeData(
  store: Store,
  { source = "ticks", ...range }: MarketRange & { readonly source?: "ticks" | "candles" },
): Promise<ReportFacts> {
  if (source === "candles") return await describeCandles(store, range);
  const { exchange, symbols } = range;
  const partitions = (await listPartitions(store, { exchange, symbols })).filter(({ key }) =>
    range.days.includes(key.date),
  );
  const firsts = partitions.flatMap(({ manifest }) => manifest.first?.localTimestampUs ?? []);
  const lasts = partitions.flatMap(({ manifest }) => manifest.last?.localTimestampUs ?? []);
  return {
    exchange,
    symbols,
    rows: partitions.reduce((sum, { manifest }) => sum + manifest.rows, 0),
    ...(firsts.length === 0 ? {} : { fromUs: Math.min(...firsts), toUs: Math.max(...lasts) }),
    manifests: partitions.map(({ folder, manifest }) => ({
      path: folder,
      sha256: manifest.files[PARQUET_FILE]?.sha256 ?? "",
    })),
  };
}

async function describeCandles(store: Store, range: MarketRange): Promise<ReportFacts> {
  const { exchange, symbols } = range;
  const manifests: ManifestFact[] = [];
  const startsUs: number[] = [];
  let rows = 0;
  for (const day of symbols.flatMap((symbol) => symbolDays(range, symbol))) {
    const manifest = await readDerivedManifest(store, candleFolder(day));
    if (manifest === undefined) continue;
    rows += manifest.rows;
    startsUs.push(dayStartUs(day.date));
    manifests.push({ path: candleFolder(day), sha256: manifest.files[PARQUET_FILE]?.sha256 ?? "" });
  }
  const span = { fromUs: Math.min(...startsUs), toUs: Math.max(...startsUs) + DAY_US };
  return { exchange, symbols, rows, ...(startsUs.length === 0 ? {} : span), manifests };
}

/** Every day of one symbol, as readers take it. */
export function symbolDays({ exchange, days }: MarketRange, symbol: string): readonly SymbolDay[] {
  return days.map((date) => ({ exchange, symbol, date }));
}

/**
 * Rows that the store holds of each stream, counted in the Parquet files themselves.
 *
 * @throws {DataError} a partition is damaged
 */
export async function countRows(store: Store, range: MarketRange): Promise<number> {
  const views = [
    "trades",
    "book_changes",
    "book_snapshots",
    "quotes",
    "derivative_ticker",
    "simulation_truth",
  ];
  let rows = 0;
  for (const view of views) {
    const counted = await query(store, `SELECT count(*) FROM ${view} WHERE ${sqlRange(range)}`);
    rows += Number(counted.rows[0]?.[0] ?? 0);
  }
  return rows;
}

/**
 * Best quotes at the ends of minutes, and what they say of tails, clustering and daily rhythm, by symbol.
 *
 * @returns what is missing where a symbol has too few minutes with a quote
 * @throws {DataError} a partition is damaged
 */
export async function marketLooks(
  store: Store,
  range: MarketRange,
): Promise<readonly MarketLook[] | Shortfall> {
  const looks: MarketLook[] = [];
  let fewest = Number.POSITIVE_INFINITY;
  for (const symbol of range.symbols) {
    const look = marketLook(await minuteQuotes(store, { ...range, symbols: [symbol] }, symbol));
    fewest = Math.min(fewest, look.rows);
    looks.push(look);
  }
  if (fewest >= LEAST_RETURNS) return looks;
  const step = "compare the market with real ones";
  return shortfall({ step, what: "one-minute returns", has: fewest, needs: LEAST_RETURNS });
}

async function minuteQuotes(
  store: Store,
  range: MarketRange,
  symbol: string,
): Promise<MinuteQuotes> {
  const { rows } = await query(
    store,
    `SELECT local_timestamp // 60000000 * 60000000 + 60000000 AS minute_end,
       arg_max((bid_price + ask_price) / 2, local_timestamp) AS mid,
       avg(2e4 * (ask_price - bid_price) / (ask_price + bid_price)) AS spread_bps
     FROM quotes WHERE ${sqlRange(range)} AND bid_price > 0 AND ask_price > 0
     GROUP BY ALL ORDER BY ALL`,
  );
  const column = (i: number): Float64Array => Float64Array.from(rows, (row) => Number(row[i]));
  return { symbol, minuteEndUs: column(0), mid: column(1), spreadBps: column(2) };
}

/**
 * Distribution of the time from the exchange's clock to ours, by symbol, over trades; over quotes where a symbol has no
 * trades.
 *
 * @throws {DataError} a partition is damaged
 */
export async function arrivalDelays(
  store: Store,
  range: MarketRange,
): Promise<readonly DelayQuantiles[] | Shortfall> {
  const delays: DelayQuantiles[] = [];
  for (const symbol of range.symbols) {
    const own = { ...range, symbols: [symbol] };
    const found =
      (await delaysIn(store, "trades", own, symbol)) ??
      (await delaysIn(store, "quotes", own, symbol));
    if (found !== undefined) delays.push(found);
  }
  if (delays.length > 0) return delays;
  return shortfall({ step: "measure delays", what: "trades or quotes", has: 0, needs: 1 });
}

async function delaysIn(
  store: Store,
  view: "trades" | "quotes",
  range: MarketRange,
  symbol: string,
): Promise<DelayQuantiles | undefined> {
  const percents = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const levels = [0.001, 0.005, ...percents, 0.995, 0.999];
  const { rows } = await query(
    store,
    `SELECT quantile_cont((local_timestamp - timestamp) / 1000.0, [${levels.join(", ")}]), count(*)
     FROM ${view} WHERE ${sqlRange(range)}`,
  );
  const [delayMs, count] = rows[0] ?? [];
  if (!Array.isArray(delayMs)) return undefined;
  return { symbol, levels, delayMs: delayMs.map(Number), rows: Number(count) };
}

/** The range as an SQL condition on the views' columns `exchange`, `symbol` and `date`. */
export function sqlRange({ exchange, symbols, days }: MarketRange): string {
  const list = (values: readonly string[]): string => values.map(quote).join(", ");
  return `exchange = ${quote(exchange)} AND symbol IN (${list(symbols)}) AND date IN (${list(days)})`;
}
