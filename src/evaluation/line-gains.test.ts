import { expect, test } from "vitest";
import { blockLengthUs } from "../core/block-bootstrap.js";
import { seededRandom } from "../core/random.js";
import { isShortfall, shortfall } from "../core/shortfall.js";
import type { Dataset } from "../dataset/matrix.js";
import { sigmoid } from "../models/logistic.js";
import type { Store } from "../store/store.js";
import { testDataset } from "../training/test-dataset.js";
import type { TrainedModel } from "../training/trained-model.js";
import type { ModelPredictions } from "./evaluate.js";
import type { Experiment } from "./experiment.js";
import { compareRungs } from "./ladder.js";
import { compareWithLine, gainsOverLine } from "./line-gains.js";

function said(model: string, probability: ArrayLike<number>, rows?: number[]): ModelPredictions {
  const all = rows ?? Array.from({ length: probability.length }, (_, i) => i);
  const chosen = Float64Array.from(all, (row) => probability[row]!);
  return { model, rows: Uint32Array.from(all), probability: chosen };
}

/** Outcomes whose true log-odds are 0.6 times the first input; what models say of it, with noise of a size. */
function market(bars: number, seed: number) {
  const base = testDataset(bars, () => 0.5, seed);
  const random = seededRandom(seed, "gains test");
  const signal = Array.from({ length: base.rows }, (_, row) => 0.6 * base.inputs[3 * row]!);
  const oracleUp = Float64Array.from(signal, sigmoid);
  const outcome = Float32Array.from(oracleUp, (up) => Number(random.uniform() < up));
  const truth = { oracleUp, attainableUp: oracleUp };
  const noisy = (noise: number): Float64Array =>
    Float64Array.from(signal, (z) => sigmoid(z + noise * random.normal()));
  return { dataset: { ...base, outcome } as Dataset, truth, noisy };
}

test("gains are those worked by hand, on the rows that all predicted, of all symbols and of each", () => {
  const base = testDataset(3, () => 0.5);
  const dataset = { ...base, outcome: Float32Array.of(1, 0, 1, 0, 0.5, 1) };
  const oracleUp = Float64Array.of(0.7, 0.4, 0.6, 0.2, 0.5, 0.9);
  const line = said("logistic", [0.6, 0.6, 0.6, 0.6, 0.6, 0.6], [0, 1, 2, 3, 4]);
  const lstm = said("lstm", [0.9, 0.2, 0.6, 0.7, 0.5, 0.5]);
  const found = compareWithLine(dataset, [line, lstm], {
    seed: 1,
    truth: { oracleUp, attainableUp: oracleUp },
  });
  expect(found).toMatchObject({ rows: 5, labelKind: "mid" });
  const [all, btc, eth] = found.models;
  expect([all!.symbol, btc!.symbol, eth!.symbol]).toEqual([undefined, "BTCUSDT", "ETHUSDT"]);
  expect([all!.rows, btc!.rows, eth!.rows]).toEqual([5, 3, 2]);
  // Line: right, wrong, right, wrong, tie. LSTM: right, right, right, wrong, tie.
  expect(all!.seen.accuracy.estimate).toBeCloseTo(1 / 5, 12);
  expect(btc!.seen.accuracy.estimate).toBeCloseTo(1 / 3, 12);
  expect(eth!.seen.accuracy.estimate).toBeCloseTo(0, 12);
  const saved = [Math.log(0.9 / 0.6), Math.log(0.8 / 0.4), 0, Math.log(0.3 / 0.4)];
  const tie = 0.5 * Math.log(0.5 / 0.6) + 0.5 * Math.log(0.5 / 0.4);
  const sum = saved.reduce((a, b) => a + b, 0);
  expect(all!.seen.logLoss.estimate).toBeCloseTo((sum + tie) / 5, 12);
  expect(eth!.seen.logLoss.estimate).toBeCloseTo((saved[3]! + tie) / 2, 12);
  // Sides differ at the second row, where up has 0.4, and the fifth, where the LSTM calls none of 0.5.
  expect(all!.byTruth!.accuracy.estimate).toBeCloseTo((0.6 - 0.4) / 5, 12);
  const second = 0.4 * Math.log(0.2 / 0.6) + 0.6 * Math.log(0.8 / 0.4);
  const first = 0.7 * Math.log(0.9 / 0.6) + 0.3 * Math.log(0.1 / 0.4);
  expect(btc!.byTruth!.logLoss.estimate).toBeCloseTo((first + second) / 3, 12);
});

test("of all rows gains are those of the baseline ladder over its reference", () => {
  const { dataset, noisy } = market(600, 1);
  const models = [said("logistic", noisy(0.8)), said("lstm", noisy(0.2))];
  const { models: gains } = compareWithLine(dataset, models, { seed: 3 });
  const blockUs = blockLengthUs(dataset, dataset.barEndUs);
  const ladder = compareRungs(dataset, models, { blockUs, barUs: dataset.barUs, seed: 3 });
  const { accuracy, logLoss } = ladder.rungs[1]!.overReference!;
  const close = (a: object, b: object): void => {
    for (const [name, value] of Object.entries(a)) {
      const other = (b as Record<string, unknown>)[name];
      if (typeof value === "number") expect(value).toBeCloseTo(other as number, 9);
      else expect(value).toBe(other);
    }
  };
  close(accuracy, gains[0]!.seen.accuracy);
  close(logLoss, gains[0]!.seen.logLoss);
  expect(gains[0]!.byTruth).toBeUndefined();
});

test("true probabilities know no luck: their intervals are narrower, and hold what outcomes scatter about", () => {
  const truly: number[] = [];
  const seen: number[] = [];
  for (let seed = 1; seed <= 6; seed++) {
    const { dataset, truth, noisy } = market(600, seed);
    const models = [said("logistic", noisy(1)), said("lstm", noisy(0))];
    const [all] = compareWithLine(dataset, models, { seed, truth, replicates: 60 }).models;
    const { accuracy } = all!.byTruth!;
    expect(accuracy.upper - accuracy.lower).toBeLessThan(
      all!.seen.accuracy.upper - all!.seen.accuracy.lower,
    );
    expect(accuracy.verdict).toBe("better");
    expect(all!.byTruth!.logLoss.verdict).toBe("better");
    truly.push(accuracy.estimate);
    seen.push(all!.seen.accuracy.estimate);
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / 6;
  expect(Math.abs(mean(truly) - mean(seen))).toBeLessThan(0.02);
});

test("a truth that does not cover all rows is not told: no figure of some rows stands beside those of all", () => {
  const { dataset, truth, noisy } = market(300, 2);
  const models = [said("logistic", noisy(0.5)), said("lstm", noisy(0.1))];
  const oracleUp = truth.oracleUp.slice();
  oracleUp[7] = Number.NaN;
  const found = compareWithLine(dataset, models, { seed: 1, truth: { ...truth, oracleUp } });
  for (const gain of found.models) expect(gain.byTruth).toBeUndefined();
  const without = models.map(({ model, rows }) => {
    const kept = rows.filter((row) => row !== 7);
    return said(model, noisy(0.3), [...kept]);
  });
  const covered = compareWithLine(dataset, without, { seed: 1, truth: { ...truth, oracleUp } });
  for (const gain of covered.models) expect(gain.byTruth).toBeDefined();
});

test("equals are undecided, and the line itself is in no row", () => {
  const { dataset, truth, noisy } = market(300, 2);
  const same = noisy(0.5);
  const { models } = compareWithLine(
    dataset,
    [said("lstm", same), said("logistic", same), said("transformer", same)],
    { seed: 1, truth },
  );
  expect(models.map(({ model }) => model)).toEqual([
    ...["lstm", "lstm", "lstm"],
    ...["transformer", "transformer", "transformer"],
  ]);
  for (const { seen, byTruth } of models) {
    for (const gain of [seen.accuracy, seen.logLoss, byTruth!.accuracy, byTruth!.logLoss]) {
      expect(gain).toMatchObject({ estimate: 0, verdict: "undecided" });
    }
  }
});

test("fits from other seeds stand beside the first, each as it would by itself", () => {
  const { dataset, noisy } = market(300, 4);
  const line = said("logistic", noisy(0.8));
  const fits = [0.1, 0.4, 0.2].map((noise) => said("lstm", noisy(noise)));
  const { models } = compareWithLine(dataset, [line, ...fits], { seed: 1 });
  expect(models).toHaveLength(3);
  models.forEach(({ otherSeeds }, part) => {
    expect(otherSeeds).toHaveLength(2);
    fits.slice(1).forEach((fit, k) => {
      const alone = compareWithLine(dataset, [line, fit], { seed: 1 }).models[part]!.seen;
      expect(otherSeeds[k]!.accuracy).toBeCloseTo(alone.accuracy.estimate, 12);
      expect(otherSeeds[k]!.logLoss).toBeCloseTo(alone.logLoss.estimate, 12);
    });
  });
});

test("without a line, or without anything beside it, what is missing is said", async () => {
  const { dataset, noisy } = market(60, 1);
  const experiment = { dataset: { ...dataset, exchange: "binance" } } as Experiment;
  const model = (name: string): TrainedModel => {
    const { rows: testRows, probability } = said(name, noisy(0.1));
    const untested = { rows: new Uint32Array(0), probability: new Float64Array(0) };
    return { name, testRows, probability, untested } as unknown as TrainedModel;
  };
  const missing = shortfall({ step: "train", what: "rows", has: 0, needs: 1 });
  const ask = async (models: Parameters<typeof gainsOverLine>[2]) =>
    await gainsOverLine({} as Store, experiment, models, { seed: 1 });
  expect(await gainsOverLine({} as Store, missing, [], { seed: 1 })).toBe(missing);
  expect(await ask([model("logistic"), missing])).toBe(missing);
  expect(await ask([model("logistic")])).toMatchObject({ has: 0, needs: 1 });
  expect(isShortfall(await ask([model("lstm")]))).toBe(true);
  const found = await ask([model("lstm"), model("logistic"), missing]);
  expect(isShortfall(found)).toBe(false);
});
