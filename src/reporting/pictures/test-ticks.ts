// For tests only: a quarter of an hour of one symbol, of every type, in a store.
import {
  candlesOf,
  DATE,
  freshStore,
  START_US,
  storeCandles,
} from "../../audit/sources/test-sources.js";
import { HOUR_US, SECOND_US } from "../../core/time.js";
import type { Column } from "../../store/column.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { DataType } from "../../store/tables.js";
import { writePartition } from "../../store/write.js";

/** Where the ticks begin and end, µs. */
export const FIRST_US: number = START_US + HOUR_US;
export const LAST_US: number = FIRST_US + 900 * SECOND_US;

/** Whose ticks they are. */
export const DAY: SymbolDay = { exchange: "binance", symbol: "BTCUSDT", date: DATE };

/** The same symbol, of which only trades are stored, and one of which nothing is. */
export const TRADES_ONLY: SymbolDay = { ...DAY, symbol: "ETHUSDT" };
export const NOTHING: SymbolDay = { ...DAY, symbol: "SOLUSDT" };

const SOURCE = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;

/** The store, and what removes it: a state a second whose bid rises and falls, a trade every two seconds. */
export async function tickStore(): Promise<Awaited<ReturnType<typeof freshStore>>> {
  const fresh = await freshStore();
  const { store } = fresh;
  const seconds = Array.from({ length: 900 }, (_, i) => i);
  const localUs = Float64Array.from(seconds, (i) => FIRST_US + i * SECOND_US);
  const exchangeUs = localUs.map((time) => time - 5000);
  const ones = localUs.map(() => 1);
  const bid = localUs.map((_, i) => bidAt(i));
  const ask = bid.map((price) => price + 1);
  await put(store, { ...DAY, type: "quotes" }, [exchangeUs, localUs, ones, ask, bid, ones]);
  const levels = [ask, ones, bid, ones];
  const deeper = [1, 2, 3, 4].flatMap((depth) => [
    ask.map((price) => price + depth),
    ones,
    bid.map((price) => price - depth),
    ones,
  ]);
  await put(store, { ...DAY, type: "book_snapshot_5" }, [
    exchangeUs,
    localUs,
    ...levels,
    ...deeper,
  ]);
  await putBook(store, localUs);
  const evens = localUs.filter((_, i) => i % 2 === 0);
  const price = evens.map((_, i) => bidAt(2 * i) + (i % 3 === 0 ? 0 : 1));
  const trades = [
    evens.map((time) => time - 5000),
    evens,
    Array.from(evens, (_, i) => String(i)),
    Int8Array.from(evens, (_, i) => (i % 3 === 0 ? -1 : 1)),
    price,
    evens.map((_, i) => 1 + (i % 7)),
  ];
  await put(store, { ...DAY, type: "trades" }, trades);
  await put(store, { ...TRADES_ONLY, type: "trades" }, trades);
  const none = ones.map(() => Number.NaN);
  const ticker = [exchangeUs, localUs, none, ones, none, ones, bid, bid, ask];
  await put(store, { ...DAY, type: "derivative_ticker" }, ticker);
  const [, local, , side, , amount] = trades as [
    unknown,
    Float64Array,
    unknown,
    Int8Array,
    unknown,
    Float64Array,
  ];
  const made = { localTimestampUs: local, timestampUs: local, side, price, amount };
  await storeCandles(store, DAY, candlesOf(made));
  return fresh;
}

function bidAt(second: number): number {
  return 100 + (second % 60 < 30 ? second % 30 : 30 - (second % 30));
}

/** A snapshot, then each second the old best prices go and the new ones come. */
async function putBook(store: Store, localUs: Float64Array): Promise<void> {
  const rows = Array.from(localUs, (timeUs, i) =>
    [1, -1].flatMap((side) => {
      const now = bidAt(i) + (side === 1 ? 0 : 1);
      const before = i === 0 ? now : bidAt(i - 1) + (side === 1 ? 0 : 1);
      const old = before === now ? [] : [{ timeUs, side, price: before, amount: 0, isFirst: 0 }];
      return [...old, { timeUs, side, price: now, amount: 1 + (i % 5), isFirst: Number(i === 0) }];
    }),
  ).flat();
  await put(store, { ...DAY, type: "incremental_book_L2" }, [
    Float64Array.from(rows, ({ timeUs }) => timeUs - 5000),
    Float64Array.from(rows, ({ timeUs }) => timeUs),
    Uint8Array.from(rows, ({ isFirst }) => isFirst),
    Int8Array.from(rows, ({ side }) => side),
    Float64Array.from(rows, ({ price }) => price),
    Float64Array.from(rows, ({ amount }) => amount),
  ]);
}

async function put(
  store: Store,
  key: SymbolDay & { readonly type: DataType },
  columns: readonly Column[],
): Promise<void> {
  await writePartition(store, key, async ({ append }) => {
    append([...columns], columns[0]!.length);
    return { source: SOURCE, rejected: {} };
  });
}
