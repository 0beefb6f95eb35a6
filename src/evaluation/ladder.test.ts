import { expect, test } from "vitest";
import { blockBootstrap, weightedBootstrap } from "../core/block-bootstrap.js";
import { effectiveSampleSize } from "../core/effective-sample-size.js";
import { seededRandom } from "../core/random.js";
import { isShortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import { MINUTE_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { sigmoid } from "../models/logistic.js";
import {
  LOGISTIC_SETTINGS,
  MLP_SETTINGS,
  RULE_SETTINGS,
  type TrainingSettings,
} from "../training/settings.js";
import { testDataset, testFold } from "../training/test-dataset.js";
import { trainFold } from "../training/train-fold.js";
import { majorityRate } from "./accuracy.js";
import { weightedCeilings } from "./ceilings.js";
import type { ModelPredictions } from "./evaluate.js";
import { compareRungs, type Ladder } from "./ladder.js";

const BOOTSTRAP = { blockUs: 4 * MINUTE_US, barUs: MINUTE_US, seed: 5 };
const NAMES = ["ofi_norm", "second", "close"];

/** Predictions of all rows, or of some. */
function rung(model: string, probability: ArrayLike<number>, rows?: number[]): ModelPredictions {
  const all = rows ?? Array.from({ length: probability.length }, (_, i) => i);
  const chosen = Float64Array.from(all, (row) => probability[row]!);
  return { model, rows: Uint32Array.from(all), probability: chosen };
}

async function trainedRungs(
  dataset: Dataset,
  settings: readonly TrainingSettings[],
): Promise<readonly ModelPredictions[]> {
  const rungs: ModelPredictions[] = [];
  for (const one of settings) {
    const fit = await trainFold(dataset, testFold(dataset), one, 1);
    if (isShortfall(fit)) throw new Error(fit.what);
    rungs.push({ model: one.model, rows: fit.testRows, probability: fit.probability });
  }
  return rungs;
}

/** Outcomes drawn from a log-odds of each row's three inputs. */
function drawn(bars: number, seed: number, logit: (x: Float32Array) => number): Dataset {
  const dataset = testDataset(bars, () => 0.5, seed);
  const random = seededRandom(seed, "ladder test");
  const outcome = dataset.outcome.map((_, row) => {
    const up = sigmoid(logit(dataset.inputs.subarray(3 * row, 3 * row + 3)));
    return Number(random.uniform() < up);
  });
  return { ...dataset, featureNames: NAMES, outcome };
}

const rungOf = (ladder: Ladder, model: string): Ladder["rungs"][number] =>
  ladder.rungs.find((one) => one.model === model)!;

test("figures and gains are those worked by hand, on the rows that all rungs predicted", () => {
  const base = testDataset(3, () => 0.5);
  const dataset = { ...base, outcome: Float32Array.of(1, 0, 1, 0, 0.5, 1) };
  const low = rung("low", [0.6, 0.6, 0.6, 0.6, 0.6, 0.6], [0, 1, 2, 3, 4]);
  const high = rung("high", [0.9, 0.2, 0.6, 0.7, 0.5, 0.5]);
  const ladder = compareRungs(dataset, [low, high], BOOTSTRAP);
  expect(ladder).toMatchObject({ rows: 5, majorityRate: 0.5, reference: "low" });
  const [first, second] = ladder.rungs;
  // Right, wrong, right, wrong, tie; right, right, right, wrong, tie.
  expect(first!.accuracy.estimate).toBeCloseTo(2.5 / 5, 12);
  expect(second!.accuracy.estimate).toBeCloseTo(3.5 / 5, 12);
  const brierLow = (0.16 + 0.36 + 0.16 + 0.36 + 0.01) / 5;
  const brierHigh = (0.01 + 0.04 + 0.16 + 0.49 + 0) / 5;
  expect(first!.brierLoss.estimate).toBeCloseTo(brierLow, 12);
  expect(second!.brierLoss.estimate).toBeCloseTo(brierHigh, 12);
  const logLow = -(2.5 * Math.log(0.6) + 2.5 * Math.log(0.4)) / 5;
  const logHigh = -(Math.log(0.9 * 0.8 * 0.6 * 0.3) + Math.log(0.5)) / 5;
  expect(second!.logLoss.estimate).toBeCloseTo(logHigh, 12);
  const gains = second!.overPrevious!;
  expect(gains.over).toBe("low");
  expect(gains.accuracy.estimate).toBeCloseTo(0.2, 12);
  expect(gains.brierLoss.estimate).toBeCloseTo(brierLow - brierHigh, 12);
  expect(gains.logLoss.estimate).toBeCloseTo(logLow - logHigh, 12);
  expect(first).not.toHaveProperty("overPrevious");
  expect(first).not.toHaveProperty("overReference");
  expect(second!.overReference).toEqual(gains);
});

test("an interval is that of the row-by-row difference, the same whichever rungs stand beside", () => {
  const random = seededRandom(7, "paired");
  const dataset = drawn(300, 7, ([x]) => x!);
  const good = Float64Array.from({ length: 600 }, (_, row) => sigmoid(dataset.inputs[3 * row]!));
  // Differs from the good one in few rows alone: unpaired, the noise of all rows would drown that.
  const worse = good.map((p) => (random.uniform() < 0.05 ? 1 - p : p));
  const noise = good.map(() => 0.3 + 0.4 * random.uniform());
  const rungs = [rung("worse", worse), rung("good", good)];
  const ladder = compareRungs(dataset, rungs, BOOTSTRAP);
  const [lower, better] = ladder.rungs;
  const y = dataset.outcome;
  const saved = good.map((p, i) => (worse[i]! - y[i]!) ** 2 - (p - y[i]!) ** 2);
  const { difference } = blockBootstrap(
    dataset.barEndUs,
    (rows) => ({ difference: mean(Float64Array.from(rows, (row) => saved[row]!)) }),
    BOOTSTRAP,
  );
  const { verdict, ...interval } = better!.overPrevious!.brierLoss;
  for (const name of ["estimate", "lower", "upper", "standardError"] as const) {
    expect(interval[name]).toBeCloseTo(difference[name], 12);
  }
  expect(verdict).toBe("better");
  const unpaired = Math.hypot(lower!.brierLoss.standardError, better!.brierLoss.standardError);
  expect(interval.standardError).toBeLessThan(0.5 * unpaired);
  const more = compareRungs(dataset, [rung("noise", noise), ...rungs], {
    ...BOOTSTRAP,
    reference: "good",
  });
  expect(rungOf(more, "good").overPrevious).toEqual(better!.overPrevious);
  const back = rungOf(more, "worse").overReference!;
  expect(back.brierLoss.verdict).toBe("worse");
  expect(back.brierLoss.estimate).toBeCloseTo(-interval.estimate, 12);
  expect(back.brierLoss.upper).toBeCloseTo(-interval.lower, 12);
});

test("every figure and gain names the independent rows it rests on", () => {
  const dataset = drawn(600, 11, ([x]) => x!);
  const good = Float64Array.from({ length: 1200 }, (_, row) => sigmoid(dataset.inputs[3 * row]!));
  const truth = { oracleUp: good, attainableUp: good };
  const coin = rung(
    "coin",
    good.map(() => 0.6),
  );
  // Of ten bars in a row one is called as the first: what the others gain comes in blocks.
  const held = good.map((_, row) => good[row - (row % 10)]!);
  const { rungs } = compareRungs(dataset, [coin, rung("held", held), rung("good", good)], {
    ...BOOTSTRAP,
    truth,
  });
  const labels = 1200 / dataset.horizonBars;
  for (const { accuracy, brierLoss, logLoss, attainableShare, overPrevious } of rungs) {
    const { over: _, ...gains } = overPrevious ?? { over: "" };
    for (const figure of [
      accuracy,
      brierLoss,
      logLoss,
      attainableShare!,
      ...Object.values(gains),
    ]) {
      expect(figure.effectiveRows).toBeGreaterThan(0);
      expect(figure.effectiveRows).toBeLessThanOrEqual(labels);
    }
  }
  // A gain's rows are by the scatter of its own differences: variance over squared standard error.
  const { brierLoss } = rungs[2]!.overPrevious!;
  const y = dataset.outcome;
  const saved = good.map((p, i) => (held[i]! - y[i]!) ** 2 - (p - y[i]!) ** 2);
  expect(brierLoss.effectiveRows).toBe(
    effectiveSampleSize(saved, brierLoss.standardError, dataset),
  );
});

test("the share of what is attainable rests on the rows that a bootstrap of single rows finds", () => {
  const dataset = drawn(600, 12, ([x]) => x!);
  const random = seededRandom(12, "share");
  const attainableUp = Float64Array.from({ length: 1200 }, () => 0.3 + 0.4 * random.uniform());
  const called = attainableUp.map((p) => (random.uniform() < 0.8 ? p : 1 - p));
  const truth = { oracleUp: attainableUp, attainableUp };
  const options = { ...BOOTSTRAP, horizonBars: dataset.horizonBars, replicates: 800 };
  const { rungs } = compareRungs(dataset, [rung("called", called)], { ...options, truth });
  const { attainableShare } = weightedBootstrap(
    dataset.barEndUs,
    weightedCeilings(called, truth),
    options,
  );
  const found = rungs[0]!.attainableShare!;
  expect(found.estimate).toBeCloseTo(attainableShare.estimate, 12);
  expect(Math.abs(found.effectiveRows / attainableShare.effectiveRows - 1)).toBeLessThan(0.25);
});

test("a rung against its own copy is undecided, and so is what has no rows", () => {
  const dataset = drawn(100, 8, ([x]) => x!);
  const p = dataset.outcome.map((y) => 0.3 + 0.4 * y);
  const same = compareRungs(dataset, [rung("one", p), rung("copy", p)], BOOTSTRAP);
  expect(same.rungs[1]!.overPrevious!.accuracy).toMatchObject({
    estimate: 0,
    lower: 0,
    upper: 0,
    verdict: "undecided",
  });
  const apart = [rung("one", p, [0, 1]), rung("two", p, [2, 3])];
  const { rows, rungs } = compareRungs(dataset, apart, BOOTSTRAP);
  expect(rows).toBe(0);
  expect(rungs[1]!.overPrevious!.logLoss).toMatchObject({
    estimate: Number.NaN,
    verdict: "undecided",
  });
});

test("with the truth, each rung's share of what is attainable is told", () => {
  const dataset = drawn(200, 9, ([x]) => x!);
  const attainableUp = Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0.8 : 0.3));
  // By true probabilities: the filter itself scores (0.8 + 0.7)/2, always "up" (0.8 + 0.3)/2, a coin ½.
  const rungs = [
    rung("coin", new Float64Array(400).fill(0.5)),
    rung("up", new Float64Array(400).fill(0.6)),
    rung("filter", attainableUp),
  ];
  const truth = { oracleUp: attainableUp, attainableUp };
  const shares = compareRungs(dataset, rungs, { ...BOOTSTRAP, truth }).rungs.map(
    ({ attainableShare }) => attainableShare!,
  );
  expect(shares.map(({ estimate }) => estimate)).toEqual([
    0,
    expect.closeTo(0.05 / 0.25, 12),
    expect.closeTo(1, 12),
  ]);
  expect(shares[2]).toMatchObject({ lower: 1, upper: 1 });
  const missing = { ...truth, oracleUp: attainableUp.map((p, i) => (i === 3 ? Number.NaN : p)) };
  const [, , unknown] = compareRungs(dataset, rungs, { ...BOOTSTRAP, truth: missing }).rungs;
  expect(unknown!.attainableShare!.estimate).toBeNaN();
  expect(compareRungs(dataset, rungs, BOOTSTRAP).rungs[2]).not.toHaveProperty("attainableShare");
});

test.each([
  ["no rung", [], undefined, "rungs: were none"],
  ["two of one name", ["a", "a"], undefined, 'rungs: named "a" twice'],
  ["a reference that is none", ["a", "b"], "c", 'reference: was "c", which is no rung'],
])("%s is refused", (_, names, reference, message) => {
  const dataset = testDataset(3, () => 0.5);
  const rungs = names.map((name) => rung(name, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]));
  const options = { ...BOOTSTRAP, ...(reference === undefined ? {} : { reference }) };
  expect(() => compareRungs(dataset, rungs, options)).toThrow(message);
});

test("where each rung knows more than the one below, the ladder says so", async () => {
  // The sign of order flow knows one input, the line two, the perceptron also that the third counts by its size.
  const dataset = drawn(2000, 1, ([a, b, c]) => 1.7 * a! + 1.7 * b! + 2.5 * (Math.abs(c!) - 0.8));
  const settings = [...RULE_SETTINGS, LOGISTIC_SETTINGS, { ...MLP_SETTINGS, batchSize: 128 }];
  const rungs = await trainedRungs(dataset, settings);
  const ladder = compareRungs(dataset, rungs, { ...BOOTSTRAP, reference: "majority" });
  const verdicts = ladder.rungs.slice(1).map(({ model, overPrevious }) => {
    const { accuracy, brierLoss, logLoss } = overPrevious!;
    return [model, accuracy.verdict, brierLoss.verdict, logLoss.verdict];
  });
  expect(verdicts).toEqual([
    // The close's last change is noise here, and the calibrator knows it: its loss is not told from the majority's.
    ["persistence", expect.any(String), "undecided", "undecided"],
    ["ofi-sign", "better", "better", "better"],
    ["logistic", "better", "better", "better"],
    ["mlp", "better", "better", "better"],
  ]);
  expect(rungOf(ladder, "mlp").overReference!.accuracy.verdict).toBe("better");
});

test("the majority rung scores the majority's rate where training and test agree on the side", async () => {
  const dataset = drawn(600, 3, () => 0.6);
  const rungs = await trainedRungs(dataset, [
    { model: "majority", calibrator: "platt", coverage: 1 },
  ]);
  const ladder = compareRungs(dataset, rungs, BOOTSTRAP);
  const outcome = Array.from(rungs[0]!.rows, (row) => dataset.outcome[row]!);
  expect(ladder.rungs[0]!.accuracy.estimate).toBeCloseTo(majorityRate(outcome), 12);
  expect(ladder.majorityRate).toBe(majorityRate(outcome));
  expect(ladder.majorityRate).toBeGreaterThan(0.55);
});

test("where nothing can be known, a rung is beyond its interval about as often as luck allows", async () => {
  const runs = 40;
  let beyond = 0;
  let better = 0;
  for (let run = 0; run < runs; run++) {
    const dataset = drawn(600, 100 + run, () => 0);
    const rungs = await trainedRungs(dataset, [...RULE_SETTINGS, LOGISTIC_SETTINGS]);
    const ladder = compareRungs(dataset, rungs, { ...BOOTSTRAP, reference: "majority" });
    const { accuracy, logLoss } = rungOf(ladder, "logistic").overReference!;
    beyond += Number(accuracy.verdict !== "undecided");
    better += Number(logLoss.verdict === "better");
  }
  // 5 % of 40 are 2, and 7 are three and a half standard deviations more; one side alone is 2.5 %, of which 5 are as far.
  expect(beyond).toBeLessThanOrEqual(7);
  expect(better).toBeLessThanOrEqual(5);
});
