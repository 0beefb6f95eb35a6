import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { trainLogistic } from "../training/train-logistic.js";
import { BASELINE, type Pipeline } from "./canaries/pipeline.js";
import { type Canary, canaryRuns, runCanaries } from "./canaries.js";
import { type Evaluation, evaluate } from "./evaluate.js";
import { persistentMarket } from "./test-persistent-market.js";

function foldsOf(dataset: Dataset, folds = 1): readonly Fold[] {
  const cut = walkForwardFolds(dataset, { folds });
  if (isShortfall(cut)) throw new Error(cut.what);
  return cut;
}

async function canariesOf(
  dataset: Dataset,
  folds = foldsOf(dataset),
  pipeline: Pipeline = BASELINE,
): Promise<readonly Canary[]> {
  const canaries = await runCanaries(dataset, folds, { seed: 1, pipeline, walks: 2 });
  return canaries.map((canary) => {
    if (isShortfall(canary)) throw new Error(canary.what);
    return canary;
  });
}

/** A model that is right on every test row, whatever it costs to know. */
function foresight(dataset: Dataset, canaries: readonly Canary[]): Evaluation {
  const folds = foldsOf(dataset);
  const { test: rows } = folds[0]!;
  const probability = Float64Array.from(rows, (row) => dataset.outcome[row]!);
  return evaluate({ dataset, folds, models: [{ model: "any", rows, probability }], canaries });
}

const canaryGate = ({ models }: Evaluation): string | undefined =>
  models[0]!.gates.find(({ name }) => name === "canaries")?.verdict;

test("canaries are right in a market without edge and in a strong one, on one fold and on three", async () => {
  for (const [strength, count] of [
    [0, 3],
    [1, 1],
  ] as const) {
    const dataset = persistentMarket(strength, 1);
    const canaries = await canariesOf(dataset, foldsOf(dataset, count));
    expect(canaries.map(({ name, isRight }) => [name, isRight])).toEqual([
      ["shuffled labels", true],
      ["random walk", true],
      ["random walk, a bar ahead", true],
      ["gaps of the random walk", true],
      ["label return among the inputs", true],
      ["altered test", true],
      ["altered test labels", true],
    ]);
    const told = canaries.filter(({ rule, guards, note }) => rule && guards && note);
    expect(told).toHaveLength(canaries.length);
    expect(canaryGate(foresight(dataset, canaries))).toBe("pass");
  }
});

test("a test of too few blocks of time is no wrong canary: each that asks for them is named, with what is missing", async () => {
  const dataset = persistentMarket(0, 4);
  const [fold] = foldsOf(dataset);
  // Blocks of eight horizons are 40 bars.
  const startUs = dataset.barEndUs[fold!.test[0]!]!;
  const test = fold!.test.filter((row) => dataset.barEndUs[row]! < startUs + 80 * dataset.barUs);
  const found = await runCanaries(dataset, [{ ...fold!, test }], { seed: 1, walks: 2 });
  const { canaries, canaryShortfalls } = canaryRuns(found);
  const what = "blocks of 40 bars in its test";
  const remedy = expect.stringMatching(/more days.*shorter horizon/);
  expect(canaryShortfalls).toMatchObject([
    { what, has: 2, needs: 3, canaries: ["shuffled labels"], remedy },
    { what, needs: 3, canaries: ["random walk"], remedy },
  ]);
  // Blocks of a label of one bar are shorter, and others ask for none.
  expect(canaries.map(({ name, isRight }) => [name, isRight])).toEqual([
    ["random walk, a bar ahead", true],
    ["gaps of the random walk", true],
    ["label return among the inputs", true],
    ["altered test", true],
    ["altered test labels", true],
  ]);
});

test("a single wrong canary voids the evaluation and fails every model; none at all leaves it undecided", async () => {
  const dataset = persistentMarket(0.3, 2);
  const labelReturn = dataset.labelReturn.map((_, i, all) => all[i - 3] ?? 0);
  const canaries = await canariesOf({ ...dataset, labelReturn });
  const wrong = canaries.filter(({ isRight }) => !isRight).map(({ name }) => name);
  expect(wrong).toEqual(["label return among the inputs"]);
  const evaluation = foresight(dataset, canaries);
  expect([evaluation.isVoid, canaryGate(evaluation)]).toEqual([true, "fail"]);
  expect(evaluation.models[0]!.verdict).toBe("fail");
  const without = foresight(dataset, []);
  expect([without.isVoid, canaryGate(without)]).toEqual([false, "undecided"]);
  expect(without.models[0]!.verdict).not.toBe("pass");
});

test("without canaries nothing passes, however good it looks: a model fitted on its test rows", async () => {
  const dataset = persistentMarket(0, 3);
  const folds = foldsOf(dataset);
  const leaked = { ...folds[0]!, train: folds[0]!.test, earlyStop: folds[0]!.test.slice(0, 200) };
  const inputs = dataset.inputs.slice();
  for (let row = 0; row < dataset.rows; row++) inputs[3 * row] = dataset.outcome[row]!;
  const fit = await trainLogistic({ ...dataset, inputs }, leaked, LOGISTIC_SETTINGS);
  if (isShortfall(fit)) throw new Error(fit.what);
  const { models } = evaluate({
    dataset,
    folds,
    models: [{ model: "logistic", rows: fit.testRows, probability: fit.probability }],
  });
  expect(models[0]!.metrics.accuracy.estimate).toBeGreaterThan(0.95);
  expect(models[0]!.verdict).not.toBe("pass");
});

test("a figure that is no number is a wrong canary, never a right one", async () => {
  const dataset = persistentMarket(0, 4);
  const broken: Pipeline = {
    ...BASELINE,
    fit: async (data, fold, settings) => {
      const fit = await BASELINE.fit(data, fold, settings);
      if (isShortfall(fit)) return fit;
      return { ...fit, probability: fit.probability.map(() => Number.NaN) };
    },
  };
  const canaries = await canariesOf(dataset, foldsOf(dataset), broken);
  const judged = canaries.filter(
    ({ name }) => name === "shuffled labels" || name === "random walk",
  );
  expect(judged.map(({ isRight }) => isRight)).toEqual([false, false]);
});

test("the same seed gives the same figures to the bit", async () => {
  const dataset = persistentMarket(0.2, 5);
  expect(await canariesOf(dataset)).toEqual(await canariesOf(dataset));
});

test("an input that is no feature cannot be rebuilt, and is named", async () => {
  const dataset = { ...persistentMarket(0, 6), featureNames: ["obi_l1", "tfi", "future"] };
  await expect(canariesOf(dataset)).rejects.toThrow(/future.*no feature of the catalogue/);
});

test("too few rows to fit a canary are a shortfall; without folds there is none to run", async () => {
  const dataset = persistentMarket(0, 7);
  const [fold] = foldsOf(dataset);
  const scant = { ...fold!, train: fold!.train.slice(0, 10) };
  const { canaries, canaryShortfalls } = canaryRuns(
    await runCanaries(dataset, [scant], { seed: 1 }),
  );
  expect(canaries.map(({ name }) => name)).toEqual(["gaps of the random walk"]);
  expect(canaryShortfalls.flatMap((lack) => lack.canaries)).toEqual([
    "shuffled labels",
    "label return among the inputs",
    "altered test",
    "altered test labels",
    "random walk",
    "random walk, a bar ahead",
  ]);
  expect(await runCanaries(dataset, [], { seed: 1 })).toEqual([]);
});
