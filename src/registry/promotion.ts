// Which models may run? Those whose last evaluation passed every gate, against all that was ever tried, and that somebody promoted.

import { canonicalJson } from "../core/content-hash.js";
import { counted } from "../core/counted.js";
import { GateError, OptionError } from "../core/errors.js";
import { readBundle } from "./bundles.js";
import { codeHash } from "./code-hash.js";
import { recordDemotion } from "./demotions.js";
import type { DemotionEntry, EvaluationEntry, PromotionEntry, TrialStatistics } from "./entries.js";
import { readEvaluation } from "./evaluations.js";
import { requireHead } from "./expected-head.js";
import { addEntry, readLedger } from "./ledger.js";
import { isFalsePass, isPassed, statisticsOf } from "./ledger-state.js";
import { type ModelName, namedTrial } from "./named-trial.js";
import { type Promoted, promotedModels } from "./promoted-file.js";
import type { Lying } from "./strays.js";
import { modelName, type Trial, versionOf } from "./trial.js";
import { marksOf, trialFacts } from "./trial-facts.js";
import { isEvaluated, verdictWords } from "./verdict-words.js";

/** What to promote, and who answers for it. */
export interface PromotionRequest extends ModelName {
  /** SHA-256 of the evaluation to rest on; it must be the last one. Default: the last one. */
  readonly evaluationHash?: string;
  readonly signOff?: string;
  /** Hash that the ledger must hold, as it was written down. */
  readonly expectedHead?: string;
}

const LONGEST_TEXT = 200;

/**
 * Promotes a model. Promoted already on the same evaluation by the same person, it stays as it is.
 *
 * @param root - of the store
 * @returns the entry of the ledger, new or old
 * @throws {OptionError} no trained model is called so
 * @throws {GateError} it was never evaluated, a gate did not pass, more has been tried since, other code evaluated it, or
 *   something lies in the registry that is not recorded
 * @throws {DataError} the ledger, the bundle or the evaluation was changed, or the expected head is not there
 */
export async function promote(
  root: string,
  { evaluationHash, signOff = "", expectedHead, ...name }: PromotionRequest,
): Promise<PromotionEntry> {
  requireLine("--sign-off", signOff);
  return await addEntry<PromotionEntry>(root, async ({ state, entries, file, unrecorded }) => {
    if (expectedHead !== undefined) requireHead({ entries, file }, expectedHead);
    const trial = namedTrial(state.trials.values(), name, "promote");
    requireAllRecorded(trial, unrecorded);
    const last = requirePassed(
      trial,
      state.evaluations.get(trial.key),
      statisticsOf(state, likeTrial(trial)),
    );
    const { key, bundle } = trial;
    if (last.code !== (await codeHash({ of: "evaluation" }))) {
      const why = "was evaluated by other code than this version's";
      throw refused(trial, why, `${evaluateWords(trial)} again`);
    }
    if (evaluationHash !== undefined && evaluationHash !== last.evaluation) {
      throw refused(trial, "was evaluated again since", "promote it on its last evaluation");
    }
    const { content } = await readBundle(root, trial.model, versionOf(key), bundle);
    await readEvaluation(root, trial, last);
    const known = state.promoted.get(key)?.promotion;
    const isSame = known?.evaluation === last.evaluation && known.signOff === signOff;
    if (known !== undefined && isSame) return known;
    const code = await codeHash({ of: "prediction" });
    return {
      kind: "promotion",
      key,
      bundle,
      code,
      evaluation: last.evaluation,
      signOff,
      marks: marksOf(trialFacts(content)),
    };
  });
}

/**
 * Takes a promotion back; what runs the model stops at its next bar. The model's files are not looked at, so that a damaged
 * one can be demoted as well. Demoted already, it stays as it is.
 *
 * @returns the entry of the ledger, new or old; undefined when the model was never promoted
 * @throws {OptionError} no trained model is called so
 * @throws {DataError} the ledger was changed, or the expected head is not there
 */
export async function demote(
  root: string,
  {
    reason = "",
    expectedHead,
    ...name
  }: ModelName & { readonly reason?: string; readonly expectedHead?: string },
): Promise<DemotionEntry | undefined> {
  requireLine("--reason", reason);
  const ledger = await readLedger(root);
  if (expectedHead !== undefined) requireHead(ledger, expectedHead);
  const { state } = ledger;
  const trial = namedTrial(state.trials.values(), name, "demote");
  if (!state.promoted.has(trial.key) && !state.demoted.has(trial.key)) return undefined;
  return await recordDemotion(root, trial, reason);
}

/**
 * Models that may run, from the ledger.
 *
 * @throws {DataError} the ledger or `promoted.json` was changed
 */
export async function readPromoted(root: string): Promise<readonly Promoted[]> {
  return promotedModels((await readLedger(root)).state);
}

function requirePassed(
  trial: Trial,
  last: EvaluationEntry | undefined,
  now: TrialStatistics,
): EvaluationEntry {
  const evaluateIt = evaluateWords(trial);
  if (!isEvaluated(last)) throw refused(trial, `was ${verdictWords(last)}`, evaluateIt);
  if (!isPassed(last, trial))
    throw refused(trial, obstacles(last), "only a pass of every gate promotes");
  if (last.trials.count !== now.count) {
    const tries = counted(last.trials.count, "try", "tries");
    const then = `was evaluated against ${tries}, and the ledger holds ${now.count}`;
    throw refused(trial, then, `${evaluateIt} again`);
  }
  if (canonicalJson(last.trials) !== canonicalJson(now)) {
    const why = "was evaluated before the Sharpe ratios of other trials were known";
    throw refused(trial, why, `${evaluateIt} again`);
  }
  return last;
}

/** A mark excuses what no entry names, and anybody can write one: what it stands for may have been tried, and is not in N. */
function requireAllRecorded(trial: Trial, [first, ...others]: readonly Lying[]): void {
  if (first === undefined) return;
  const more =
    others.length === 0 ? "" : ` and ${counted(others.length, "more like it", "more like it")}`;
  throw refused(
    trial,
    `cannot be held against all that was tried while ${first.file}${more} is not recorded`,
    "wait for the run that makes it, or train or evaluate it again; else `npx tickbook models --mend` sets it aside and counts it as tried",
  );
}

function evaluateWords(trial: Trial): string {
  return `evaluate it with \`npx tickbook evaluate --model ${modelName(trial)}\``;
}

/** What stands in the way, in words. */
function obstacles({ verdict: whole, gates, isVoid }: EvaluationEntry): string {
  if (isVoid) return "has a void evaluation: a canary did not score as it must";
  if (whole === "not evaluated") {
    return "has gates that were not evaluated: its labels are on trade closes, and label-is-mid fails";
  }
  const open = gates
    .filter((gate) => gate.verdict !== "pass" || isFalsePass(gate))
    .map((gate) => {
      const { name, verdict, value, margin } = gate;
      const said = isFalsePass(gate) ? "called a pass" : verdict;
      return `${name} ${said} (value ${figureText(value)}, margin ${figureText(margin)})`;
    });
  const what = open.length === 0 ? "its evaluation as a whole" : open.join(", ");
  return `did not pass every gate: ${what}`;
}

function figureText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : "unknown";
}

function refused(trial: Trial, message: string, fix: string): GateError {
  return new GateError({ column: modelName(trial), message, fix });
}

/** What people write into the ledger is one line that any terminal can show. */
function requireLine(option: string, text: string): void {
  if (text.length <= LONGEST_TEXT && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return;
  throw new OptionError({
    column: option,
    message: `was ${JSON.stringify(text.slice(0, LONGEST_TEXT))}, expected one line of at most ${LONGEST_TEXT} characters`,
    fix: "give a name or a few words",
  });
}

/** Whose Sharpe ratios a trial's is held against: those of its horizon, where the ledger knows it. */
function likeTrial({ figures }: Trial): { readonly horizonMinutes?: number } {
  const { horizonMinutes } = figures;
  return horizonMinutes === undefined ? {} : { horizonMinutes };
}
