import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { standardDeviation } from "../core/statistics.js";
import { DAY_US, MINUTE_US } from "../core/time.js";
import { type EquitySeries, equitySeries } from "./equity-series.js";
import { evaluate } from "./evaluate.js";
import { persistentMarket } from "./test-persistent-market.js";
import { tradingIntervals } from "./trading-intervals.js";

const BARS = 2000;
const OPTIONS = { blockUs: 20 * MINUTE_US, barUs: MINUTE_US, seed: 1 };

/** Equity of one symbol, a bar a minute, from what each bar added. */
function equityOf(
  gross: Float64Array,
  { cost = 0, turnover = 1 }: { readonly cost?: number; readonly turnover?: number } = {},
): EquitySeries {
  return equitySeries(
    Float64Array.from(gross, (_, i) => (i + 1) * MINUTE_US),
    { gross, net: gross.map((value) => value - cost), turnover: gross.map(() => turnover) },
  );
}

/** What bars add, each as often in a row as asked. */
function noise(seed: number, { mean = 0, repeat = 1 } = {}): Float64Array {
  const random = seededRandom(seed, "trading intervals test");
  const drawn = Array.from({ length: BARS / repeat }, () => mean + 1e-4 * random.normal());
  return Float64Array.from({ length: BARS }, (_, i) => drawn[Math.floor(i / repeat)]!);
}

test("the estimates are the figures of the backtest, and all of them have intervals", () => {
  const dataset = persistentMarket(0.4, 2);
  const rows = Uint32Array.from({ length: dataset.rows }, (_, row) => row).slice(0, 600);
  const random = seededRandom(3, "probabilities");
  const probability = Float64Array.from(rows, () => 0.3 + 0.4 * random.uniform());
  const [model] = evaluate({
    dataset,
    folds: [],
    models: [{ model: "any", rows, probability }],
  }).models;
  const { rungs } = model!.ladder;
  expect(rungs.length).toBeGreaterThan(1);
  for (const [i, { intervals, ...rung }] of rungs.entries()) {
    for (const name of ["grossReturn", "netReturn", "turnoverADay", "maxDrawdown"] as const) {
      expect(intervals[name].estimate).toBeCloseTo(rung[name], 10);
      expect(intervals[name].lower).toBeLessThan(intervals[name].upper);
      expect(intervals[name].effectiveRows).toBeGreaterThan(0);
    }
    expect(intervals.sideCostBps.estimate).toBeCloseTo(rung.sideCostBps, 6);
    expect(intervals.breakEvenCostBps.estimate).toBeCloseTo(rung.breakEvenCostBps, 6);
    const above = rungs[i - 1]?.netReturn;
    if (above === undefined) expect(intervals).not.toHaveProperty("overPrevious");
    else expect(intervals.overPrevious!.estimate).toBeCloseTo(rung.netReturn - above, 10);
  }
  expect(model!.backtest.intervals).toBe(rungs.at(-1)!.intervals);
  expect(model!.withoutBad.backtest.intervals).toEqual(model!.backtest.intervals);
});

test("the error of a return is that of a sum: √n of independent bars, and √10 times more where ten bars are one", () => {
  for (const repeat of [1, 10]) {
    const gross = noise(5, { repeat });
    const [found] = tradingIntervals([equityOf(gross)], { ...OPTIONS, blockUs: 60 * MINUTE_US });
    const { standardError, effectiveRows } = found!.netReturn;
    const formula = standardDeviation(gross) * Math.sqrt(BARS * repeat);
    expect(Math.abs(standardError / formula - 1)).toBeLessThan(0.25);
    expect(Math.abs(effectiveRows / (BARS / repeat) - 1)).toBeLessThan(0.5);
  }
});

test("19 of 20 intervals of a return hold what was to be expected", () => {
  const mean = 5e-6;
  let within = 0;
  for (let seed = 0; seed < 60; seed++) {
    const [found] = tradingIntervals([equityOf(noise(100 + seed, { mean }))], OPTIONS);
    const { lower, upper } = found!.netReturn;
    within += Number(lower <= mean * BARS && mean * BARS <= upper);
  }
  // 57 to be expected of 60, less three standard deviations of 1.7.
  expect(within).toBeGreaterThanOrEqual(52);
});

test("rungs are paired: a cost that every bar pays has no interval, however far returns scatter", () => {
  const gross = noise(7);
  const [mid, costs] = tradingIntervals(
    [equityOf(gross), equityOf(gross, { cost: 1e-5 })],
    OPTIONS,
  );
  const over = costs!.overPrevious!;
  expect(over.estimate).toBeCloseTo(-1e-5 * BARS, 12);
  expect(over.upper - over.lower).toBeLessThan(1e-12);
  expect(mid!.netReturn.upper - mid!.netReturn.lower).toBeGreaterThan(0.01);
  expect(costs!.sideCostBps.estimate).toBeCloseTo(0.1, 9);
  expect(costs!.turnoverADay.estimate).toBeCloseTo(DAY_US / MINUTE_US, 9);
});

test("a fall is measured along each path: none where every bar gains, and about that of a random walk else", () => {
  const rising = noise(9).map(Math.abs);
  const [up] = tradingIntervals([equityOf(rising)], OPTIONS);
  expect(up!.maxDrawdown).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
  // The largest fall of a driftless walk of n steps σ averages √(π/2)·σ·√n.
  const [walk] = tradingIntervals([equityOf(noise(11))], OPTIONS);
  const expected = Math.sqrt(Math.PI / 2) * 1e-4 * Math.sqrt(BARS);
  expect(walk!.maxDrawdown.lower).toBeLessThan(expected);
  expect(walk!.maxDrawdown.upper).toBeGreaterThan(expected);
});

test("bars of fewer than three blocks tell no interval of a return, and those of three a wide one", () => {
  const of = (blockBars: number) =>
    tradingIntervals([equityOf(noise(13))], { ...OPTIONS, blockUs: blockBars * MINUTE_US })[0]!
      .netReturn;
  for (const blockBars of [BARS / 2.9, BARS, 2 * BARS]) {
    expect(of(blockBars)).toMatchObject({ lower: Number.NaN, upper: Number.NaN, effectiveRows: 0 });
  }
  const wide = of(Math.floor(BARS / 3));
  expect(wide.upper - wide.lower).toBeGreaterThan(3.92 * wide.standardError);
});

test("without a trade no cost a side is known, and without bars nothing is", () => {
  const still = new Float64Array(60);
  const [idle] = tradingIntervals([equityOf(still, { turnover: 0 })], OPTIONS);
  expect(idle!.netReturn).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
  expect(idle!.sideCostBps).toMatchObject({ estimate: Number.NaN, effectiveRows: 0 });
  const [none] = tradingIntervals([equityOf(new Float64Array(0))], OPTIONS);
  expect(none!.netReturn).toMatchObject({ lower: Number.NaN, effectiveRows: 0 });
});
