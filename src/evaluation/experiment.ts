// The steps of an experiment as notebooks, the command line and the main job take them: data in folds, models on them.
// A step that has too little data says so, and the steps after it pass that on.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { type ColumnSet, setsAmong } from "../dataset/column-sets.js";
import { foldTimeline, type SliceSpan } from "../dataset/fold-timeline.js";
import { type FoldSettings, type SliceShares, walkForwardFolds } from "../dataset/folds.js";
import type { LabelRule } from "../dataset/label-rule.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { type DatasetPlace, storeDataset } from "../dataset/stored-dataset.js";
import { requireSeenInputs } from "../dataset/unseen-inputs.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { Store } from "../store/store.js";
import { defaultLstmSettings, defaultMlpSettings } from "../training/default-settings.js";
import {
  BASELINE_LADDER,
  type FinalSettings,
  LOGISTIC_SETTINGS,
  type TrainingSettings,
  WINDOW_BARS,
} from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { batchText, epochLine } from "./epoch-line.js";
import { fitTrial } from "./fit-trial.js";

/** What is predicted on which market. */
export interface ExperimentRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** UTC days in order. */
  readonly days: readonly string[];
  /** Length of a bar, µs; default one minute. */
  readonly barUs?: number;
  /** Bars ahead that labels look; default 15. */
  readonly horizonBars?: number;
  /** From a bar's end to the mid that its label starts from; default 500 ms. */
  readonly latencyMs?: number;
  /** Default the direction over the horizon. */
  readonly labelRule?: LabelRule;
  /** Features by name, or a set of them; default all that the data allows. */
  readonly features?: readonly string[] | ColumnSet;
  /** What features are made from; default ticks. */
  readonly source?: "ticks" | "candles";
  /** Walk-forward folds; default 1. */
  readonly folds?: number;
  /** Default anchored. */
  readonly window?: FoldSettings["window"];
  /** Of a fold's slices; default 55, 10, 15 and 20 %. */
  readonly shares?: SliceShares;
  /** What the stored matrix is called; default after exchange, symbols and days. */
  readonly name?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How an experiment's folds were cut, so that they can be cut again. */
export type Cut = Pick<FoldSettings, "folds" | "window" | "windowBars"> &
  Partial<Pick<FoldSettings, "shares">>;

/** A dataset cut into folds that all models are trained and tested on. */
export interface Experiment {
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
  readonly slices: readonly SliceSpan[];
  /** Where the matrix is stored, if it is, and how it was cut. */
  readonly origin: {
    readonly place?: DatasetPlace;
    readonly cut: Cut;
    readonly source: "ticks" | "candles";
  };
}

/**
 * Joins the stored features to a dataset, stores it and cuts it into folds whose longest window is good, so that every model
 * is tested on the same rows.
 *
 * @throws {OptionError} no features are stored of that market, or a set is asked of a source that lacks its columns
 * @throws {DataError} a table is damaged, or an input has no value at all
 */
export async function prepareExperiment(
  store: Store,
  { latencyMs = 500, folds = 1, window = "anchored", shares, name, ...request }: ExperimentRequest,
): Promise<Experiment | Shortfall> {
  const dataset = await buildDataset(store, { ...request, latencyUs: latencyMs * 1000 });
  // Usual shares are not told, so that bundles say what they said before there were others.
  const told = shares === undefined ? {} : { shares };
  const cut = { folds, window, windowBars: WINDOW_BARS, ...told };
  const made = walkForwardFolds(dataset, cut);
  if (isShortfall(made)) {
    requireSeenInputs(dataset);
    return made;
  }
  const place = await storeDataset(store, dataset, name);
  const slices = foldTimeline(dataset, made);
  const { source = "ticks" } = request;
  return { dataset, folds: made, slices, origin: { place, cut, source } };
}

/** How a model of an experiment is trained. */
export interface TrainRequest {
  readonly seed: number;
  /** Told a line as each epoch ends, and what else a user should know. */
  readonly say?: (line: string) => void;
  /** Told after each batch how many of its epoch are done, with what is known by then and the time left in words. */
  readonly progress?: (done: number, total: number, what: string, left: string) => void;
  /** What it is trained for besides being a model of its own. */
  readonly part?: string;
  /** Of an ensemble, where they are at hand. */
  readonly members?: readonly TrainedModel[];
}

/** One model of an experiment, loaded where the ledger has it. */
export async function trainModel(
  store: Store,
  experiment: Experiment | Shortfall,
  settings: TrainingSettings,
  { seed, say = () => {}, progress = () => {}, part = "", members }: TrainRequest,
): Promise<TrainedModel | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const { dataset, folds, origin } = experiment;
  return await fitTrial(dataset, folds, settings, {
    root: store.root,
    seed,
    origin: { ...origin },
    part,
    ...(members === undefined ? {} : { members }),
    onBatch: (told) => {
      const { what, left } = batchText(told);
      progress(told.batch, told.batches, what, left);
    },
    onEpoch: (told) => say(epochLine(told)),
    onNotice: say,
  });
}

/** The logistic baseline of an experiment; `final` is what differs from the usual end of a fit. */
export async function trainBaseline(
  store: Store,
  experiment: Experiment | Shortfall,
  seed: number,
  final: Partial<FinalSettings> = {},
): Promise<TrainedModel | Shortfall> {
  return await trainModel(store, experiment, { ...LOGISTIC_SETTINGS, ...final }, { seed });
}

/** The LSTM of an experiment; `say` is told a line as each epoch ends. */
export async function trainSequenceModel(
  store: Store,
  experiment: Experiment | Shortfall,
  seed: number,
  say?: (line: string) => void,
  final: Partial<FinalSettings> = {},
): Promise<TrainedModel | Shortfall> {
  const settings = { ...defaultLstmSettings(await loadTensorflow()), ...final };
  const request = say === undefined ? { seed } : { seed, say };
  return await trainModel(store, experiment, settings, request);
}

/**
 * The baseline ladder, from the rung that knows least: majority, persistence, sign of the order flow, logistic on 33 and
 * on all features, a small perceptron. Without a book there is no order flow to take the sign of,
 * and the 33 are all.
 */
export async function trainLadder(
  store: Store,
  experiment: Experiment | Shortfall,
  seed: number,
  final: Partial<FinalSettings> = {},
): Promise<readonly (TrainedModel | Shortfall)[]> {
  if (isShortfall(experiment)) return [experiment];
  const { featureNames } = experiment.dataset;
  const isFullAnother = setsAmong(featureNames).includes("full");
  const rungs = BASELINE_LADDER.filter((rung) => {
    if (rung.model === "ofi-sign") return featureNames.includes("ofi_norm");
    return rung.model !== "logistic" || rung.columns === "base" || isFullAnother;
  });
  const mlp = defaultMlpSettings(await loadTensorflow());
  const models: (TrainedModel | Shortfall)[] = [];
  for (const settings of [...rungs, mlp]) {
    models.push(await trainModel(store, experiment, { ...settings, ...final }, { seed }));
  }
  return models;
}
