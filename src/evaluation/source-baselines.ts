// What do candles alone predict, beside ticks?

import { blockLengthUs, type Uncertainty } from "../core/block-bootstrap.js";
import { effectiveSampleSize } from "../core/effective-sample-size.js";
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { foldEdges, foldsBetween } from "../dataset/folds.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { matchingRows, relabel } from "../dataset/relabel.js";
import { candleSource } from "../store/candle-source.js";
import type { Store } from "../store/store.js";
import type { FitOptions } from "../training/fit-or-load.js";
import { LOGISTIC_SETTINGS, WINDOW_BARS } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { hits, majorityRate } from "./accuracy.js";
import type { Truth } from "./ceilings.js";
import { onCommonRows } from "./common-rows.js";
import type { ModelPredictions } from "./evaluate.js";
import type { Experiment } from "./experiment.js";
import { fitTrial } from "./fit-trial.js";
import { type MeasuredRows, measure } from "./measure.js";
import { readTruth } from "./truth.js";

/** What an experiment was cut into. */
type TestedFolds = Pick<Experiment, "dataset" | "folds"> & Partial<Pick<Experiment, "origin">>;

/** How often the logistic baseline is right on one source and label, beside its base rate. */
export interface SourceBaseline {
  readonly source: "ticks" | "candles";
  readonly exchange: string;
  /** A label on the close is BOUNCE-PRONE: the spread alone lets it be predicted. */
  readonly labelKind: "mid" | "close";
  /** True when labels and rows are those of the ticks' baseline. */
  readonly isSameQuestion: boolean;
  readonly features: number;
  readonly rows: number;
  /** Independent rows that give the same standard error. */
  readonly effectiveRows: number;
  readonly accuracy: Uncertainty;
  /** The same by the true probabilities of a simulated market, which know no luck; absent elsewhere. */
  readonly trueAccuracy?: Uncertainty;
  readonly majorityRate: number;
  /** Accuracy less the majority class's, paired. */
  readonly aboveMajority: Uncertainty;
  /** Accuracy less that of the ticks' baseline on the same rows and labels, paired; NaN where there is none. */
  readonly aboveTicks: Uncertainty;
}

/** The baseline on both sources. */
export interface BaselineComparison {
  readonly baselines: readonly SourceBaseline[];
  /** What could not be trained for want of data. */
  readonly shortfalls: readonly Shortfall[];
}

/** Whose candles, and how to draw. */
export interface SourceBaselineOptions {
  readonly seed: number;
  /** Default: those that are there. */
  readonly candles?: string;
}

/**
 * Trains the logistic baseline on what candles alone can tell, over the days and the folds of an experiment on ticks: once
 * with the experiment's own labels, on the very rows that the ticks' baseline is tested on, and once with the label that
 * candles alone can give, the direction of their close. Both are trials of other data, recorded and counted as any: who
 * compares sources has tried them.
 *
 * @returns what is missing when there is no experiment or none on ticks, no baseline or no candles
 * @throws {DataError} a table is damaged, or the ledger does not hold what was written
 */
export async function compareBaselines(
  store: Store,
  experiment: TestedFolds | Shortfall,
  baseline: TrainedModel | Shortfall,
  { seed, candles }: SourceBaselineOptions,
): Promise<BaselineComparison | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  if (isShortfall(baseline)) return baseline;
  const { dataset, folds, origin } = experiment;
  if (origin?.source === "candles") {
    const what = "features of ticks, which an experiment on candles does not read";
    return shortfall({ step: "hold candles against ticks", what, has: 0, needs: 1 });
  }
  const ofCandles = await candleDataset(store, dataset, candles);
  if (isShortfall(ofCandles)) return ofCandles;
  const edges = foldEdges(dataset, folds);
  const cut = (rows: Dataset): readonly Fold[] | Shortfall =>
    foldsBetween(rows, edges, WINDOW_BARS);
  const fit = { root: store.root, seed, part: "candles beside ticks" };
  const own = await predicted(ofCandles, cut(ofCandles), fit);
  // An experiment on these very candles has their labels: relabelled they would be counted twice.
  const isOfCandles = ofCandles.hash === dataset.hash;
  const relabelled = isOfCandles ? ofCandles : relabel(ofCandles, dataset);
  const same = await predicted(relabelled, cut(relabelled), fit);
  const ticks = { model: "logistic", rows: baseline.testRows, probability: baseline.probability };
  const truth = await readTruth(store, dataset);
  return {
    baselines: [
      ...onSameRows(experiment, ticks, isShortfall(same) ? same : moved(same, ofCandles, dataset), {
        seed,
        candles: ofCandles,
        ...(truth === undefined ? {} : { truth }),
      }),
      ...(isShortfall(own) ? [] : [onOwnRows(ofCandles, own, seed)]),
    ],
    shortfalls: [same, own].filter(isShortfall),
  };
}

/** The candles' dataset of the same coins, days, bars and horizon. */
async function candleDataset(
  store: Store,
  { exchange, symbols, barEndUs, barUs, horizonBars }: Dataset,
  candles: string | undefined,
): Promise<Dataset | Shortfall> {
  const days = daysOf(barEndUs, barUs);
  const named = candles === undefined ? {} : { candles };
  const source = await candleSource(store, { exchange, symbols, days, ...named });
  if (source === undefined) {
    const what = "one-minute candles of these coins and days (`tickbook candles` brings them in)";
    return shortfall({ step: "train the baseline on candles", what, has: 0, needs: 1 });
  }
  return await buildDataset(store, { ...source, days, barUs, horizonBars, source: "candles" });
}

function daysOf(barEndUs: Float64Array, barUs: number): readonly string[] {
  const starts = barEndUs.map((endUs) => endUs - barUs);
  const firstUs = starts.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const lastUs = starts.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const fromUs = dayStartUs(dateOf(firstUs));
  const count = Math.floor((lastUs - fromUs) / DAY_US) + 1;
  return Array.from({ length: count }, (_, i) => dateOf(fromUs + i * DAY_US));
}

/** What the logistic baseline says of the test rows, loaded where the ledger has the trial. */
async function predicted(
  dataset: Dataset,
  folds: readonly Fold[] | Shortfall,
  options: FitOptions,
): Promise<ModelPredictions | Shortfall> {
  if (isShortfall(folds)) return folds;
  const model = await fitTrial(dataset, folds, LOGISTIC_SETTINGS, options);
  if (isShortfall(model)) return model;
  return { model: "candles", rows: model.testRows, probability: model.probability };
}

/** Predictions under the row numbers of another dataset; all of them have their like there. */
function moved(
  { model, rows, probability }: ModelPredictions,
  from: Dataset,
  to: Dataset,
): ModelPredictions {
  const match = matchingRows(from, to);
  return { model, rows: rows.map((row) => match[row]!), probability };
}

/** Both sources asked the experiment's own question, on the rows that both answer. */
function onSameRows(
  { dataset }: TestedFolds,
  ticks: ModelPredictions,
  candles: ModelPredictions | Shortfall,
  {
    candles: ofCandles,
    ...options
  }: { readonly seed: number; readonly candles: Dataset; readonly truth?: Truth },
): readonly SourceBaseline[] {
  const asked = { labelKind: dataset.labelKind, isSameQuestion: true };
  const ofTicks = { ...asked, ...describe(dataset), source: "ticks" } as const;
  const predictions = isShortfall(candles) ? [ticks] : [ticks, candles];
  const [own, other] = onCommonRows(predictions).models;
  const baselines = [baselineOf(dataset, own!, ofTicks, options)];
  if (other === undefined) return baselines;
  const about = { ...asked, ...describe(ofCandles), source: "candles" } as const;
  return [
    ...baselines,
    baselineOf(dataset, other, about, { ...options, baseline: own!.probability }),
  ];
}

/** Candles asked what candles alone can ask. */
function onOwnRows(dataset: Dataset, own: ModelPredictions, seed: number): SourceBaseline {
  const [predicted] = onCommonRows([own]).models;
  const asked = { labelKind: dataset.labelKind, isSameQuestion: false };
  const about = { ...asked, ...describe(dataset), source: "candles" } as const;
  return baselineOf(dataset, predicted!, about, { seed });
}

function describe({
  exchange,
  featureNames,
}: Dataset): Pick<SourceBaseline, "exchange" | "features"> {
  return { exchange, features: featureNames.length };
}

function baselineOf(
  dataset: Dataset,
  { rows, probability }: ModelPredictions,
  about: Pick<SourceBaseline, "source" | "exchange" | "labelKind" | "isSameQuestion" | "features">,
  { seed, ...known }: Pick<MeasuredRows, "baseline" | "truth"> & { readonly seed: number },
): SourceBaseline {
  const times = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const bootstrap = { blockUs: blockLengthUs(dataset, times), barUs: dataset.barUs, seed };
  const measured = measure({ dataset, rows, probability, bootstrap, ...known });
  const { accuracy, aboveMajority, aboveLogistic } = measured.metrics;
  const outcome = Float64Array.from(rows, (row) => dataset.outcome[row]!);
  const right = hits(probability, outcome);
  return {
    ...about,
    ...(measured.ceilings === undefined ? {} : { trueAccuracy: measured.ceilings.model }),
    rows: rows.length,
    effectiveRows: effectiveSampleSize(right, accuracy.standardError, dataset),
    majorityRate: majorityRate(outcome),
    ...{ accuracy, aboveMajority, aboveTicks: aboveLogistic },
  };
}
