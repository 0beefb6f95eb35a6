// What may the runtime load? Only what is promoted now, as it was evaluated, for the features that this code computes.
import { DataError, GateError } from "../core/errors.js";
import { type Bundle, readBundle } from "./bundles.js";
import { codeHash } from "./code-hash.js";
import type { PromotionEntry } from "./entries.js";
import { type EvaluationRecord, readEvaluation } from "./evaluations.js";
import { requireHead } from "./expected-head.js";
import { readLedger } from "./ledger.js";
import type { LedgerState } from "./ledger-state.js";
import { namedTrial } from "./named-trial.js";
import { type Promoted, promotedModels } from "./promoted-file.js";
import { modelName, type Trial, versionOf } from "./trial.js";

/** A model that may run, with what it was promoted on. */
export interface PromotedModel {
  readonly bundle: Bundle;
  readonly evaluation: EvaluationRecord;
  readonly promotion: Promoted;
}

/** What a model is loaded for. */
export interface LoadOptions {
  readonly catalogueHash: string;
  readonly expectedHead?: string;
}

/**
 * Loads a promoted model. Bundle, evaluation, ledger and `promoted.json` are checked to the last byte, and that the code of
 * features and models is what it was promoted with: what it predicts depends on these. Code that only evaluates may change
 * meanwhile, and a promotion stays.
 *
 * @param root - of the store
 * @param version - absent: the one of that name that was promoted last
 * @param options.catalogueHash - of the features that will be computed for it
 * @param options.expectedHead - hash that the ledger must hold, as it was written down: only that shows a ledger that was
 *   brought back as a whole from before a demotion
 * @throws {OptionError} no trained model is called so
 * @throws {GateError} it is not promoted, or was demoted
 * @throws {DataError} something was changed, or it was made for other features than this code computes; names what and where
 */
export async function loadPromoted(
  root: string,
  name: string,
  version: string | undefined,
  { catalogueHash, expectedHead }: LoadOptions,
): Promise<PromotedModel> {
  const ledger = await readLedger(root);
  if (expectedHead !== undefined) requireHead(ledger, expectedHead);
  const { state } = ledger;
  const trial = promotedTrial(state, name, version);
  const standing = state.promoted.get(trial.key);
  if (standing === undefined) throw notPromoted(trial, state);
  const { promotion, evaluation: entry } = standing;
  const bundle = await readBundle(root, name, versionOf(trial.key), promotion.bundle);
  const evaluation = await readEvaluation(root, trial, entry);
  requireCatalogue(trial, bundle, catalogueHash);
  await requireCode(trial, promotion);
  const own = promotedModels(state).find(({ since }) => since === promotion.number)!;
  return { bundle, evaluation, promotion: own };
}

/** Without a version: what was promoted last of that name, else its last trial, to say why it may not run. */
function promotedTrial(
  { trials, promoted }: LedgerState,
  name: string,
  version: string | undefined,
): Trial {
  if (version !== undefined) return namedTrial(trials.values(), { name, version });
  const own = [...promoted.values()]
    .map(({ promotion }) => promotion)
    .sort((a, b) => a.number - b.number)
    .map(({ key }) => trials.get(key)!)
    .filter(({ model }) => model === name);
  return own.at(-1) ?? namedTrial(trials.values(), { name });
}

function notPromoted(trial: Trial, { demoted }: LedgerState): GateError {
  const demotion = demoted.get(trial.key);
  const why = demotion?.reason === "" ? "" : ` (${demotion?.reason})`;
  return new GateError({
    column: modelName(trial),
    message:
      demotion === undefined ? "is not promoted" : `was demoted in entry ${demotion.number}${why}`,
    fix: `only a promoted model runs: \`npx tickbook promote ${modelName(trial)}\``,
  });
}

async function requireCode(trial: Trial, { number, code }: PromotionEntry): Promise<void> {
  const present = await codeHash({ of: "prediction" });
  if (code === present) return;
  const then = code === "" ? "not recorded" : code.slice(0, 12);
  throw new DataError({
    file: modelName(trial),
    column: "code",
    message: `was promoted in entry ${number} with other code of features and models (${then}) than this version's (${present.slice(0, 12)})`,
    fix: "evaluate and promote it again with this version, or run the version it was promoted with",
  });
}

function requireCatalogue(trial: Trial, { content }: Bundle, expected: string): void {
  const made = content["catalogueHash"];
  if (made === expected) return;
  const of = typeof made === "string" ? `feature catalogue ${made.slice(0, 12)}` : "no catalogue";
  throw new DataError({
    file: `${modelName(trial)}, bundle.json`,
    column: "catalogueHash",
    message: `names ${of}, and this version computes ${expected.slice(0, 12)}`,
    fix: "train and evaluate it again with this version",
  });
}
