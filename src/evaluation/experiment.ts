// The steps of an experiment as notebooks and the main job take them: data in folds, models on them, figures of both.
// A step that has too little data says so, and the steps after it pass that on.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { foldTimeline, type SliceSpan } from "../dataset/fold-timeline.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { readTrials } from "../registry/trials.js";
import type { Store } from "../store/store.js";
import { fitOrLoad } from "../training/fit-or-load.js";
import { defaultLstmSettings, LOGISTIC_SETTINGS, LSTM_SETTINGS } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { runCanaries } from "./canaries.js";
import { type Evaluation, evaluate } from "./evaluate.js";
import { readTruth } from "./truth.js";

/** What is predicted on which market. */
export interface ExperimentRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** UTC days in order. */
  readonly days: readonly string[];
  /** Bars ahead that labels look; default 15. */
  readonly horizonBars?: number;
  /** From a bar's end to the mid that its label starts from; default 500 ms. */
  readonly latencyMs?: number;
  /** Walk-forward folds; default 1. */
  readonly folds?: number;
}

/** A dataset cut into folds that all models are trained and tested on. */
export interface Experiment {
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
  readonly slices: readonly SliceSpan[];
}

/**
 * Joins the stored features to a dataset and cuts it into folds whose longest window is good, so that every model is
 * tested on the same rows.
 *
 * @throws {OptionError} no features are stored of that market
 * @throws {DataError} a table is damaged
 */
export async function prepareExperiment(
  store: Store,
  { exchange, symbols, days, horizonBars = 15, latencyMs = 500, folds = 1 }: ExperimentRequest,
): Promise<Experiment | Shortfall> {
  const latencyUs = latencyMs * 1000;
  const dataset = await buildDataset(store, { exchange, symbols, days, horizonBars, latencyUs });
  const cut = walkForwardFolds(dataset, { folds, windowBars: LSTM_SETTINGS.steps });
  if (isShortfall(cut)) return cut;
  return { dataset, folds: cut, slices: foldTimeline(dataset, cut) };
}

/** The logistic baseline of an experiment, loaded where the ledger has it. */
export async function trainBaseline(
  store: Store,
  experiment: Experiment | Shortfall,
  seed: number,
): Promise<TrainedModel | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const { dataset, folds } = experiment;
  return await fitOrLoad(dataset, folds, LOGISTIC_SETTINGS, { root: store.root, seed });
}

/**
 * The LSTM of an experiment, loaded where the ledger has it.
 *
 * @param say - told a line as each epoch ends
 */
export async function trainSequenceModel(
  store: Store,
  experiment: Experiment | Shortfall,
  seed: number,
  say: (line: string) => void = () => {},
): Promise<TrainedModel | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const settings = defaultLstmSettings(await loadTensorflow());
  return await fitOrLoad(experiment.dataset, experiment.folds, settings, {
    root: store.root,
    seed,
    onEpoch: ({ epoch, epochs, trainLoss, earlyStopLoss, samplesPerSecond }) => {
      const losses = `loss ${trainLoss.toFixed(4)}, early stop ${earlyStopLoss.toFixed(4)}`;
      const rate = Math.round(samplesPerSecond).toLocaleString("en-US");
      say(`epoch ${epoch} of at most ${epochs}: ${losses}, ${rate} windows a second`);
    },
  });
}

/** How to evaluate. */
export interface ExperimentEvaluation {
  readonly seed: number;
  /** Refit with shuffled labels and a leaked label too; without them no model can pass its gates. */
  readonly hasCanaries?: boolean;
}

/**
 * Evaluates the models that could be trained, on the rows that all of them predicted.
 *
 * @returns what is missing when no model could be trained
 */
export async function evaluateModels(
  store: Store,
  experiment: Experiment | Shortfall,
  models: readonly (TrainedModel | Shortfall)[],
  { seed, hasCanaries = false }: ExperimentEvaluation,
): Promise<Evaluation | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const { dataset, folds } = experiment;
  const trained = models.flatMap((model) => (isShortfall(model) ? [] : [model]));
  const missing = models.find(isShortfall);
  if (trained.length === 0 && missing !== undefined) return missing;
  const truth = await readTruth(store, dataset);
  const canaries = hasCanaries ? await runCanaries(dataset, folds, { seed }) : [];
  const trials = await readTrials(store.root);
  return evaluate({
    dataset,
    folds,
    models: trained.map(({ name, testRows, probability }) => {
      return { model: name, rows: testRows, probability };
    }),
    ...(truth === undefined ? {} : { truth }),
    canaries: isShortfall(canaries) ? [] : canaries,
    trials: { count: trials.length, sharpeDeviation: Number.NaN },
    seed,
  });
}
