import { isDeepStrictEqual } from "node:util";
import { Option } from "commander";
import { isShortfall, shortfallText } from "../core/shortfall.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import {
  type ExperimentEvaluation,
  evaluateModels,
  withoutCurves,
} from "../evaluation/evaluate-models.js";
import { experimentOf } from "../evaluation/experiment-of.js";
import { planGates } from "../evaluation/plan-gates.js";
import { DEFAULT_STAKE } from "../evaluation/trade-rows.js";
import type { MemberFacts } from "../registry/member-facts.js";
import { namedTrial, parseModelName } from "../registry/named-trial.js";
import { requireWritableRegistry } from "../registry/require-writable-registry.js";
import { modelName, type Trial, versionOf } from "../registry/trial.js";
import { readTrials } from "../registry/trials.js";
import { writeModelCard } from "../reporting/model-card/write-model-card.js";
import { openExistingStore } from "../store/existing-store.js";
import type { Store } from "../store/store.js";
import { COST_PRESETS, type CostPreset } from "../trading/costs.js";
import { loadTrial } from "../training/load-trial.js";
import { membersOf } from "../training/members-of.js";
import { type FinalSettings, LOGISTIC_SETTINGS } from "../training/settings.js";
import { auditLines, excludedLine, withoutBadLine, withoutBadSharpeLine } from "./audit-lines.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { deviceOption } from "./device-option.js";
import { evaluationLines } from "./evaluation-lines.js";
import { type ExperimentFacts, experimentFacts } from "./experiment-facts.js";
import { coverageLine, memberLines } from "./fit-lines.js";
import { EXPECT_HEAD, requireExpectedHead, withHead } from "./ledger-head.js";
import { numberOption } from "./number-option.js";
import { onceEach } from "./once-each.js";
import { requireSections } from "./settings-sections.js";

interface Options {
  readonly model: string;
  readonly costs: CostPreset;
  readonly capital?: string;
  readonly expectHead?: string;
}

/** The smallest order: with less nothing can be traded. */
const LEAST_USD = DEFAULT_STAKE.minimumOrderUsd;
/** More than an account of this kind holds; each capital is a way of executing that the ledger counts, and absurd ones stay out. */
const MOST_USD = 1e9;

/** `evaluate`: canaries, metrics, calibration, costs and gates of a trained model; exit 1 when a gate fails, `label-is-mid` among them. */
export const evaluateCommand: AddCommand = (program) => {
  const command = program
    .command("evaluate")
    .description("canaries, metrics, calibration, costs and gates of a trained model; recorded")
    .requiredOption("--model <name>", "NAME or NAME@version, as `models` lists them")
    .addOption(
      new Option("--costs <preset>", "whose fees and funding")
        .choices(Object.keys(COST_PRESETS))
        .default("ftmo"),
    )
    .option(
      "--capital <usd>",
      `capital that is traded with, ${LEAST_USD} to ${MOST_USD} (default: ${DEFAULT_STAKE.capitalUsd})`,
    )
    .addOption(deviceOption())
    .option(...EXPECT_HEAD)
    .action(
      action<Options>(async (_args, options, context) => {
        requireSections();
        const capitalUsd = capitalOf(options.capital);
        const store = await openExistingStore(context.dataDir);
        try {
          await requireExpectedHead(store.root, options.expectHead);
          return await evaluateTrial(store, { ...options, capitalUsd }, context);
        } finally {
          await store.close();
        }
      }),
    );
  onceEach(command);
};

async function evaluateTrial(
  store: Store,
  { model, costs, capitalUsd }: Options & { readonly capitalUsd: number | undefined },
  context: CommandContext,
): Promise<CommandResult> {
  const trials = await readTrials(store.root);
  const trial = namedTrial(trials, parseModelName(model));
  await requireWritableRegistry(store.root, trial.model);
  const experiment = await experimentOf(store, trial, {
    onProgress: (done, total) => context.progress(done, total, "symbols"),
  });
  const baseline = trials.filter((other) => isBaselineOf(trial, other)).at(-1);
  const compared = baseline === undefined ? [trial] : [trial, baseline];
  const models = [];
  for (const one of compared) models.push(await loadTrial(store.root, one, trials.length));
  const evaluation = await evaluateModels(store, experiment, models, {
    seed: trial.seed,
    record: [trial.model],
    costs,
    onProgress: context.progress,
    ...(capitalUsd === undefined ? {} : { capitalUsd }),
  });
  if (isShortfall(evaluation)) {
    context.say(shortfallText(evaluation));
    return { json: { shortfall: evaluation }, exitCode: 1 };
  }
  const name = { name: trial.model, version: versionOf(trial.key) };
  const { html } = await writeModelCard(store.root, name);
  const facts = experimentFacts(experiment);
  const members = membersOf(models[0]!.folds);
  const about = { facts, members, card: html };
  return await withHead(report(trial, evaluation, { ...context, ...about }), context);
}

/** The usual logistic regression by the same code on the same data: another one could be made easy to beat. */
function isBaselineOf(trial: Trial, { model, data, code, settings }: Trial): boolean {
  // Its name says that it is on all columns; its settings say which these are.
  const isUsual = isDeepStrictEqual({ ...settings, columns: "full" }, { ...LOGISTIC_SETTINGS });
  const isAlike = data === trial.data && code === trial.code;
  return model === "logistic" && trial.model !== "logistic" && isAlike && isUsual;
}

function report(
  trial: Trial,
  evaluation: ExperimentEvaluation,
  {
    say,
    facts,
    members,
    card,
  }: CommandContext & {
    readonly facts: ExperimentFacts;
    readonly members: readonly MemberFacts[];
    readonly card: string;
  },
): CommandResult {
  const { models, isVoid, isSimulated, slices, excluded, rungs, trials } = evaluation;
  const { canaries, canaryShortfalls } = evaluation;
  const own: ModelEvaluation = models[0]!;
  for (const line of evaluationLines(modelName(trial), evaluation, facts)) say(line);
  for (const line of memberLines(members)) say(line);
  const coverage = coverageLine(settingsOf(trial), own.acted.coverage);
  const left = [excludedLine(excluded), coverage, withoutBadLine(own), withoutBadSharpeLine(own)];
  for (const line of [...left, ...auditLines(slices)]) {
    if (line !== undefined) say(line);
  }
  say(`model card: ${card}`);
  const verdict = isVoid ? "fail" : own.verdict;
  const name = { name: trial.model, version: versionOf(trial.key) };
  const about = { ...name, isSimulated, ...facts, isVoid, canaries, canaryShortfalls };
  return {
    json: {
      ...about,
      ...withoutCurves(own),
      ...(members.length === 0 ? {} : { members }),
      planGates: planGates(own),
      slices,
      excluded,
      rungs,
      trials,
      verdict,
      card,
    },
    exitCode: verdict === "fail" || verdict === "not evaluated" ? 1 : 0,
  };
}

function settingsOf({ settings }: Trial): FinalSettings {
  return settings as unknown as FinalSettings;
}

function capitalOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return numberOption("--capital", text, {
    fits: (value) => value >= LEAST_USD && value <= MOST_USD,
    expected: `${LEAST_USD} to ${MOST_USD} USD`,
    fix: "give for example 100000: less is under the smallest order, and more is beyond any account",
  });
}
