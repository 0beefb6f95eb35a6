// A fit as an experiment makes it: no trial stays without a Sharpe ratio, since the deflated one rests on all of them.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { recordEvaluation } from "../registry/evaluations.js";
import { readLedger } from "../registry/ledger.js";
import { statisticsOf } from "../registry/ledger-state.js";
import { COST_PRESETS } from "../trading/costs.js";
import { type FitOptions, fitOrLoad } from "../training/fit-or-load.js";
import type { TrainingSettings } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { actedOn } from "./acted-on.js";
import { dailySharpes, tradedLadder } from "./traded-ladder.js";
import { predictionsOf, tradedRows } from "./traded-rows.js";

/**
 * Fits a model or loads it, and records what trading the rows of its test that it acts on would have given at the dataset's own
 * prices, unless it was evaluated before.
 *
 * @returns the model; or what is missing
 * @throws {DataError} the data cannot be fitted, or the ledger does not hold what was written
 */
export async function fitTrial(
  dataset: Dataset,
  folds: readonly Fold[],
  settings: TrainingSettings,
  options: FitOptions,
): Promise<TrainedModel | Shortfall> {
  const model = await fitOrLoad(dataset, folds, settings, options);
  if (!isShortfall(model)) await recordSharpe(options.root, dataset, model);
  return model;
}

async function recordSharpe(root: string, dataset: Dataset, model: TrainedModel): Promise<void> {
  const { key } = model;
  const { state } = await readLedger(root);
  if (state.evaluations.has(key)) return;
  const costs = COST_PRESETS.ftmo;
  const [traded] = tradedRows([predictionsOf(model)]);
  const { isActedOn } = actedOn(dataset, model.folds, model.settings.coverage);
  const figures = dailySharpes(tradedLadder({ dataset, ...traded!, isActedOn }, { costs }));
  await recordEvaluation(root, {
    key,
    execution: "",
    trials: statisticsOf(state, {
      own: new Map([[key, figures.grossDailySharpe]]),
      horizonMinutes: dataset.horizonUs / MINUTE_US,
    }),
    verdict: "undecided",
    isVoid: false,
    gates: [],
    figures,
    evaluation: { costs: costs.name, about: "traded at the dataset's prices, without gates" },
  });
}
