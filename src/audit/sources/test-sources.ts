// For tests only: ticks and candles of a market as small stores hold them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { seededRandom } from "../../core/random.js";
import { DAY_US, dateOf, dayStartUs, MINUTE_US, SECOND_US } from "../../core/time.js";
import { ExchangeMinutes, type MinuteCandles } from "../../market/exchange-minutes.js";
import { type CandleKey, candleFolder } from "../../store/candle-table.js";
import { writeDerived } from "../../store/derived.js";
import { openStore, type Store } from "../../store/store.js";
import type { Candles, Trades } from "../../store/tables.js";
import { writePartition } from "../../store/write.js";
import type { TickMinutes } from "./tick-minutes.js";

export const DATE = "2024-08-08";
export const START_US: number = dayStartUs(DATE);
const DAY_MINUTES = 1440;

const SOURCE = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;

/** A store in a folder of its own, and what removes both. */
export async function freshStore(): Promise<{
  readonly store: Store;
  readonly remove: () => Promise<void>;
}> {
  const root = await mkdtemp(path.join(tmpdir(), "tickbook-sources-"));
  const store = await openStore(root);
  const remove = async (): Promise<void> => {
    await store.close();
    await rm(root, { recursive: true, force: true });
  };
  return { store, remove };
}

/** Trades of a random walk by arrival, each some ms late, prices and amounts with two and three digits. */
export function randomTrades(
  count: number,
  { seed = 1, lateUs = 300_000 }: { readonly seed?: number; readonly lateUs?: number } = {},
): Trades {
  const random = seededRandom(seed, "trades");
  const made = Float64Array.from({ length: count }, () => {
    return START_US + Math.floor((random.uniform() * DAY_US) / 1000) * 1000;
  }).sort();
  const arrived = made.map((time) => time + random.below(lateUs));
  const order = Array.from(arrived, (_, i) => i).sort((i, j) => arrived[i]! - arrived[j]!);
  let cents = 6_000_000;
  const price = order.map(() => {
    cents += Math.round(500 * random.normal());
    return cents / 100;
  });
  return {
    localTimestampUs: Float64Array.from(order, (i) => arrived[i]!),
    timestampUs: Float64Array.from(order, (i) => made[i]!),
    side: Int8Array.from(order, () => (random.below(2) === 0 ? 1 : -1)),
    price: Float64Array.from(price),
    amount: Float64Array.from(order, () => (1 + random.below(5000)) / 1000),
  };
}

/** Stores trades under the days of their arrival. */
export async function storeTrades(
  store: Store,
  { exchange, symbol }: { readonly exchange: string; readonly symbol: string },
  trades: Trades,
): Promise<void> {
  const dates = Array.from(trades.localTimestampUs, dateOf);
  for (const date of new Set(dates)) {
    const rows = dates.flatMap((one, i) => (one === date ? [i] : []));
    const take = (column: Float64Array): Float64Array => Float64Array.from(rows, (i) => column[i]!);
    await writePartition(store, { type: "trades", exchange, symbol, date }, async ({ append }) => {
      const columns = [
        take(trades.timestampUs),
        take(trades.localTimestampUs),
        rows.map(String),
        Int8Array.from(rows, (i) => trades.side[i]!),
        take(trades.price),
        take(trades.amount),
      ];
      append(columns, rows.length);
      return { source: SOURCE, rejected: {} };
    });
  }
}

/** Stores a day's candles; minutes without one are left out. */
export async function storeCandles(
  store: Store,
  key: CandleKey,
  candles: MinuteCandles,
): Promise<void> {
  const startUs = dayStartUs(key.date);
  const first = (startUs - candles.startUs) / MINUTE_US;
  const minutes = Array.from({ length: DAY_MINUTES }, (_, i) => first + i).filter(
    (m) => !Number.isNaN(candles.close[m] ?? Number.NaN),
  );
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(minutes, (m) => column[m]!);
  const starts = Float64Array.from(minutes, (m) => candles.startUs + m * MINUTE_US);
  const columns = {
    bar_start_us: starts,
    bar_end_us: starts.map((time) => time + MINUTE_US),
    open: take(candles.open),
    high: take(candles.high),
    low: take(candles.low),
    close: take(candles.close),
    volume: take(candles.volume),
  };
  await writeDerived(store, candleFolder(key), columns, {});
}

/** Candles of trades, as their exchange would give them out. */
export function candlesOf(trades: Trades, minutes: number = DAY_MINUTES): ExchangeMinutes {
  const candles = new ExchangeMinutes(START_US, minutes);
  trades.price.forEach((price, i) => {
    candles.add(trades.timestampUs[i]!, price, trades.amount[i]!);
  });
  return candles;
}

/** Minutes of ticks without a book, made from candles. */
export function ticksOf(candles: ExchangeMinutes): TickMinutes {
  const { startUs, open, high, low, close, volume, trades } = candles;
  const none = new Float64Array(close.length);
  const book = { bookStates: none, validBookUs: none, bookSource: null };
  return { startUs, open, high, low, close, volume, trades, ...book };
}

/** Some columns of candles changed. */
export function changed(
  candles: MinuteCandles,
  change: (column: Float64Array, name: keyof MinuteCandles) => Float64Array,
): MinuteCandles {
  const { startUs, open, high, low, close, volume } = candles;
  const columns = { open, high, low, close, volume };
  const entries = Object.entries(columns) as [keyof typeof columns, Float64Array][];
  const made = entries.map(([name, column]) => [name, change(column, name)]);
  return { startUs, ...Object.fromEntries(made) } as MinuteCandles;
}

/** Candles without those of some minutes. */
export function without(candles: MinuteCandles, isOut: (minute: number) => boolean): MinuteCandles {
  return changed(candles, (column, name) =>
    column.map((value, m) => (isOut(m) ? (name === "volume" ? 0 : Number.NaN) : value)),
  );
}

/** Seconds of the test's day as µs. */
export function atSecond(second: number): number {
  return START_US + second * SECOND_US;
}

/** Candles of a day without a quiet minute. */
export function filled(candles: MinuteCandles): Candles {
  const minutes = Array.from(candles.close.keys()).filter((m) => candles.close[m]! > 0);
  const barStartUs = Float64Array.from(minutes, (m) => candles.startUs + m * MINUTE_US);
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(minutes, (m) => column[m]!);
  return {
    barStartUs,
    barEndUs: barStartUs.map((time) => time + MINUTE_US),
    open: take(candles.open),
    high: take(candles.high),
    low: take(candles.low),
    close: take(candles.close),
    volume: take(candles.volume),
  };
}

/** Rows of some candles, in a given order. */
export function rowsOf(candles: Candles, rows: readonly number[]): Candles {
  const entries = Object.entries(candles) as [keyof Candles, Float64Array][];
  const picked = entries.map(([name, column]) => [
    name,
    Float64Array.from(rows, (i) => column[i]!),
  ]);
  return Object.fromEntries(picked) as unknown as Candles;
}
