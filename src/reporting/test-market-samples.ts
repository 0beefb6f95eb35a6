// Small made-up ticks and books for tests of figures; every number is drawn from a seed.

import { seededRandom } from "../core/random.js";
import { type BookWindow, nearDepth } from "./book-window.js";
import { depthGrid } from "./depth-grid.js";
import type { MarketWindow } from "./figures/price-and-trades.js";
import type { SpreadOverDay } from "./spread-profile.js";
import type { StoredVolume } from "./store-volumes.js";
import type { UpdateRates } from "./update-rates.js";

/** Where all samples begin, µs. */
export const START_US: number = Date.UTC(2024, 2, 1) * 1000;

/** Symbols of all samples. */
export const SYMBOLS: readonly string[] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

/** Quotes and trades of a quarter of an hour. */
export function sampleWindow(): MarketWindow {
  const random = seededRandom(1, "window");
  const n = 9000;
  const timestampUs = Float64Array.from({ length: n }, (_, i) => START_US + i * 1e5);
  const mid = walk(n, 60_000, 1.2, random.normal);
  const half = Float64Array.from({ length: n }, () => 0.5 + random.below(4));
  const trades = Array.from({ length: 700 }, () => random.below(n)).sort((a, b) => a - b);
  const side = Int8Array.from(trades, () => (random.uniform() < 0.5 ? 1 : -1));
  const tradeUs = Float64Array.from(trades, (i) => timestampUs[i]! + 5);
  return {
    symbol: "BTCUSDT",
    source: "quotes",
    quotes: {
      localTimestampUs: timestampUs,
      timestampUs,
      bidPrice: mid.map((price, i) => price - half[i]!),
      askPrice: mid.map((price, i) => price + half[i]!),
      bidAmount: new Float64Array(n).fill(1),
      askAmount: new Float64Array(n).fill(1),
    },
    trades: {
      localTimestampUs: tradeUs,
      timestampUs: tradeUs,
      side,
      price: Float64Array.from(trades, (i, k) => mid[i]! + side[k]! * half[i]!),
      amount: Float64Array.from(trades, () => 0.2 * random.exponential() ** 2),
    },
  };
}

/** A book looked at 60 times. */
export function sampleBook(): BookWindow {
  const random = seededRandom(2, "ladder");
  const levels = Float64Array.from({ length: 20 }, (_, i) => i);
  const amount = (): number => 0.2 + 3 * random.exponential();
  const ladders = Array.from({ length: 60 }, (_, k) => ({
    timeUs: START_US + 5e6 * k,
    bidPrice: levels.map((i) => 59_999.5 - 0.5 * (i + Math.floor(k / 9))),
    bidAmount: levels.map(amount),
    askPrice: levels.map((i) => 60_000 + 0.5 * (i - Math.floor(k / 9))),
    askAmount: levels.map(amount),
  }));
  const timesUs = Float64Array.from(ladders, ({ timeUs }) => timeUs);
  return {
    symbol: "BTCUSDT",
    source: "incremental_book_L2",
    grid: depthGrid(ladders, timesUs)!,
    bestBid: Float64Array.from(ladders, ({ bidPrice }) => bidPrice[0]!),
    bestAsk: Float64Array.from(ladders, ({ askPrice }) => askPrice[0]!),
    near: nearDepth(ladders),
    ladder: ladders[30]!,
    trades: sampleWindow().trades,
  };
}

/** Three streams of three symbols on three days. */
export function sampleVolumes(): readonly StoredVolume[] {
  const random = seededRandom(7, "volumes");
  const types = ["trades", "incremental_book_L2", "quotes"] as const;
  return types.flatMap((type) =>
    SYMBOLS.flatMap((symbol) =>
      ["2024-03-01", "2024-03-02", "2024-03-04"].map((date) => {
        const rows = 20_000 + random.below(9000);
        const bytes = { gzipBytes: 9 * rows, parquetBytes: 6 * rows };
        return { exchange: "binance", symbol, type, date, rows, rejected: 0, ...bytes };
      }),
    ),
  );
}

/** Half an hour with a hole in the middle. */
const SAMPLE_BINS = { startUs: START_US, binUs: 1e7, count: 180 } as const;

/** A spread with two gaps. */
export function sampleSpread(): SpreadOverDay {
  const random = seededRandom(8, "spread");
  const medianBps = Float64Array.from({ length: SAMPLE_BINS.count }, (_, i) =>
    i > 80 && i < 110 && i !== 95 ? Number.NaN : 1 + 0.3 * random.uniform(),
  );
  const profile = {
    symbol: "BTCUSDT",
    source: "quotes",
    bins: SAMPLE_BINS,
    lowBps: medianBps.map((value) => 0.5 * value),
    medianBps,
    highBps: medianBps.map((value) => 2 * value),
    dayMedianBps: 1.15,
    samples: 9060,
  } as const;
  return { date: "2024-03-01", profiles: [profile], missing: ["SOLUSDT"] };
}

/** Two streams that fall silent. */
export function sampleRates(): UpdateRates {
  const random = seededRandom(9, "rates");
  const rowsPerSecond = Float64Array.from({ length: SAMPLE_BINS.count }, (_, i) =>
    i > 80 && i < 110 ? 0 : 10 * random.exponential(),
  );
  const streams = (["trades", "quotes"] as const).map((type) => ({
    symbol: "BTCUSDT",
    type,
    rows: 15_000,
    rowsPerSecond,
  }));
  return { date: "2024-03-01", bins: SAMPLE_BINS, streams };
}

/** A random walk of normal steps. */
export function walk(n: number, start: number, step: number, normal: () => number): Float64Array {
  let level = start;
  return Float64Array.from({ length: n }, () => {
    level += step * normal();
    return level;
  });
}
