// Which model shows what a run is, where nobody has begun one?
import { readLedger } from "../../registry/ledger.js";
import { readPromoted } from "../../registry/promotion.js";
import { modelName, type Trial } from "../../registry/trial.js";
import { readTrialFacts } from "../../registry/trial-facts.js";
import { type LiveModel, openLiveModel } from "../../runtime/signal/live-model.js";

/** Always there after the notebooks of models, and asked in no time. */
const SHOWN = "logistic";

/**
 * The last logistic regression on ticks of a symbol that was no part of a comparison.
 *
 * @returns undefined where there is none
 * @throws {DataError} the registry was changed
 */
export async function rehearsedModel(
  root: string,
  { exchange, symbol }: { readonly exchange: string; readonly symbol: string },
): Promise<LiveModel | undefined> {
  const { state } = await readLedger(root);
  const trials = [...state.trials.values()].filter(({ model, part }) => {
    return model === SHOWN && part === "";
  });
  const fits = async (trial: Trial): Promise<boolean> => {
    const {
      source,
      labelKind,
      labelRule,
      symbols = [],
      ...facts
    } = await readTrialFacts(root, trial);
    const isAskable = source === "ticks" && labelKind === "mid" && labelRule?.kind === "direction";
    return isAskable && facts.exchange === exchange && symbols.includes(symbol);
  };
  for (const trial of trials.reverse()) {
    if (!(await fits(trial))) continue;
    const name = modelName(trial);
    const promoted = await readPromoted(root);
    const isRehearsal = !promoted.some((one) => `${one.name}@${one.version}` === name);
    return await openLiveModel(root, name, { isRehearsal });
  }
  return undefined;
}
