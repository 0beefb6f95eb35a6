// Which models does the registry's own gate let through?
import { GateError } from "../../core/errors.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import { type ExperimentEvaluation, recordModel } from "../../evaluation/evaluate-models.js";
import { promote, readPromoted } from "../../registry/promotion.js";
import type { TrainedModel } from "../../training/trained-model.js";

/** How one of a registry's models is named. */
type Rung = Pick<TrainedModel, "key" | "name" | "version">;

/**
 * Records what was found of each model and asks for its promotion.
 *
 * @param root - of the store whose ledger has the models' trials
 * @returns names of the models that may run now, as the ledger says
 * @throws {DataError} the ledger, a bundle or an evaluation does not hold what was written
 */
export async function promoteRungs(
  root: string,
  models: readonly Rung[],
  evaluation: Evaluation & Pick<ExperimentEvaluation, "trials">,
): Promise<ReadonlySet<string>> {
  for (const model of models) await recordModel(root, model, evaluation);
  for (const { name, version } of models) await asked(root, { name, version });
  return new Set((await readPromoted(root)).map(({ name }) => name));
}

/** A refusal is an answer. */
async function asked(root: string, rung: Pick<Rung, "name" | "version">): Promise<void> {
  try {
    await promote(root, rung);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
  }
}
