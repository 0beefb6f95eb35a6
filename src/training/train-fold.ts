// Which trainer fits which settings?
import type { Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import type { FoldFit } from "./fold-fit.js";
import { RULE_SETTINGS, type RuleSettings, type TrainingSettings } from "./settings.js";
import { trainEnsemble } from "./train-ensemble.js";
import type { TrainingHooks } from "./train-epochs.js";
import { trainLogistic } from "./train-logistic.js";
import { trainLstm } from "./train-lstm.js";
import { trainMlp } from "./train-mlp.js";
import { trainRule } from "./train-rule.js";
import { trainTransformer } from "./train-transformer.js";

/** What a fit may be given and tell besides its result. */
export interface FoldHooks extends TrainingHooks {
  /** An ensemble's members as they were fitted on this fold by their settings and seeds; left out: they are fitted first. */
  readonly members?: readonly FoldFit[];
}

/**
 * Trains whatever the settings name on one fold.
 *
 * @param seed - of initial weights, batch order and dropout; rules and the logistic regression draw nothing, and members of an
 *   ensemble have seeds of their own
 * @param hooks - of models that are trained in epochs
 * @returns the fit; or what is missing
 * @throws {DataError} the data cannot be fitted
 * @throws {OptionError} a rule needs an input that the dataset does not have
 */
export async function trainFold(
  dataset: Dataset,
  fold: Fold,
  settings: TrainingSettings,
  seed: number,
  hooks: FoldHooks = {},
): Promise<FoldFit | Shortfall> {
  switch (settings.model) {
    case "logistic":
      return await trainLogistic(dataset, fold, settings);
    case "mlp":
      return await trainMlp(dataset, fold, settings, seed, hooks);
    case "lstm":
      return await trainLstm(dataset, fold, settings, seed, hooks);
    case "transformer":
      return await trainTransformer(dataset, fold, settings, seed, hooks);
    case "ensemble":
      return await trainEnsemble(dataset, fold, settings, async (member, k) => {
        return hooks.members?.[k] ?? (await trainFold(dataset, fold, member.settings, member.seed));
      });
    default:
      return await trainRule(dataset, fold, settings);
  }
}

/** True for settings of a rule, which is plain code. */
export function isRule(settings: TrainingSettings): settings is RuleSettings {
  return RULE_SETTINGS.some(({ model }) => model === settings.model);
}
