// What do the rows give that a model acts on?

import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  weightedBootstrap,
} from "../core/block-bootstrap.js";
import { DIFFERENCE, RATIO, type Range } from "../core/figure-range.js";
import { blockCount } from "../core/resample.js";
import { mean } from "../core/statistics.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import type { Costs } from "../trading/costs.js";
import { hits, majorityRate } from "./accuracy.js";
import { betCosts } from "./bet-costs.js";
import { calibrationErrorOf } from "./calibration-error.js";
import { type CalibrationRows, calibrationRows } from "./calibration-rows.js";
import type { Predicted } from "./group-accuracy.js";
import { rankRows, rankWeight } from "./order.js";
import { reliabilityBins, weightedReliabilityBins } from "./reliability.js";

/** Figures of the rows that are acted on: those that the accuracy gate judges and the backtest trades. */
export interface ActedFigures extends CalibrationRows {
  readonly rows: number;
  /** Blocks of time that they fill; fewer than three tell no interval. */
  readonly blocks: number;
  /** Share of all test rows. */
  readonly coverage: number;
  readonly accuracy: Bootstrapped;
  readonly majorityRate: number;
  /** On 10 bins of equal mass of these rows. */
  readonly calibrationError: Bootstrapped;
  /** Accuracy at which a bet on each of them pays its way in and out, and the preset's funding meanwhile. */
  readonly breakEvenAccuracy: number;
}

/** Rows of a model. */
export interface ActedRows {
  readonly dataset: Dataset;
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
  /** By row of the dataset; left out where every row is acted on. */
  readonly isActedOn?: Uint8Array;
}

const RANGES: Readonly<Record<string, Range>> = {
  accuracy: RATIO,
  calibrationError: RATIO,
  residual: DIFFERENCE,
};

/** Measures the rows that are acted on. */
export function actedFigures(
  { dataset, rows, probability, isActedOn }: ActedRows,
  { costs, bootstrap }: { readonly costs: Costs; readonly bootstrap: BlockBootstrapOptions },
): ActedFigures {
  const places = Uint32Array.from(rows.keys()).filter((i) => isActedOn?.[rows[i]!] !== 0);
  const acted = Uint32Array.from(places, (i) => rows[i]!);
  const outcome = Float64Array.from(acted, (row) => dataset.outcome[row]!);
  const stated = Float64Array.from(places, (i) => probability[i]!);
  const hit = hits(stated, outcome);
  const ranked = rankRows(stated, outcome);
  const inOrder = new Uint32Array(acted.length);
  const times = Float64Array.from(acted, (row) => dataset.barEndUs[row]!);
  const gap = outcome.map((y, i) => y - stated[i]!);
  const { accuracy, calibrationError, residual } = weightedBootstrap(
    times,
    (weight) => ({
      accuracy: weightedSum(weight, hit) / totalWeight(weight),
      residual: weightedSum(weight, gap) / totalWeight(weight),
      calibrationError: calibrationErrorOf(
        weightedReliabilityBins(ranked, rankWeight(ranked, weight, inOrder)),
      ),
    }),
    { ...bootstrap, horizonBars: dataset.horizonBars, rangeOf: (name) => RANGES[name] },
  );
  return {
    rows: acted.length,
    blocks: blockCount(times, bootstrap),
    coverage: acted.length / rows.length,
    accuracy,
    calibrationError,
    ...calibrationRows({
      ...{ probability: stated, outcome, residual, horizonBars: dataset.horizonBars },
      bins: reliabilityBins(stated, outcome),
    }),
    majorityRate: majorityRate(outcome),
    breakEvenAccuracy: breakEvenAccuracy(dataset, { rows: acted, probability: stated }, costs),
  };
}

/** Probabilities that are traded: those of rows that are not acted on say ½; NaN stays, as no one was asked. */
export function tradedProbability({ rows, probability, isActedOn }: ActedRows): Float64Array {
  return probability.map((p, i) => {
    return isActedOn?.[rows[i]!] === 0 && !Number.isNaN(p) ? 0.5 : p;
  });
}

/** Accuracy at which a bet on every bar pays its way in and out: ½ + cost / (2 · mean |return|). */
function breakEvenAccuracy(dataset: Dataset, bets: Predicted, costs: Costs): number {
  const moves = Float64Array.from(bets.rows, (row) => Math.abs(dataset.labelReturn[row]!));
  return 0.5 + (1e-4 * betCosts(dataset, bets, costs).totalBps) / (2 * mean(moves));
}
