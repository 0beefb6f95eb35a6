// Figures with and without bad hours, against sums written out row by row.
import fc from "fast-check";
import { expect, test } from "vitest";
import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import { seededRandom } from "../core/random.js";
import { MINUTE_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { testDataset } from "../training/test-dataset.js";
import { calibrationError } from "./calibration-error.js";
import { evaluate } from "./evaluate.js";
import type { ModelEvaluation } from "./evaluate-model.js";
import { type PlainResult, plainBacktest } from "./test-plain-backtest.js";

const BARS = 300;
const COSTS = { name: "dear", feeBps: 10, fallbackHalfSpreadBps: 0 };

/** Two symbols over 300 bars of two and a half hours, so 31 days, with prices that wander. */
function market(seed: number, horizonBars: number, isBadRow: (row: number) => boolean): Dataset {
  const random = seededRandom(seed, "without bad");
  const base = testDataset(BARS, () => 0.5, seed);
  const barUs = 150 * MINUTE_US;
  let price = 100;
  return {
    ...base,
    barUs,
    horizonUs: horizonBars * barUs,
    horizonBars,
    barEndUs: base.barEndUs.map((time) => (time / 60e6) * barUs),
    labelEndUs: base.barEndUs.map((time) => (time / 60e6 + horizonBars) * barUs),
    entryPrice: base.entryPrice.map(() => {
      price *= Math.exp(0.01 * random.normal());
      return price;
    }),
    halfSpreadBps: base.halfSpreadBps.map(() => 3 * random.uniform()),
    labelReturn: base.labelReturn.map(() => 0.01 * random.normal()),
    isBad: Uint8Array.from({ length: base.rows }, (_, row) => Number(isBadRow(row))),
  };
}

function evaluated(dataset: Dataset, probability: Float64Array): ModelEvaluation {
  const rows = Uint32Array.from({ length: dataset.rows }, (_, row) => row);
  const models = [{ model: "logistic", rows, probability }];
  return evaluate({ dataset, folds: [], models, execution: { costs: COSTS }, replicates: 20 })
    .models[0]!;
}

/** Trades bar by bar: in a bad hour nothing is decided and nothing is paid, and what is held stays held. */
function plainFigures(dataset: Dataset, probability: Float64Array): PlainResult {
  const all = Array.from({ length: dataset.rows }, (_, row) => row);
  const sound = all.filter((row) => dataset.isBad[row] === 0);
  const rows = sound.map((row) => {
    const mid = dataset.entryPrice[row]!;
    const half = (mid * dataset.halfSpreadBps[row]!) / 1e4;
    const size = Number.POSITIVE_INFINITY;
    const book = { bids: [[mid - half, size]], asks: [[mid + half, size]] } as const;
    return {
      symbol: dataset.symbols[dataset.symbolIndex[row]!]!,
      barEndUs: dataset.barEndUs[row]!,
      labelEndUs: dataset.labelEndUs[row]!,
      probability: probability[row]!,
      isPriced: true,
      decision: book,
      order: book,
    };
  });
  const { horizonBars, barUs } = dataset;
  const { feeBps } = COSTS;
  const stake = { capitalUsd: 100_000, minimumOrderUsd: 5 };
  const shared = { horizonBars, barUs, labelLatencyUs: 0, delayUs: 0, feeBps };
  return plainBacktest(rows, { rule: "touch", ...shared, ...stake });
}

const settings = fc.record({
  seed: fc.integer({ min: 1, max: 1000 }),
  horizonBars: fc.integer({ min: 1, max: 7 }),
  every: fc.integer({ min: 20, max: 120 }),
  length: fc.integer({ min: 1, max: 9 }),
});

test("positions are carried through bad hours: gross, net and Sharpe are those of a plain loop", () => {
  fc.assert(
    fc.property(settings, ({ seed, horizonBars, every, length }) => {
      const dataset = market(seed, horizonBars, (row) => row % every < length);
      const random = seededRandom(seed, "probability");
      const probability = Float64Array.from({ length: dataset.rows }, () => random.uniform());
      const { withoutBad, backtest } = evaluated(dataset, probability);
      const plain = plainFigures(dataset, probability);
      expect(withoutBad.backtest.grossReturn).toBeCloseTo(plain.gross, 10);
      expect(withoutBad.backtest.netReturn).toBeCloseTo(plain.net, 10);
      const days = withoutBad.backtest.daily.map(({ date }) => plain.daily.get(date)!.net);
      expect(days).toHaveLength(plain.daily.size);
      const mean = days.reduce((sum, net) => sum + net, 0) / days.length;
      const variance = days.reduce((sum, net) => sum + (net - mean) ** 2, 0) / (days.length - 1);
      const sharpe = (mean / Math.sqrt(variance)) * Math.sqrt(365);
      const { estimate } = withoutBad.backtest.sharpe;
      if (days.length < FEWEST_SHARPE_DAYS) expect(estimate).toBeNaN();
      else expect(estimate).toBeCloseTo(sharpe, 6);
      const everything = plainFigures(
        { ...dataset, isBad: new Uint8Array(dataset.rows) },
        probability,
      );
      expect(backtest.netReturn).toBeCloseTo(everything.net, 10);
    }),
    { seed: 3, numRuns: 20 },
  );
});

test("prices and outcomes of bad hours move the figures with them and none of those without", () => {
  const dataset = market(4, 3, (row) => row % 60 < 6);
  const random = seededRandom(4, "probability");
  const probability = Float64Array.from({ length: dataset.rows }, () => random.uniform());
  const before = evaluated(dataset, probability);
  const wild = <Column extends Float64Array | Float32Array>(
    column: Column,
    value: number,
  ): Column => column.map((old, row) => (dataset.isBad[row] === 1 ? value : old)) as Column;
  const altered = {
    ...dataset,
    entryPrice: wild(dataset.entryPrice, 1e6),
    outcome: wild(dataset.outcome, 1),
    halfSpreadBps: wild(dataset.halfSpreadBps, 900),
  };
  const after = evaluated(altered, probability);
  expect(after.withoutBad).toEqual(before.withoutBad);
  expect(after.backtest.netReturn).not.toBe(before.backtest.netReturn);
  expect(after.metrics.brierLoss.estimate).not.toBe(before.metrics.brierLoss.estimate);
});

test("accuracy, Brier loss and calibration error without bad hours are means over the other rows", () => {
  const dataset = market(5, 3, (row) => row % 50 < 10);
  const random = seededRandom(5, "probability");
  const probability = Float64Array.from({ length: dataset.rows }, () => random.uniform());
  const { withoutBad, rows, badRows, badShare } = evaluated(dataset, probability);
  const sound = Array.from({ length: dataset.rows }, (_, row) => row).filter(
    (row) => row % 50 >= 10,
  );
  expect([rows, badRows, withoutBad.rows]).toEqual([600, 120, 480]);
  expect(badShare).toBeCloseTo(0.2, 12);
  const right = sound.filter((row) => probability[row]! > 0.5 === dataset.outcome[row]! > 0.5);
  expect(withoutBad.metrics.accuracy.estimate).toBeCloseTo(right.length / 480, 12);
  const squares = sound.map((row) => (probability[row]! - dataset.outcome[row]!) ** 2);
  const brier = squares.reduce((sum, square) => sum + square, 0) / 480;
  expect(withoutBad.metrics.brierLoss.estimate).toBeCloseTo(brier, 12);
  const ups = sound.filter((row) => dataset.outcome[row] === 1).length;
  expect(withoutBad.majorityRate).toBeCloseTo(Math.max(ups, 480 - ups) / 480, 12);
  expect(withoutBad.metrics.calibrationError.estimate).toBeCloseTo(
    calibrationError(
      sound.map((row) => probability[row]!),
      sound.map((row) => dataset.outcome[row]!),
    ),
    12,
  );
  const { lower, estimate, upper } = withoutBad.metrics.accuracy;
  expect(lower <= estimate && estimate <= upper).toBe(true);
});

test("without a bad hour both are the same; with nothing else the figures without are missing", () => {
  const probability = Float64Array.from({ length: 2 * BARS }, (_, row) => ((row * 7) % 10) / 10);
  const clean = evaluated(
    market(6, 3, () => false),
    probability,
  );
  expect(clean.withoutBad).toMatchObject({ rows: clean.rows, metrics: clean.metrics });
  expect(clean.withoutBad.backtest).toEqual(clean.backtest);
  const lost = evaluated(
    market(6, 3, () => true),
    probability,
  );
  expect([lost.badShare, lost.withoutBad.rows]).toEqual([1, 0]);
  expect(lost.withoutBad.metrics.accuracy.estimate).toBeNaN();
  expect(lost.withoutBad.backtest).toMatchObject({ netReturn: 0, daily: [] });
});
