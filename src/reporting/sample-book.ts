// What did the book look like at given times?
import { OrderBook, STALE_AFTER_US } from "../market/order-book.js";
import { readBookChanges, readColumns, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { type Ladder, ladderOf } from "./ladder.js";

/**
 * The whole book at given times, rebuilt from its changes: all rows that arrived up to a time are in it.
 *
 * @param timesUs - ascending
 * @returns one ladder a time; undefined where there was no valid book (no snapshot yet, crossed, or older than a minute)
 * @throws {DataError} the partition is missing or damaged
 */
export async function sampleChanges(
  store: Store,
  day: SymbolDay,
  timesUs: ArrayLike<number>,
): Promise<readonly (Ladder | undefined)[]> {
  const book = new OrderBook();
  const ladders: (Ladder | undefined)[] = [];
  const sampleUpTo = (endUs: number): void => {
    for (; ladders.length < timesUs.length && timesUs[ladders.length]! < endUs; ) {
      const timeUs = timesUs[ladders.length]!;
      ladders.push(book.isValidAt(timeUs) ? ladderOf(book, timeUs) : undefined);
    }
  };
  for await (const changes of readBookChanges(store, day)) {
    const times = changes.localTimestampUs;
    for (let from = 0, to = 0; from < times.length; from = to) {
      // What stood at a sample time is the state before the first later change.
      sampleUpTo(times[from]!);
      if (ladders.length === timesUs.length) return ladders;
      while (to < times.length && times[to] === times[from]) to++;
      book.apply(changes, from, to);
    }
  }
  sampleUpTo(Number.POSITIVE_INFINITY);
  return ladders;
}

/**
 * The levels of the last book snapshot at or before given times.
 *
 * @param timesUs - ascending
 * @returns one ladder a time; undefined where there was no valid book (none yet, crossed, or older than a minute)
 * @throws {DataError} the partition is missing or damaged
 */
export async function sampleSnapshots(
  store: Store,
  key: SymbolDay & { readonly type: "book_snapshot_5" | "book_snapshot_25" },
  timesUs: ArrayLike<number>,
): Promise<readonly (Ladder | undefined)[]> {
  const arrivals = await column(store, key, "local_timestamp");
  const rows = lastRows(arrivals, timesUs);
  const levels = key.type === "book_snapshot_5" ? 5 : 25;
  const picked: Record<string, Float64Array> = {};
  // One column at a time: a day of snapshots has a hundred, and all at once would not fit.
  for (const side of ["bids", "asks"]) {
    for (const field of ["price", "amount"]) {
      for (let i = 0; i < levels; i++) {
        const name = `${side}[${i}].${field}`;
        const values = await column(store, key, name);
        picked[name] = Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
      }
    }
  }
  const side = (name: string, field: string, k: number): Float64Array => {
    const values = Array.from({ length: levels }, (_, i) => picked[`${name}[${i}].${field}`]![k]!);
    const end = Array.from(
      { length: levels },
      (_, i) => picked[`${name}[${i}].price`]![k]!,
    ).findIndex(Number.isNaN);
    return Float64Array.from(values.slice(0, end < 0 ? levels : end));
  };
  return rows.map((row, k) => {
    const timeUs = timesUs[k]!;
    if (row < 0 || timeUs - arrivals[row]! > STALE_AFTER_US) return undefined;
    const ladder = {
      timeUs,
      bidPrice: side("bids", "price", k),
      bidAmount: side("bids", "amount", k),
      askPrice: side("asks", "price", k),
      askAmount: side("asks", "amount", k),
    };
    return ladder.bidPrice[0]! < ladder.askPrice[0]! ? ladder : undefined;
  });
}

/** The last row at or before each time; −1 where there is none. */
function lastRows(arrivals: Float64Array, timesUs: ArrayLike<number>): number[] {
  let row = -1;
  return Array.from(timesUs, (timeUs) => {
    while (row + 1 < arrivals.length && arrivals[row + 1]! <= timeUs) row++;
    return row;
  });
}

async function column(
  store: Store,
  key: Parameters<typeof sampleSnapshots>[1],
  name: string,
): Promise<Float64Array> {
  return (await readColumns(store, key, [name]))[name] as Float64Array;
}
