// Which trades, or changes of the book, came in a window?
import { readBookChanges, readManifest, readTrades, type SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { extremeRows, largestRows } from "../downsample.js";
import type { PictureWindow } from "./finding-window.js";

/** Rows with a price in arrival order; all columns have the same length. */
export interface PricedRows {
  readonly timesUs: Float64Array;
  /** 1 buy or bid, −1 sell or ask, 0 unknown. */
  readonly side: Float64Array;
  readonly price: Float64Array;
  readonly amount: Float64Array;
  /** Rows that came in the window, also where not all are kept. */
  readonly count: number;
}

/** Beyond so many rows of a batch, the largest and the farthest are kept. */
const MOST_ROWS = 3000;

/**
 * Trades of a window; none where the store has none of that day. Where there are very many, the largest and those of the
 * lowest and highest prices.
 *
 * @param isFound - rows at these times are kept in any case
 * @throws {DataError} the partition is damaged
 */
export async function windowTicks(
  store: Store,
  day: SymbolDay & { readonly type: "trades" | "incremental_book_L2" },
  window: PictureWindow,
  isFound: (timeUs: number) => boolean,
): Promise<PricedRows> {
  const kept: [time: number, side: number, price: number, amount: number][] = [];
  let count = 0;
  const has = ((await readManifest(store, day))?.rows ?? 0) > 0;
  const batches = !has
    ? []
    : day.type === "trades"
      ? readTrades(store, day)
      : readBookChanges(store, day);
  for await (const { localTimestampUs: times, side, price, amount } of batches) {
    const from = times.findIndex((time) => time >= window.fromUs);
    if (from < 0) continue;
    const after = times.findIndex((time) => time > window.toUs);
    const to = after < 0 ? times.length : after;
    count += to - from;
    for (const row of keptRows(price.subarray(from, to), amount.subarray(from, to), (i) =>
      isFound(times[from + i]!),
    )) {
      const i = from + row;
      kept.push([times[i]!, side[i]!, price[i]!, amount[i]!]);
    }
    if (after >= 0) break;
  }
  const column = (at: number): Float64Array => Float64Array.from(kept, (row) => row[at]!);
  return { timesUs: column(0), side: column(1), price: column(2), amount: column(3), count };
}

/** Some of a table's rows. */
export function pickRows(rows: PricedRows, is: (row: number) => boolean): PricedRows {
  const picked = Array.from(rows.timesUs.keys()).filter(is);
  const of = (column: Float64Array): Float64Array =>
    Float64Array.from(picked, (row) => column[row]!);
  return {
    timesUs: of(rows.timesUs),
    side: of(rows.side),
    price: of(rows.price),
    amount: of(rows.amount),
    count: picked.length,
  };
}

function keptRows(
  price: Float64Array,
  amount: Float64Array,
  isFound: (row: number) => boolean,
): number[] {
  const all = Array.from(price.keys());
  if (all.length <= MOST_ROWS) return all;
  const rows = [
    ...largestRows(amount, MOST_ROWS / 2),
    ...extremeRows(price, MOST_ROWS / 2),
    ...all.filter(isFound),
  ];
  return [...new Set(rows)].sort((a, b) => a - b);
}
