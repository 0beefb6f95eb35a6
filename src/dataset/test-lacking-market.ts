// For tests only: symbols whose book, or trades, or days are not there from the start.
import { seededRandom } from "../core/random.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { computeFeatures } from "../features/compute-features.js";
import { changeColumns, storeMarket, tradeColumns } from "../features/test-market.js";
import { movingBook } from "../features/test-moving-book.js";
import type { Store } from "../store/store.js";

const FROM = "2024-02-05";

export const EXCHANGE = "binance";
export const DAYS: readonly string[] = Array.from({ length: 5 }, (_, i) => {
  return dateOf(dayStartUs(FROM) + i * DAY_US);
});

/** How many of the first days lack something. */
export interface Lacking {
  readonly book?: number;
  readonly trades?: number;
  readonly all?: number;
}

/** Stores five days of each symbol, less what it lacks, and computes their features. */
export async function storeLacking(
  store: Store,
  market: Readonly<Record<string, Lacking>>,
): Promise<void> {
  for (const [seed, [symbol, lacks]] of Object.entries(market).entries()) {
    const book = movingBook(seed, FROM, DAYS.length, { gapUs: 50e6 });
    const random = seededRandom(seed, "trades");
    for (const [day, date] of DAYS.entries()) {
      if (day < (lacks.all ?? 0)) continue;
      const startUs = dayStartUs(date);
      const own = book.rows.filter(({ timeUs }) => timeUs >= startUs && timeUs < startUs + DAY_US);
      const trades = own
        .filter((_, i) => i % 4 === 3)
        .map((row) => ({ ...row, price: book.midAt(row.timeUs), amount: 1 + random.below(9) }));
      await storeMarket(
        store,
        { exchange: EXCHANGE, symbol, date },
        {
          ...(day < (lacks.trades ?? 0) ? {} : { trades: tradeColumns(trades) }),
          ...(day < (lacks.book ?? 0) ? {} : { bookChanges: changeColumns(own) }),
        },
      );
    }
  }
  const symbols = Object.keys(market);
  await computeFeatures(store, { exchange: EXCHANGE, symbols, days: DAYS, threads: 1 });
}
