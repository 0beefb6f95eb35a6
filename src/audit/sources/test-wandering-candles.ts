// Days of one-minute candles whose price wanders, for tests.
import { seededRandom } from "../../core/random.js";
import { DAY_US, dateOf } from "../../core/time.js";
import type { Store } from "../../store/store.js";
import { START_US, storeCandles } from "./test-sources.js";

const DAYS: readonly string[] = Array.from({ length: 4 }, (_, d) => dateOf(START_US + d * DAY_US));

/** How what is stored is asked for. */
export const MARKET: {
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly days: readonly string[];
  readonly source: "candles";
} = { exchange: "bitfinex", symbols: ["BTCUSD"], days: DAYS, source: "candles" };

/**
 * Stores the days.
 *
 * @param trend - size of a drift of some minutes, so that there is something to learn; 0 for a random walk
 */
export async function storeWanderingCandles(store: Store, trend: number): Promise<void> {
  const random = seededRandom(1, "walk");
  const open = new Float64Array(1440 * DAYS.length);
  let [price, drift] = [60_000, 0];
  const close = open.map((_, m) => {
    open[m] = price;
    drift = 0.97 * drift + trend * random.normal();
    price *= Math.exp(2e-4 * (drift + random.normal()));
    return price;
  });
  const high = close.map((value, m) => Math.max(value, open[m]!));
  const low = close.map((value, m) => Math.min(value, open[m]!));
  const volume = close.map(() => 1 + random.exponential());
  const candles = { startUs: START_US, open, high, low, close, volume };
  for (const date of DAYS) {
    await storeCandles(store, { exchange: "bitfinex", symbol: "BTCUSD", date }, candles);
  }
}
