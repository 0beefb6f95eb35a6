// Ages of a whole symbol's rows, for features that are looked at one after the other.
import type { StreamAge, StreamClock } from "../stream-clock.js";

/** Rows of one day, as far as ages depend on them. */
export interface AgedRows {
  readonly barEndUs: Float64Array;
  /** NaN before the stream's first trade. */
  readonly close: Float64Array;
  readonly valid: BigUint64Array;
}

/** Ages of rows, a column each. */
export type RowAges = { readonly [name in keyof StreamAge]: Int32Array };

/** Ages of no rows yet. */
export function newAges(rows: number): RowAges {
  return {
    sinceTrade: new Int32Array(rows),
    sinceBook: new Int32Array(rows),
    sinceMidnight: new Int32Array(rows),
    quietBars: new Int32Array(rows),
    bookBars: new Int32Array(rows),
  };
}

/**
 * Takes the next day.
 *
 * @param ages - where the ages of its rows go, from row `at` on
 */
export function takeDay(
  clock: StreamClock,
  { barEndUs, close, valid }: AgedRows,
  ages: RowAges,
  at: number,
): void {
  for (let row = 0; row < barEndUs.length; row++) {
    clock.next(barEndUs[row]!, close[row]!, valid[row]!);
    ages.sinceTrade[at + row] = clock.sinceTrade;
    ages.sinceBook[at + row] = clock.sinceBook;
    ages.sinceMidnight[at + row] = clock.sinceMidnight;
    ages.quietBars[at + row] = clock.quietBars;
    ages.bookBars[at + row] = clock.bookBars;
  }
}

/** Age of one row. */
export function ageOf(ages: RowAges, row: number): StreamAge {
  return {
    sinceTrade: ages.sinceTrade[row]!,
    sinceBook: ages.sinceBook[row]!,
    sinceMidnight: ages.sinceMidnight[row]!,
    quietBars: ages.quietBars[row]!,
    bookBars: ages.bookBars[row]!,
  };
}
