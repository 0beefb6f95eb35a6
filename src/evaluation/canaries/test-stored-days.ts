// For tests only: two days of stored markets whose prices move all the time.
import { seededRandom } from "../../core/random.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { changeColumns, storeMarket, tradeColumns } from "../../features/test-market.js";
import { movingBook } from "../../features/test-moving-book.js";
import { shownMarket, storeShown } from "../../features/test-snapshots.js";
import type { Store } from "../../store/store.js";

const FROM = "2024-03-01";

export const DAYS: readonly [string, string] = [FROM, dateOf(dayStartUs(FROM) + DAY_US)];

/** A market of two symbols. */
export const MARKET: {
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly days: readonly string[];
} = { exchange: "binance", symbols: ["BTCUSDT", "ETHUSDT"], days: DAYS };

/** What is computed of it: volume looks back on a day, the others on minutes. */
export const FEATURES: readonly string[] = [
  ...["close", "volume", "log_ret_5", "obi_l1", "ofi_norm", "tfi", "hour_sin"],
];

/** What a symbol's days are stored as. */
export interface StoredDays {
  readonly seed: number;
  readonly exchange: string;
  readonly symbol: string;
  readonly source: "changes" | "snapshots" | "tape";
}

/** What was asked for, where nothing is missing for it. */
export function there<Result>(result: Result): Exclude<Result, Shortfall> {
  if (isShortfall(result)) throw new Error(result.what);
  return result as Exclude<Result, Shortfall>;
}

/** Two folds, whose tests are drawn from. */
export function foldsOf(dataset: Dataset): readonly Fold[] {
  return there(walkForwardFolds(dataset, { folds: 2 }));
}

/** Stores the days of one symbol, features not among them; gives its mid at any time. */
export async function storeDays(
  store: Store,
  { seed, exchange, symbol, source }: StoredDays,
): Promise<(timeUs: number) => number> {
  const random = seededRandom(seed, "trades");
  const book = movingBook(seed, FROM, DAYS.length, { gapUs: 30e6 });
  for (const date of DAYS) {
    const startUs = dayStartUs(date);
    const own = book.rows.filter(({ timeUs }) => timeUs >= startUs && timeUs < startUs + DAY_US);
    const trades = tradeColumns(
      own
        .filter((_, i) => i % 4 === 3)
        .map((row) => ({ ...row, price: book.midAt(row.timeUs), amount: 1 + random.below(9) })),
    );
    const day = { exchange, symbol, date };
    const market = { trades, bookChanges: changeColumns(own) };
    if (source === "changes") await storeMarket(store, day, market);
    else if (source === "snapshots")
      await storeShown(store, day, shownMarket(market, "book_snapshot_5"));
    else await storeMarket(store, day, { trades });
  }
  return book.midAt;
}
