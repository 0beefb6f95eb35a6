// Small made-up comparisons of sources for tests of figures and tables; every number is drawn from a seed.

import { compareMinutes } from "../audit/sources/compare-minutes.js";
import type { SourceComparison } from "../audit/sources/compare-sources.js";
import { seededRandom } from "../core/random.js";
import { START_US } from "./test-market-samples.js";

/** What differs between samples. */
interface Sample {
  readonly minutes?: number;
  /** Share of minutes without a candle. */
  readonly missing?: number;
  /** How far the candles' closes scatter, bps. */
  readonly noiseBps?: number;
}

/** Ticks with a book against candles of another exchange, which miss some minutes. */
export function sampleComparison(
  symbol: string,
  { minutes = 2880, missing = 0.02, noiseBps = 3 }: Sample = {},
): SourceComparison {
  const random = seededRandom(7, symbol);
  let price = 60_000;
  const open = new Float64Array(minutes);
  const close = open.map((_, m) => {
    open[m] = price;
    price *= Math.exp(5e-4 * random.normal());
    return price;
  });
  const high = close.map((value, m) => Math.max(value, open[m]!) * 1.0001);
  const low = close.map((value, m) => Math.min(value, open[m]!) * 0.9999);
  const volume = close.map(() => random.exponential());
  const ticks = {
    ...{ startUs: START_US, open, high, low, close, volume },
    trades: close.map(() => 1 + random.poisson(40)),
    bookStates: close.map(() => random.poisson(400)),
    validBookUs: new Float64Array(minutes).fill(59e6),
    bookSource: "incremental_book_L2",
  } as const;
  const isMissing = Uint8Array.from(close, () => Number(random.uniform() < missing));
  const noisy = (column: Float64Array): Float64Array =>
    column.map((value, m) =>
      isMissing[m] === 1
        ? Number.NaN
        : value * 1.0004 * Math.exp(1e-4 * noiseBps * random.normal()),
    );
  const prices = { open: noisy(open), high: noisy(high), low: noisy(low), close: noisy(close) };
  const candles = {
    startUs: START_US,
    ...prices,
    volume: volume.map((v, m) => (isMissing[m] ? 0 : v)),
  };
  const compared = compareMinutes(ticks, candles);
  return {
    ...compared,
    days: ["2024-03-01", "2024-03-02"],
    ticks: { exchange: "binance", symbol, ...compared.ticks },
    candles: { exchange: "coinbase", symbol: `${symbol.slice(0, 3)}-USD`, ...compared.candles },
    isSameMarket: false,
    columns: { ticks, candles },
  };
}
