import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import type { Dataset } from "../../dataset/matrix.js";
import { predictsOfNextRow, windowsAhead } from "../../faults/leaks/model-leaks.js";
import {
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
  RULE_SETTINGS,
  type TrainingSettings,
} from "../../training/settings.js";
import { blindToFuture } from "./blind-to-future.js";
import type { Canary } from "./canary.js";
import { type EvaluatedModel, MODEL_STEPS, type ModelSteps } from "./model-steps.js";
import { refittedModels } from "./refitted-models.js";
import { fitted, folds, LSTM, MLP, market, TRANSFORMER } from "./test-models.js";

const [, PERSISTENCE] = RULE_SETTINGS;

async function canaryOf(model: EvaluatedModel, steps: ModelSteps = MODEL_STEPS): Promise<Canary> {
  const [canary] = await blindToFuture(market, [model], { seed: 1, steps });
  if (canary === undefined || isShortfall(canary)) throw new Error("no bar was followed");
  return canary;
}

/** Steps whose predictions read a dataset as a leak would have it. */
const reading = (leak: (dataset: Dataset, rows: Uint32Array) => Dataset): ModelSteps => ({
  ...MODEL_STEPS,
  predict: (fit, dataset, rows) => MODEL_STEPS.predict(fit, leak(dataset, rows), rows),
});

test("honest models of all kinds say the same whatever comes", async () => {
  const rules = RULE_SETTINGS.filter(({ model }) => model !== "ofi-sign");
  const kinds = [...rules, BASE_LOGISTIC_SETTINGS, LOGISTIC_SETTINGS, MLP, LSTM, TRANSFORMER];
  const models: EvaluatedModel[] = [];
  for (const settings of kinds) models.push(await fitted(settings));
  const canaries = await blindToFuture(market, models, { seed: 1 });
  expect(canaries.map((canary) => !isShortfall(canary) && canary.name)).toEqual(
    models.map(({ name }) => `${name} blind to its future`),
  );
  for (const canary of canaries) expect(canary).toMatchObject({ value: 0, isRight: true });
  expect((canaries[0] as Canary).note).toMatch(/^\d+ rows before 6 times$/);
});

test("windows one bar ahead of networks alone, in training and after it, are seen, by the refit too", async () => {
  for (const settings of [MLP, LSTM, TRANSFORMER]) {
    const { train, predict } = { ...MODEL_STEPS, ...windowsAhead };
    const model = await fitted(settings, { train });
    const steps = { ...MODEL_STEPS, train, predict };
    const canary = await canaryOf(model, steps);
    expect(canary.isRight).toBe(false);
    expect(canary.note).toMatch(/: \d+ moved, first row \d+ \((BTC|ETH)USDT 2024-03-0\d /);
    expect((await refitsOf(model, steps)).isRight).toBe(false);
    const line = await fitted(LOGISTIC_SETTINGS, { train });
    expect([await canaryOf(line, steps), await refitsOf(line, steps)]).toMatchObject([
      { isRight: true },
      { isRight: true },
    ]);
  }
});

test.each<[string, TrainingSettings]>([
  ["a rule", PERSISTENCE!],
  ["a line", LOGISTIC_SETTINGS],
  ["a network", LSTM],
  ["a Transformer", TRANSFORMER],
])("%s that is asked with the next row is seen", async (_, settings) => {
  const canary = await canaryOf(await fitted(settings), { ...MODEL_STEPS, ...predictsOfNextRow });
  expect(canary.isRight).toBe(false);
});

test("scaling by the rows that are predicted together is seen, and a look at a label or an entry price", async () => {
  const model = await fitted(LOGISTIC_SETTINGS);
  const width = market.featureNames.length;
  const byBatch = reading((dataset, rows) => {
    const least = rows.reduce((low, row) => Math.min(low, dataset.inputs[row * width]!), 0);
    return { ...dataset, inputs: dataset.inputs.map((value) => value - least) };
  });
  const byColumn = (of: (dataset: Dataset, row: number) => number): ModelSteps =>
    reading((dataset) => {
      const inputs = dataset.inputs.map((value, i) =>
        i % width === 0 ? of(dataset, i / width) : value,
      );
      return { ...dataset, inputs };
    });
  const byLabel = byColumn(({ outcome }, row) => outcome[row]!);
  const byEntry = byColumn(({ entryPrice }, row) => Math.log(entryPrice[row]! / 100));
  for (const steps of [byBatch, byLabel, byEntry]) {
    expect((await canaryOf(model, steps)).isRight).toBe(false);
  }
});

test("where no two sums give the same bits, a little is allowed and a leak is not", async () => {
  const model = { ...(await fitted(LOGISTIC_SETTINGS)), isRepeatable: false };
  let asked = 0;
  const predict: ModelSteps["predict"] = async (...args) => {
    const { logits, probability } = await MODEL_STEPS.predict(...args);
    const shake = 1 + 1e-5 * ++asked;
    return { logits: logits.map((z) => z * shake), probability };
  };
  expect((await canaryOf(model, { ...MODEL_STEPS, predict })).isRight).toBe(true);
  const leaky = { ...MODEL_STEPS, ...predictsOfNextRow };
  expect((await canaryOf(model, leaky)).isRight).toBe(false);
});

test("without a model there is nothing to ask, and without a bar that another follows nothing is right", async () => {
  expect(await blindToFuture(market, [], { seed: 1 })).toEqual([]);
  const model = await fitted(LOGISTIC_SETTINGS);
  const alone = { ...market, runStart: market.runStart.map((_, row) => row) };
  const [missing] = await blindToFuture(alone, [model], { seed: 1 });
  expect(missing).toMatchObject({ kind: "shortfall", has: 0, needs: 1 });
});

async function refitsOf(model: EvaluatedModel, steps: ModelSteps): Promise<Canary> {
  const [canary] = await refittedModels(market, folds, [model], { seed: 1, steps });
  return canary as Canary;
}
