import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { DAY_US, dayStartUs, HOUR_US, MINUTE_US } from "../core/time.js";
import { labelsOf } from "../dataset/labels.js";
import type { Costs } from "../trading/costs.js";
import { type BacktestOptions, backtestLadder } from "./backtest-ladder.js";
import { type PlainBook, plainBacktest } from "./test-plain-backtest.js";
import type { TradedColumns } from "./trade-rows.js";

const START = dayStartUs("2024-03-01");
const FREE = { name: "free", feeBps: 0, fallbackHalfSpreadBps: 0 };
const DEAR = { name: "dear", feeBps: 10, fallbackHalfSpreadBps: 0 };

/** The rung of all costs, on the dataset's own prices. */
function backtest(
  dataset: TradedColumns,
  rows: Uint32Array,
  probability: ArrayLike<number>,
  costs: Costs,
  options: BacktestOptions = {},
) {
  const traded = { dataset: { ...dataset, labelKind: "mid" as const }, rows, probability };
  return backtestLadder({ ...traded, costs, ...options }).rungs.at(-1)!;
}

function market(
  prices: readonly number[],
  { symbols = 1, horizonBars = 1, barUs = MINUTE_US } = {},
) {
  const rows = prices.length;
  const bars = rows / symbols;
  const index = Array.from({ length: rows }, (_, i) => i);
  const barEndUs = Float64Array.from(index, (i) => START + ((i % bars) + 1) * barUs);
  return {
    exchange: "simulated",
    symbols: Array.from({ length: symbols }, (_, s) => `S${s}`),
    symbolIndex: Uint8Array.from(index, (i) => Math.floor(i / bars)),
    barEndUs,
    labelEndUs: barEndUs.map((endUs) => endUs + horizonBars * barUs),
    entryPrice: Float64Array.from(prices),
    halfSpreadBps: new Float64Array(rows),
    barUs,
    latencyUs: 0,
    horizonUs: horizonBars * barUs,
    horizonBars,
    all: Uint32Array.from(index),
  };
}

test("by hand: long over +1 %, short over −1 %, closed at the end, 10 bps a side", () => {
  const data = market([100, 101, 99.99]);
  const result = backtest(data, data.all, [0.9, 0.1, 0.9], DEAR);
  expect(result.grossReturn).toBeCloseTo(0.02, 12);
  // In 1, over 2, out 1: four sides of 10 bps.
  expect(result.grossReturn - result.netReturn).toBeCloseTo(0.004, 12);
  expect(result.turnoverADay).toBeCloseTo(4 * (1440 / 3), 9);
  expect(result.sideCostBps).toBeCloseTo(10, 9);
  expect(result.breakEvenCostBps).toBeCloseTo(50, 9);
  // Three minutes are no tested day.
  expect(result.daily).toEqual([]);
});

test("a constant ½ trades nothing and earns nothing", () => {
  const data = market([100, 102, 101, 105]);
  const result = backtest(data, data.all, [0.5, 0.5, 0.5, 0.5], DEAR);
  expect([result.grossReturn, result.netReturn, result.maxDrawdown]).toEqual([0, 0, 0]);
  expect(result.sharpe.estimate).toBeNaN();
});

test("every figure is that of a plain backtest, over symbols, horizons, gaps of hours and days, and missing prices", () => {
  const bars = fc.array(
    fc.record({
      price: fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: 50, max: 150, noNaN: true }) },
        {
          weight: 1,
          arbitrary: fc.constant(Number.NaN),
        },
      ),
      probability: fc.constantFrom(0, 0.45, 0.5, 0.56, 0.7, Number.NaN),
      halfSpreadBps: fc.constantFrom(0, 3, 40, Number.NaN),
      gap: fc.constantFrom(1, 1, 1, 2, 3, 6, 9),
      endsAfter: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 12, maxLength: 12 },
  );
  const settings = fc.record({
    symbols: fc.constantFrom(1, 2, 3),
    horizonBars: fc.integer({ min: 1, max: 5 }),
    threshold: fc.constantFrom(0, 0.055),
    minimumOrderUsd: fc.constantFrom(0.01, 400),
    capitalUsd: fc.constantFrom(1000, 100_000),
  });
  const costs = { name: "dear", feeBps: 10, fallbackHalfSpreadBps: 7 };
  // Six bars a day, of which three make a tested one.
  const barUs = 240 * MINUTE_US;
  fc.assert(
    fc.property(bars, settings, (all, { symbols, horizonBars, ...stake }) => {
      const data = market(
        all.map(({ price }) => price),
        { symbols, horizonBars, barUs },
      );
      const { barEndUs, labelEndUs, symbolIndex, halfSpreadBps } = data;
      all.forEach(({ gap, endsAfter, halfSpreadBps: half }, i) => {
        const isFirst = i % (12 / symbols) === 0;
        barEndUs[i] = isFirst ? START + barUs : barEndUs[i - 1]! + gap * barUs;
        labelEndUs[i] = barEndUs[i]! + Math.min(horizonBars, endsAfter) * barUs;
        halfSpreadBps[i] = half;
      });
      const rows = all.map(({ price, probability, halfSpreadBps: half }, i) => {
        const spread = (price * (Number.isNaN(half) ? costs.fallbackHalfSpreadBps : half)) / 1e4;
        const size = Number.POSITIVE_INFINITY;
        const quotes = { bids: [[price - spread, size]], asks: [[price + spread, size]] } as const;
        const book: PlainBook = Number.isNaN(price) ? undefined : quotes;
        const symbol = `S${symbolIndex[i]}`;
        const isPriced = book !== undefined;
        const times = { barEndUs: barEndUs[i]!, labelEndUs: labelEndUs[i]! };
        return { symbol, ...times, isPriced, probability, decision: book, order: book };
      });
      const { feeBps } = costs;
      const shared = { horizonBars, barUs, labelLatencyUs: 0, delayUs: 0, feeBps, ...stake };
      const plain = plainBacktest(rows, { rule: "touch", ...shared });
      const probability = all.map((bar) => bar.probability);
      const result = backtest(data, data.all, probability, costs, stake);
      expect(result.grossReturn).toBeCloseTo(plain.gross, 12);
      expect(result.netReturn).toBeCloseTo(plain.net, 12);
      expect(result.fees).toBeCloseTo(plain.fees, 12);
      expect(result.trades).toBe(plain.trades);
      const days = result.equity.timeUs.length / 6;
      expect(result.turnoverADay * days).toBeCloseTo(plain.turnover, 11);
      // Without an order there is no share.
      if (plain.ordered > 0) expect(result.unfilledShare).toBeCloseTo(plain.unfilledShare, 12);
      else expect(result.unfilledShare).toBeNaN();
      expect(result.lateStakes).toBe(plain.lateStakes);
      expect(result.leftOpen).toBeCloseTo(plain.leftOpen, 12);
      expect(result.daily.map(({ date }) => date)).toEqual([...plain.daily.keys()]);
      for (const { date, gross, net } of result.daily) {
        expect(gross).toBeCloseTo(plain.daily.get(date)!.gross, 12);
        expect(net).toBeCloseTo(plain.daily.get(date)!.net, 12);
      }
      expect(result.equity.net.at(-1)).toBe(result.netReturn);
    }),
    { seed: 42, numRuns: 300 },
  );
});

test("capital, threshold and order size out of range are refused by name", () => {
  const data = market([100, 101]);
  const run = (options: object) => () => backtest(data, data.all, [1, 1], FREE, options);
  expect(run({ capitalUsd: 0 })).toThrow(/capitalUsd: was 0/);
  expect(run({ threshold: 0.6 })).toThrow(/threshold: was 0.6/);
  expect(run({ minimumOrderUsd: 0 })).toThrow(/minimumOrderUsd: was 0, expected at least 0.01/);
});

test("a horizon that ends between bars is refused: its stakes would be held on to the next bar's end", () => {
  const data = { ...market([100, 101]), horizonUs: 5e6 };
  expect(() => backtest(data, data.all, [1, 1], FREE)).toThrow(
    /horizon: was 5 s, which ends between bars of 60 s/,
  );
  const long = { ...data, horizonUs: 90e6, horizonBars: 2 };
  expect(() => backtest(long, data.all, [1, 1], FREE)).toThrow(/horizon: was 90 s/);
});

test("no rows give no days, no return and no Sharpe ratio", () => {
  const data = market([100, 101]);
  const result = backtest(data, new Uint32Array(0), [], FREE);
  expect(result).toMatchObject({ netReturn: 0, trades: 0, daily: [] });
  expect(result.sharpe.estimate).toBeNaN();
});

test("a gap of a day is carried over, and a longer one closes the position before it and begins anew after", () => {
  const data = market([100, 101, 150, 153], { barUs: HOUR_US, horizonBars: 9 });
  const afterGap = (gapUs: number) => {
    const first = START + 2 * HOUR_US;
    const barEndUs = Float64Array.of(
      START + HOUR_US,
      first,
      first + gapUs,
      first + gapUs + HOUR_US,
    );
    const labelEndUs = barEndUs.map((endUs) => endUs + 9 * HOUR_US);
    return backtest({ ...data, barEndUs, labelEndUs }, data.all, [1, 0.5, 1, 0.5], DEAR);
  };
  // Ninths of the capital: one from 100 to 153, which the day has made due, then one over 2 %.
  const carried = afterGap(DAY_US);
  expect(carried.grossReturn).toBeCloseTo(0.5 / 9 + 0.02 / 9, 12);
  expect(carried.equity.gross[2]).toBeCloseTo(0.5 / 9, 12);
  const closed = afterGap(DAY_US + HOUR_US);
  expect(closed.grossReturn).toBeCloseTo(0.01 / 9 + 0.02 / 9, 12);
  expect(closed.trades).toBe(4);
  expect(closed.fees).toBeCloseTo((1e-3 * (1 + 1.01 + 1 + 1.02)) / 9, 12);
});

test("by hand: a stake is sold where its label's barrier is met, the others at the horizon", () => {
  const data = market([100, 103, 101, 90, 90], { horizonBars: 3 });
  // Half a second after a bar's end the price is looked at: the first label's barrier is met one bar later.
  const latencyUs = 500_000;
  const labelEndUs = data.barEndUs.map(
    (endUs, i) => endUs + latencyUs + [1, 3, 3][i % 3]! * MINUTE_US,
  );
  const result = backtest(
    { ...data, latencyUs, labelEndUs },
    data.all,
    [1, 0, 0.5, 0.5, 0.5],
    FREE,
  );
  expect(result.grossReturn).toBeCloseTo((0.03 + 13 / 103) / 3, 12);
  expect([...result.equity.gross].map((value) => 3 * value)).toEqual(
    [0, 0.03, 0.03 + 2 / 103, 0.03 + 13 / 103, 0.03 + 13 / 103].map((value) =>
      expect.closeTo(value, 12),
    ),
  );
});

test("the bet is the label: with barriers and without costs, tranches earn what the labels returned", () => {
  const calls = fc.record({
    seed: fc.nat(1e6),
    horizonBars: fc.integer({ min: 1, max: 9 }),
    deviations: fc.constantFrom(0.3, 0.7, 1.5),
    latencyUs: fc.constantFrom(0, 500_000),
  });
  fc.assert(
    fc.property(calls, ({ seed, horizonBars, deviations, latencyUs }) => {
      const random = seededRandom(seed, "barriers");
      let price = 100;
      const prices = Array.from({ length: 120 }, () => {
        price *= Math.exp(0.01 * random.normal());
        return random.uniform() < 0.03 ? Number.NaN : price;
      });
      const data = market(prices, { horizonBars });
      const { barEndUs, entryPrice, barUs } = data;
      const rule = { kind: "triple-barrier", deviations, volatilityBars: 4 } as const;
      const { outcome, labelReturn, labelEndUs } = labelsOf(
        { barEndUs, entryPrice, knownPrice: entryPrice },
        { rule, barUs, horizonUs: horizonBars * barUs, latencyUs },
      );
      const probability = Array.from(outcome, (label) => {
        return Number.isNaN(label) ? 0.5 : Number(random.uniform() < 0.5);
      });
      // Σ ± (e^r − 1) / h: a tranche is a share of the capital at its entry.
      const expected = probability.reduce((sum, call, i) => {
        const earned = call === 0.5 ? 0 : (2 * call - 1) * Math.expm1(labelReturn[i]!);
        return sum + earned / horizonBars;
      }, 0);
      const stake = { minimumOrderUsd: 0.01, capitalUsd: 1e9 };
      const bars = { ...data, labelEndUs, latencyUs };
      const result = backtest(bars, data.all, probability, FREE, stake);
      expect(result.grossReturn).toBeCloseTo(expected, 9);
    }),
    { seed: 82 },
  );
});

test("the drawdown is the largest fall from a peak", () => {
  const data = market([100, 110, 99, 120]);
  const { maxDrawdown } = backtest(data, data.all, [1, 1, 1, 1], FREE);
  expect(maxDrawdown).toBeCloseTo(0.1, 12);
});
