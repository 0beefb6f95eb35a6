import fc from "fast-check";
import { seededRandom } from "../core/random.js";
import type { walkForwardFolds } from "./folds.js";
import type { Dataset } from "./matrix.js";

/** The columns of a dataset that splitting looks at. */
export type SplitColumns = Parameters<typeof walkForwardFolds>[0] &
  Pick<Dataset, "isAudited" | "horizonBars">;

/** A market as splitting sees it. */
export interface SplitMarket {
  readonly symbols: number;
  /** Bars of time; each symbol misses some of its own. */
  readonly bars: number;
  readonly barUs: number;
  readonly horizonBars: number;
  readonly latencyUs: number;
  /** Share of bars that a symbol has no row for, and share of rows that are not usable. */
  readonly missing: number;
  readonly unusable: number;
  /** Share of hours-like stretches that are bad. */
  readonly bad: number;
  /** True: labels end anywhere up to their horizon, as those of a barrier do. */
  readonly endsEarly: boolean;
  readonly seed: number;
}

/** Any market of this many bars. */
export function splitMarkets(
  bars: Readonly<Record<"min" | "max", number>>,
): fc.Arbitrary<SplitMarket> {
  return fc.record({
    symbols: fc.integer({ min: 1, max: 4 }),
    bars: fc.integer(bars),
    barUs: fc.constantFrom(1e6, 60e6, 300e6),
    horizonBars: fc.integer({ min: 1, max: 120 }),
    latencyUs: fc.constantFrom(0, 1, 500_000, 60e6),
    missing: fc.constantFrom(0, 0.02, 0.3),
    unusable: fc.constantFrom(0, 0.05),
    bad: fc.constantFrom(0, 0.02),
    endsEarly: fc.boolean(),
    seed: fc.nat(1e6),
  });
}

/** Rows of a market, symbols one after the other. */
export function splitColumns(market: SplitMarket): SplitColumns {
  const { symbols, bars, barUs, horizonBars, latencyUs, endsEarly } = market;
  const random = seededRandom(market.seed, "split columns");
  const column = {
    time: [] as number[],
    end: [] as number[],
    price: [] as number[],
    symbol: [] as number[],
  };
  const flags = {
    usable: [] as number[],
    predictable: [] as number[],
    bad: [] as number[],
    runStart: [] as number[],
  };
  for (let symbol = 0; symbol < symbols; symbol++) {
    let badUntil = -1;
    let runStart = column.time.length;
    for (let bar = 0; bar < bars; bar++) {
      if (random.uniform() < market.missing) {
        runStart = column.time.length;
        continue;
      }
      if (random.uniform() < market.bad / 20) badUntil = bar + 20;
      const time = 19_000 * 86_400e6 + bar * barUs;
      const horizonUs = horizonBars * barUs;
      column.time.push(time);
      column.end.push(
        time + latencyUs + (endsEarly ? Math.ceil(random.uniform() * horizonUs) : horizonUs),
      );
      column.symbol.push(symbol);
      const isUsable = random.uniform() >= market.unusable;
      flags.usable.push(Number(isUsable));
      flags.predictable.push(Number(isUsable || bar % 2 === 0));
      column.price.push(isUsable || bar % 3 === 0 ? 100 : Number.NaN);
      flags.bad.push(Number(bar < badUntil));
      flags.runStart.push(runStart);
    }
  }
  return {
    rows: column.time.length,
    barEndUs: Float64Array.from(column.time),
    labelEndUs: Float64Array.from(column.end),
    symbolIndex: Uint8Array.from(column.symbol),
    entryPrice: Float64Array.from(column.price),
    isUsable: Uint8Array.from(flags.usable),
    isPredictable: Uint8Array.from(flags.predictable),
    isBad: Uint8Array.from(flags.bad),
    isAudited: new Uint8Array(column.time.length).fill(1),
    runStart: Uint32Array.from(flags.runStart),
    barUs,
    horizonBars,
  };
}
