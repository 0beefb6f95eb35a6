// Fits of the logistic baseline that have seen what they must not see. Each is one line's difference from the honest one.
import { isShortfall } from "../../core/shortfall.js";
import { quantile } from "../../core/statistics.js";
import type { Dataset } from "../../dataset/matrix.js";
import { accuracy } from "../../evaluation/accuracy.js";
import type { Pipeline } from "../../evaluation/canaries/pipeline.js";
import { logLoss } from "../../evaluation/log-loss.js";
import { calibrate } from "../../models/calibrator.js";
import { fitLogistic } from "../../models/logistic.js";
import { scaledRows } from "../../models/predictor.js";
import { fitStandardScaler } from "../../models/standard-scaler.js";
import { finishFold } from "../../training/finish-fold.js";
import type { Epoch, FoldFit } from "../../training/fold-fit.js";
import { rowsWithWindow } from "../../training/slice-rows.js";
import { trainLogistic } from "../../training/train-logistic.js";

type Fit = Pipeline["fit"];

/** Of weights, where none is chosen. */
const PRIOR_DEVIATION = 0.1;

/** Priors from tight to loose: along them a fit goes as along the epochs of a training that is stopped. */
const STOPS: readonly number[] = [0.001, 0.01, 0.1, 1];

/** Shares of the surest rows, and places of a threshold among the log-odds, that are chosen from. */
const COVERAGES: readonly number[] = [0.05, 0.1, 0.2, 0.5, 1];
const THRESHOLDS: readonly number[] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/** Mean and deviation of inputs are those of all slices, the test's among them; everything else is fitted honestly. */
export const scaledByAll: Fit = async (dataset, fold, { calibrator }) => {
  const slices = rowsWithWindow(dataset, fold, 1, "logistic baseline");
  if (isShortfall(slices)) return slices;
  const { inputs, featureNames: names, horizonBars: overlapBars } = dataset;
  const { train, earlyStop } = slices.rows;
  const fitted = Uint32Array.of(...train, ...earlyStop);
  const scaler = fitStandardScaler(inputs, names, Uint32Array.of(...fitted, ...fold.test));
  const outcome = Float64Array.from(fitted, (row) => dataset.outcome[row]!);
  const scaled = scaledRows(scaler, inputs, fitted);
  const model = await fitLogistic({ inputs: scaled, outcome, names, overlapBars }, PRIOR_DEVIATION);
  return await finishFold(dataset, slices, { scaler, model }, { calibrator, history: [] });
};

/** The calibrator is fitted on the test slice. */
export const calibratedOnTest: Fit = (dataset, fold, settings) =>
  trainLogistic(dataset, { ...fold, calibrate: fold.test }, settings);

/** Of some fits from tight to loose the one is kept that does best on the test slice, as the learning curve shows. */
export const stoppedOnTest: Fit = async (dataset, fold, settings) => {
  const fits: FoldFit[] = [];
  for (const priorDeviation of STOPS) {
    const fit = await trainLogistic(dataset, fold, {
      ...settings,
      priorDeviations: [priorDeviation],
    });
    if (isShortfall(fit)) return fit;
    fits.push(fit);
  }
  const lossOf = (fit: FoldFit): number => logLoss(fit.probability, outcomesOf(dataset, fit));
  const history = fits.map((fit, i): Epoch => {
    const unknown = { trainLoss: Number.NaN, earlyStopAccuracy: Number.NaN };
    return { epoch: i + 1, ...unknown, earlyStopLoss: lossOf(fit) };
  });
  return { ...bestOf(fits, (fit) => -lossOf(fit)), history };
};

/** The threshold between "up" and "down" is the one that does best on the test slice. */
export const thresholdFromTest: Fit = async (dataset, fold, settings) => {
  const fit = await trainLogistic(dataset, fold, settings);
  if (isShortfall(fit)) return fit;
  const outcome = outcomesOf(dataset, fit);
  const candidates = THRESHOLDS.map((place): FoldFit => {
    const shift = -quantile(fit.testLogits, place);
    const calibrator = { kind: "platt", slope: 1, shift } as const;
    return {
      ...fit,
      predictor: { ...fit.predictor, calibrator },
      probability: calibrate(calibrator, fit.testLogits),
    };
  });
  return bestOf(candidates, ({ probability }) => accuracy(probability, outcome));
};

/** Only so many of the surest rows are predicted as do best on the test slice. */
export const coverageFromTest: Fit = async (dataset, fold, settings) => {
  const fit = await trainLogistic(dataset, fold, settings);
  if (isShortfall(fit)) return fit;
  const sureness = fit.probability.map((p) => Math.abs(p - 0.5));
  const candidates = COVERAGES.map((share) => {
    const least = quantile(sureness, 1 - share);
    return someRows(fit, (i) => sureness[i]! >= least);
  });
  return bestOf(candidates, (one) => accuracy(one.probability, outcomesOf(dataset, one)));
};

function someRows(fit: FoldFit, isKept: (i: number) => boolean): FoldFit {
  const kept = (_: number, i: number): boolean => isKept(i);
  return {
    ...fit,
    testRows: fit.testRows.filter(kept),
    testLogits: fit.testLogits.filter(kept),
    rawProbability: fit.rawProbability.filter(kept),
    probability: fit.probability.filter(kept),
  };
}

function bestOf(fits: readonly FoldFit[], scoreOf: (fit: FoldFit) => number): FoldFit {
  return fits.reduce((best, fit) => (scoreOf(fit) > scoreOf(best) ? fit : best));
}

function outcomesOf({ outcome }: Dataset, { testRows }: FoldFit): Float64Array {
  return Float64Array.from(testRows, (row) => outcome[row]!);
}
