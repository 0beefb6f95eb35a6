import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import { codeHash } from "../../registry/code-hash.js";
import type { Trial } from "../../registry/trial.js";
import { backendOf } from "../../training/fit-or-load.js";
import { LOGISTIC_SETTINGS } from "../../training/settings.js";
import { type TrainedModel, trainedModel } from "../../training/trained-model.js";
import { modelCanaries } from "./model-canaries.js";
import { fitted, folds, MLP, market } from "./test-models.js";

const KEY = "key";

async function trained(settings: typeof LOGISTIC_SETTINGS | typeof MLP, seed = 1) {
  const { name, folds: fits } = await fitted(settings, { seed });
  const backend = await backendOf(settings);
  const known = { name, key: KEY, version: KEY, settings, seed: 1, backend, figures: {} };
  return trainedModel(fits, { ...known, trials: 1, isLoaded: true, secondsPerEpoch: 1 });
}

async function saidOf(
  model: TrainedModel,
  code: string,
): Promise<readonly (boolean | "missing")[]> {
  const state = { trials: new Map([[KEY, { code } as Trial]]) };
  const canaries = await modelCanaries(market, folds, [model], { seed: 1, state });
  return canaries.map((canary) => (isShortfall(canary) ? "missing" : canary.isRight));
}

test("an honest model is right in its refit and before its future, by this code and by another that gives the same bits", async () => {
  const model = await trained(LOGISTIC_SETTINGS);
  expect(await saidOf(model, await codeHash())).toEqual([true, true]);
  expect(await saidOf(model, "another")).toEqual([true, true]);
});

test("other bytes are wrong where this code has made them, and need a fit by this code where another has", async () => {
  const model = await trained(MLP, 2);
  expect(await saidOf(model, await codeHash())).toEqual([false, true]);
  expect(await saidOf(model, "another")).toEqual(["missing", true]);
});

test("what other threads have fitted may lie apart by what sums in another order do, and no more", async () => {
  const code = await codeHash();
  const model = { ...(await trained(LOGISTIC_SETTINGS)), backend: "native 2.21.0, 64 threads" };
  const moved = (by: number): TrainedModel => ({
    ...model,
    folds: model.folds.map((fit) => {
      return { ...fit, probability: fit.probability.map((p) => p + by * (p - 0.5)) };
    }),
  });
  expect(await saidOf(moved(1e-8), code)).toEqual([true, true]);
  // What may still be rounding is asked to be fitted again; what lies further off is another model.
  expect(await saidOf(moved(1e-4), code)).toEqual(["missing", true]);
  expect(await saidOf(moved(1e-2), code)).toEqual([false, true]);
});
