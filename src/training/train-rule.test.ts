import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { calibrate } from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import type { FoldFit } from "./fold-fit.js";
import { RULE_SETTINGS, type RuleSettings } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { lastChange, trainRule } from "./train-rule.js";

/** Up when the newest value of the first input is positive, eight times in ten. */
const drawn = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.8 : 0.2));
const dataset: Dataset = { ...drawn, featureNames: ["ofi_norm", "close", "log_ret_5"] };
const fold = testFold(dataset);

async function trained(data: Dataset, model: RuleSettings["model"]): Promise<FoldFit> {
  const found = await trainRule(data, fold, { model, calibrator: "platt", coverage: 1 });
  if (isShortfall(found)) throw new Error(found.what);
  return found;
}

const input = (data: Dataset, row: number, name: string): number =>
  data.inputs[row * 3 + data.featureNames.indexOf(name)]!;

test("the majority rule says the training rows' share of ups, ties counting half", async () => {
  const outcome = dataset.outcome.map((up, row) =>
    row % 5 === 0 ? 0.5 : up * Number(row % 3 > 0),
  );
  const { rawProbability, probability, predictor, history } = await trained(
    { ...dataset, outcome },
    "majority",
  );
  const known = [...fold.train, ...fold.earlyStop].map((row) => outcome[row]!);
  for (const p of rawProbability) expect(p).toBeCloseTo(mean(known), 12);
  expect(mean(known)).toBeLessThan(0.45);
  expect(probability.every((p) => p < 0.5 && p === probability[0])).toBe(true);
  expect(predictor.model.kind).toBe("constant");
  expect(history).toEqual([]);
});

test.each([
  ["ofi-sign", "ofi_norm"],
  ["persistence", "close"],
] as const)(
  "the rule %s takes the side of %s, and a missing value says nothing",
  async (model, name) => {
    const inputs = dataset.inputs.slice();
    const place = dataset.featureNames.indexOf(name);
    const missing = fold.test[7]!;
    inputs[missing * 3 + place] = Number.NaN;
    const data = { ...dataset, inputs };
    const { testRows, rawProbability, predictor, probability } = await trained(data, model);
    testRows.forEach((row, i) => {
      const side = row === missing ? 0 : Math.sign(input(data, row, name));
      expect(rawProbability[i]).toBe(sigmoid(side));
      const [calibrated] = calibrate(predictor.calibrator, Float64Array.of(side));
      expect(probability[i]).toBeCloseTo(calibrated!, 12);
    });
  },
);

test("the calibrator makes a rule's probabilities mean what they say", async () => {
  // The order flow's side comes true eight times in ten; the change of the close is noise.
  const flow = await trained(dataset, "ofi-sign");
  const [up, down] = [1, -1].map((side) =>
    mean(
      flow.probability.filter(
        (_, i) => Math.sign(input(dataset, flow.testRows[i]!, "ofi_norm")) === side,
      ),
    ),
  );
  expect(up).toBeGreaterThan(0.75);
  expect(up).toBeLessThan(0.85);
  expect(down).toBeGreaterThan(0.15);
  expect(down).toBeLessThan(0.25);
  const noise = await trained(dataset, "persistence");
  expect(noise.probability.every((p) => p > 0.4 && p < 0.6)).toBe(true);
});

test("altering test rows changes nothing that was fitted", async () => {
  const inputs = dataset.inputs.slice();
  const outcome = dataset.outcome.slice();
  for (const row of fold.test) {
    inputs.fill(-inputs[3 * row]!, 3 * row, 3 * row + 3);
    outcome[row] = 1 - outcome[row]!;
  }
  for (const { model } of RULE_SETTINGS) {
    const before = await trained(dataset, model);
    const after = await trained({ ...dataset, inputs, outcome }, model);
    expect(after.predictor).toEqual(before.predictor);
  }
});

test.each([
  [1, ["close", "log_ret_5", "log_ret_15"], "close"],
  [5, ["close", "log_ret_5", "log_ret_15"], "log_ret_5"],
  [15, ["close", "log_ret_5", "log_ret_15", "log_ret_60"], "log_ret_15"],
  // 30 is twice 15 and half of 60: the shorter one.
  [30, ["log_ret_60", "log_ret_15"], "log_ret_15"],
  [31, ["log_ret_60", "log_ret_15"], "log_ret_60"],
  [1440, ["close", "log_ret_5"], "log_ret_5"],
] as const)("over a horizon of %d bars of %j the last change is %s", (horizon, names, expected) => {
  expect(lastChange(names, horizon)).toBe(expected);
});

test.each([
  ["ofi-sign", "ofi_norm"],
  ["persistence", "close, log_ret_5, log_ret_15, log_ret_60, log_ret_240"],
] as const)("%s without its input is refused by name", async (model, name) => {
  const run = trainRule({ ...dataset, featureNames: ["a", "b", "c"] }, fold, {
    model,
    calibrator: "platt",
    coverage: 1,
  });
  await expect(run).rejects.toThrow(`${name}: was not among the dataset's inputs, and the rule`);
});

test("the majority of one class is refused, too few rows are a shortfall", async () => {
  const outcome = dataset.outcome.map(() => 1);
  const run = trainRule({ ...dataset, outcome }, fold, {
    model: "majority",
    calibrator: "platt",
    coverage: 1,
  });
  await expect(run).rejects.toThrow("was 1, expected ups and downs");
  const tiny = testDataset(100, () => 0.5);
  expect(
    await trainRule(tiny, testFold(tiny), { model: "majority", calibrator: "platt", coverage: 1 }),
  ).toMatchObject({
    kind: "shortfall",
    step: "train the majority rule",
  });
});
