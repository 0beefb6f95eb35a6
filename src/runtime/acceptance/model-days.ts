import { readBundleCard } from "../../registry/bundles.js";
import { readLedger } from "../../registry/ledger.js";
import { namedTrial, parseModelName } from "../../registry/named-trial.js";

/**
 * Day after the last that a model was trained, calibrated or tested on: what it does from then on was decided by none of it.
 *
 * @param model - `NAME@version`
 * @returns undefined where its bundle does not say
 * @throws {OptionError} no trained model is called so
 * @throws {DataError} the registry was changed
 */
export async function firstUnseenDay(root: string, model: string): Promise<string | undefined> {
  const { state } = await readLedger(root);
  const trial = namedTrial(state.trials.values(), parseModelName(model));
  const { content } = await readBundleCard(root, trial);
  const { to } = content;
  return typeof to === "string" ? to : undefined;
}
