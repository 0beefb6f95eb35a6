// For tests only: two days of stored markets whose prices move all the time.
import { storeCandles } from "../../audit/sources/test-sources.js";
import { seededRandom } from "../../core/random.js";
import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../../core/time.js";
import { changeColumns, storeMarket, tradeColumns } from "../../features/test-market.js";
import { movingBook } from "../../features/test-moving-book.js";
import { shownMarket, storeShown } from "../../features/test-snapshots.js";
import type { MinuteCandles } from "../../market/exchange-minutes.js";
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

/** Stores the days of one symbol; their features are not computed. */
export async function storeDays(
  store: Store,
  { seed, exchange, symbol, source }: StoredDays,
): Promise<void> {
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
    else {
      await storeMarket(store, day, { trades });
      await storeCandles(store, day, minutesOf(startUs, book.midAt));
    }
  }
}

/** Candles of a day whose minutes open at the first price and close at the last; nothing was traded in some. */
function minutesOf(startUs: number, priceAt: (timeUs: number) => number): MinuteCandles {
  const at = (delayUs: number): Float64Array =>
    Float64Array.from({ length: 1440 }, (_, m) => priceAt(startUs + m * MINUTE_US + delayUs));
  const [open, close] = [at(2e6), at(59e6)];
  const high = open.map((price, m) => Math.max(price, close[m]!));
  const low = open.map((price, m) => Math.min(price, close[m]!));
  return { startUs, open, high, low, close, volume: open.map((price, m) => (m * price) % 7) };
}
