import { z } from "zod";
import { DataError, OptionError } from "../core/errors.js";
import { isShortfall, shortfallText } from "../core/shortfall.js";
import { daysBetween } from "../core/time.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import type { Backtest } from "../evaluation/backtest.js";
import { runCanaries } from "../evaluation/canaries.js";
import { type Evaluation, evaluate, type ModelPredictions } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { readTruth } from "../evaluation/truth.js";
import { hasBundle, readBundle } from "../registry/bundles.js";
import type { Trial } from "../registry/trial.js";
import { readTrials } from "../registry/trials.js";
import { openStore, type Store } from "../store/store.js";
import { dataHash } from "../training/fit-or-load.js";
import { foldsFromFiles } from "../training/model-files.js";
import { LSTM_SETTINGS } from "../training/settings.js";
import { auditLines, withoutBadLine } from "./audit-lines.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";

/** What a bundle's card says of the data that the model was trained on. */
const card = z.object({
  exchange: z.string(),
  symbols: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  barUs: z.number(),
  horizonBars: z.number(),
  latencyUs: z.number(),
  folds: z.number(),
  featureNames: z.array(z.string()),
});

/** `evaluate`: metrics, canaries, costs and gates of a trained model; exit 1 when a gate fails. */
export const evaluateCommand: AddCommand = (program) => {
  program
    .command("evaluate")
    .description("metrics, canaries, costs and gates of a trained model")
    .requiredOption("--model <name>", "NAME or NAME@version, as `models` lists them")
    .action(
      action<{ readonly model: string }>(async (_args, { model }, context) => {
        const store = await openStore(context.dataDir);
        try {
          return await evaluateTrial(store, model, context);
        } finally {
          await store.close();
        }
      }),
    );
};

async function evaluateTrial(
  store: Store,
  model: string,
  context: CommandContext,
): Promise<CommandResult> {
  const trials = await readTrials(store.root);
  const trial = findTrial(trials, model);
  const { dataset, folds } = await trainingData(store, trial);
  const baseline = trials.find(
    (other) => other.model === "logistic" && other.data === trial.data && other.key !== trial.key,
  );
  const compared = trial.model === "logistic" ? [trial] : [trial, ...(baseline ? [baseline] : [])];
  const models: ModelPredictions[] = [];
  for (const one of compared) {
    if (await hasBundle(store.root, one.model, versionOf(one))) {
      models.push(await predictions(store.root, one));
    }
  }
  const canaries = await runCanaries(dataset, folds, { seed: trial.seed });
  if (isShortfall(canaries)) context.say(shortfallText(canaries));
  const truth = await readTruth(store, dataset);
  const evaluation = evaluate({
    dataset,
    folds,
    models,
    ...(truth === undefined ? {} : { truth }),
    canaries: isShortfall(canaries) ? [] : canaries,
    trials: { count: trials.length, sharpeDeviation: Number.NaN },
    seed: trial.seed,
  });
  return report(trial, evaluation, context);
}

/** The trial of that name and version, or the last of that name. */
function findTrial(trials: readonly Trial[], model: string): Trial {
  const [name, version] = model.split("@");
  const found = trials.filter(
    (trial) => trial.model === name && (version === undefined || versionOf(trial) === version),
  );
  const last = found.at(-1);
  if (last !== undefined) return last;
  throw new OptionError({
    column: "--model",
    message: `was "${model}", which no trained model is called`,
    fix: "take a name from `npx tickbook models`, or train one with `npx tickbook train`",
  });
}

/** The dataset and folds that a trial was fitted on, joined again from the store and compared by hash. */
async function trainingData(
  store: Store,
  trial: Trial,
): Promise<{ readonly dataset: Dataset; readonly folds: readonly Fold[] }> {
  const name = `${trial.model}@${versionOf(trial)}`;
  const { content } = await readBundle(store.root, trial.model, versionOf(trial), trial.bundle);
  const { from, to, featureNames, folds: count, ...settings } = card.parse(content);
  const request = { ...settings, days: daysBetween(from, to), features: featureNames };
  const dataset = await buildDataset(store, request);
  for (const windowBars of [LSTM_SETTINGS.steps, 1]) {
    const folds = walkForwardFolds(dataset, { folds: count, windowBars });
    if (!isShortfall(folds) && dataHash(dataset, folds) === trial.data) return { dataset, folds };
  }
  throw new DataError({
    file: name,
    message: "was trained on other features, labels or verdicts than the store holds now",
    fix: "train it again with `npx tickbook train`",
  });
}

async function predictions(root: string, trial: Trial): Promise<ModelPredictions> {
  const { files } = await readBundle(root, trial.model, versionOf(trial), trial.bundle);
  const folds = foldsFromFiles(files, `${trial.model}@${versionOf(trial)}`);
  return {
    model: trial.model,
    rows: Uint32Array.from(folds.flatMap(({ testRows }) => [...testRows])),
    probability: Float64Array.from(folds.flatMap(({ probability }) => [...probability])),
  };
}

function report(trial: Trial, evaluation: Evaluation, { say }: CommandContext): CommandResult {
  const { models, canaries, isVoid, isSimulated, horizonMinutes, slices } = evaluation;
  const own: ModelEvaluation = models[0]!;
  const { metrics, gates, verdict } = own;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  say(
    `${trial.model}@${versionOf(trial)}, ${isSimulated ? "SIMULATED" : "REAL"}, ${horizonMinutes} minutes: ` +
      `accuracy ${percent(metrics.accuracy.estimate)} beside ${percent(own.majorityRate)} for the majority`,
  );
  const without = withoutBadLine(own);
  for (const line of [...(without === undefined ? [] : [without]), ...auditLines(slices)])
    say(line);
  for (const { name, value, rule, verdict: gate, reason } of gates) {
    const why = reason === undefined ? "" : ` (${reason})`;
    say(`${gate.padEnd(9)} ${name}: ${value.toFixed(4)}${why}; ${rule}`);
  }
  if (isVoid) say("VOID: a canary did not score as it must");
  const json = { name: trial.model, version: versionOf(trial), isSimulated, isVoid, canaries };
  const backtest = withoutEquity(own.backtest);
  const withoutBad = { ...own.withoutBad, backtest: withoutEquity(own.withoutBad.backtest) };
  return {
    json: { ...json, ...own, backtest, withoutBad, slices, gates, verdict },
    exitCode: verdict === "fail" ? 1 : 0,
  };
}

/** The curve of every bar is for plots. */
function withoutEquity({ equity: _, ...figures }: Backtest): Omit<Backtest, "equity"> {
  return figures;
}

function versionOf({ key }: Trial): string {
  return key.slice(0, 12);
}
