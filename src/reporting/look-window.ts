// Which day, and which quarter of an hour of it, is worth a first look?
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import { listPartitions, type StoredPartition } from "../store/list.js";
import { readColumns, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { DataType } from "../store/tables.js";
import type { MarketRange } from "./store-summary.js";

/** A stretch of one symbol's day. */
export interface LookWindow {
  readonly day: SymbolDay;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Streams that the market itself makes, the one that tells most of how busy it was first. */
const STREAMS: readonly DataType[] = [
  "trades",
  "quotes",
  "incremental_book_L2",
  "book_snapshot_25",
  "book_snapshot_5",
];

const WINDOW_US = 15 * MINUTE_US;

/**
 * The day on which most rows of a symbol's market arrived; the earlier of equals.
 *
 * @returns what is missing where the store has no rows of it
 * @throws {DataError} a manifest cannot be read
 */
export async function busiestDay(
  store: Store,
  range: MarketRange,
  symbol: string,
): Promise<SymbolDay | Shortfall> {
  const partitions = await streamsOf(store, range, [symbol]);
  const rows = new Map<string, number>();
  for (const { key, manifest } of partitions) {
    rows.set(key.date, (rows.get(key.date) ?? 0) + manifest.rows);
  }
  const [busiest] = [...rows].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (busiest !== undefined) return { exchange: range.exchange, symbol, date: busiest[0] };
  return shortfall({ step: "look at the market", what: "rows of ticks", has: 0, needs: 1 });
}

/**
 * The busiest quarter of an hour of a symbol's busiest day: of the full quarters on the clock the one in which most
 * trades arrived (quotes or book rows where there are no trades), cut to the time that has data.
 *
 * @returns what is missing where the store has no rows
 * @throws {DataError} a partition is damaged
 */
export async function busiestWindow(
  store: Store,
  range: MarketRange,
  symbol: string,
): Promise<LookWindow | Shortfall> {
  const day = await busiestDay(store, range, symbol);
  if (!("date" in day)) return day;
  const found = await streamsOf(store, { ...range, days: [day.date] }, [symbol]);
  const type = STREAMS.find((name) => found.some(({ key }) => key.type === name))!;
  const { localTimestampUs } = await timesOf(store, { ...day, type });
  const { fromUs, toUs } = spanOf(found)!;
  if (toUs - fromUs <= WINDOW_US) return { day, fromUs, toUs };
  const startUs = WINDOW_US * busiestBin(localTimestampUs, WINDOW_US);
  return {
    day,
    fromUs: Math.max(startUs, fromUs),
    toUs: Math.min(startUs + WINDOW_US, toUs),
  };
}

/**
 * First and last arrival of any market stream of some symbols on one day.
 *
 * @returns undefined where there is none
 */
export async function daySpan(
  store: Store,
  range: MarketRange,
  date: string,
): Promise<Omit<LookWindow, "day"> | undefined> {
  return spanOf(await streamsOf(store, { ...range, days: [date] }, range.symbols));
}

/** Partitions of market streams that have rows. */
export async function streamsOf(
  store: Store,
  { exchange, days }: MarketRange,
  symbols: readonly string[],
): Promise<readonly StoredPartition[]> {
  const all = await listPartitions(store, { exchange, symbols, types: STREAMS });
  return all.filter(({ key, manifest }) => days.includes(key.date) && manifest.rows > 0);
}

function spanOf(partitions: readonly StoredPartition[]): Omit<LookWindow, "day"> | undefined {
  const firsts = partitions.flatMap(({ manifest }) => manifest.first?.localTimestampUs ?? []);
  const lasts = partitions.flatMap(({ manifest }) => manifest.last?.localTimestampUs ?? []);
  if (firsts.length === 0) return undefined;
  return { fromUs: Math.min(...firsts), toUs: Math.max(...lasts) };
}

async function timesOf(
  store: Store,
  key: SymbolDay & { readonly type: DataType },
): Promise<{ readonly localTimestampUs: Float64Array }> {
  const columns = await readColumns(store, key, ["local_timestamp"]);
  return { localTimestampUs: columns["local_timestamp"] as Float64Array };
}

/** Number of the bin that holds most times; the earlier of equals. */
function busiestBin(timesUs: Float64Array, binUs: number): number {
  let best = 0;
  let most = 0;
  let start = 0;
  for (let i = 1; i <= timesUs.length; i++) {
    const bin = Math.floor(timesUs[start]! / binUs);
    if (i < timesUs.length && Math.floor(timesUs[i]! / binUs) === bin) continue;
    if (i - start > most) [best, most] = [bin, i - start];
    start = i;
  }
  return best;
}
