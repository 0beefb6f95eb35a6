// What may be asked of a refit: the same bits, or about the same probabilities?
import { loadTensorflow } from "../../models/tensorflow.js";
import { codeHash } from "../../registry/code-hash.js";
import type { LedgerState } from "../../registry/ledger-state.js";
import { backendOf } from "../../training/fit-or-load.js";
import { isRule } from "../../training/train-fold.js";
import type { TrainedModel } from "../../training/trained-model.js";
import type { EvaluatedModel } from "./model-steps.js";

/** Trained models with what their trials and this machine allow to ask of a refit. */
export async function refittable(
  models: readonly TrainedModel[],
  { trials }: Pick<LedgerState, "trials">,
): Promise<readonly EvaluatedModel[]> {
  const { gpu } = await loadTensorflow();
  const code = await codeHash();
  const asked: EvaluatedModel[] = [];
  for (const model of models) {
    const { key, settings, backend } = model;
    const isRepeatable = isRule(settings) || !gpu;
    const isOfThisCode = trials.get(key)?.code === code;
    const sums = sumsOf(backend, await backendOf(settings));
    asked.push({ ...model, isRepeatable, isOfThisCode, sums });
  }
  return asked;
}

function sumsOf(backend: string, here: string): EvaluatedModel["sums"] {
  if ([backend, here].some((one) => one.includes(" on GPU"))) return "on a GPU";
  return backend === here ? "as here" : "by other threads, another processor or library";
}
