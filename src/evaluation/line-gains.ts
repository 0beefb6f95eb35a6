// What do models add to the straight line, on all rows and on each symbol's? Paired differences with block intervals.

import {
  type BlockBootstrapOptions,
  blockLengthUs,
  type WeightedBootstrapOptions,
  weightedBlockBootstrap,
} from "../core/block-bootstrap.js";
import { effectiveSampleSize } from "../core/effective-sample-size.js";
import { DIFFERENCE } from "../core/figure-range.js";
import { rowLogLoss } from "../core/row-log-loss.js";
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import type { Store } from "../store/store.js";
import type { TrainedModel } from "../training/trained-model.js";
import { chosenSideValue } from "./accuracy.js";
import type { Truth } from "./ceilings.js";
import { onCommonRows } from "./common-rows.js";
import type { ModelPredictions } from "./evaluate.js";
import type { Experiment } from "./experiment.js";
import { type Gain, withVerdict } from "./ladder.js";
import { predictionsOf } from "./traded-rows.js";
import { readTruth } from "./truth.js";

/** Model that the others are held against. */
const LINE = "logistic";

/** Two figures of a model over the line, each above 0 where the model is better. */
export interface GainPair<Value> {
  /** Accuracy less the line's. */
  readonly accuracy: Value;
  /** Log-loss that is saved, nats a row. */
  readonly logLoss: Value;
}

/** What a model adds to the line on some rows. */
export interface LineGain {
  readonly model: string;
  /** A symbol; left out where it is all of them. */
  readonly symbol?: string;
  readonly rows: number;
  /** By what came. */
  readonly seen: GainPair<Gain>;
  /** By the true probabilities, which know no luck; only of simulated data whose truth covers all rows. */
  readonly byTruth?: GainPair<Gain>;
  /** What fits of the model from other seeds add on the same rows, by what came. */
  readonly otherSeeds: readonly GainPair<number>[];
}

/** What each model adds to the line, on the rows that all of them predicted. */
export interface LineGains {
  readonly rows: number;
  readonly labelKind: Dataset["labelKind"];
  /** Of each model first all symbols together, then each. */
  readonly models: readonly LineGain[];
}

/**
 * Holds trained models against the logistic regression among them. Of several of one name the first is judged, and the others
 * are its fits from other seeds.
 *
 * @returns what is missing where there is no line, or nothing to hold against it
 */
export async function gainsOverLine(
  store: Store,
  experiment: Experiment | Shortfall,
  models: readonly (TrainedModel | Shortfall)[],
  { seed }: { readonly seed: number },
): Promise<LineGains | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const { dataset } = experiment;
  const trained = models.flatMap((model) => (isShortfall(model) ? [] : [predictionsOf(model)]));
  const hasLine = trained.some(({ model }) => model === LINE);
  const others = trained.filter(({ model }) => model !== LINE).length;
  if (!hasLine || others === 0) {
    const what = "models beside the line";
    const missing = { step: "hold models against the line", what, has: others, needs: 1 };
    return models.find(isShortfall) ?? shortfall(missing);
  }
  const truth = await readTruth(store, dataset);
  return compareWithLine(dataset, trained, { seed, ...(truth === undefined ? {} : { truth }) });
}

/** How models are compared. */
export interface LineGainOptions extends Pick<BlockBootstrapOptions, "seed" | "replicates"> {
  /** True probabilities at all rows of the dataset; only simulated data has them. */
  readonly truth?: Truth;
}

/**
 * The same of predictions. Every interval is one of 95 % by itself: among twenty comparisons of equals one lies outside by luck.
 *
 * @param predictions - one named `logistic`, and others
 */
export function compareWithLine(
  dataset: Dataset,
  predictions: readonly ModelPredictions[],
  { truth, ...options }: LineGainOptions,
): LineGains {
  const { rows, models } = onCommonRows(predictions);
  const timeUs = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const blockUs = blockLengthUs(dataset, timeUs);
  const { barUs, horizonBars } = dataset;
  const bootstrap = { blockUs, barUs, horizonBars, ...options };
  const isCovered =
    truth !== undefined && rows.every((row) => Number.isFinite(truth.oracleUp[row]));
  const line = models.find(({ model }) => model === LINE)!.probability;
  const over = (probability: Float64Array, up: ArrayLike<number>): GainPair<Float64Array> =>
    gainsAt(
      probability,
      line,
      Float64Array.from(rows, (row) => up[row]!),
    );
  const names = [...new Set(models.map(({ model }) => model))].filter((name) => name !== LINE);
  const parts = [undefined, ...dataset.symbols].map((symbol) => {
    const places = placesOf(dataset, rows, symbol);
    return { symbol, times: pick(timeUs, places), places };
  });
  const gains = names.flatMap((model) => {
    const fits = models.filter((one) => one.model === model).map(({ probability }) => probability);
    const [seen, ...otherSeeds] = fits.map((probability) => over(probability, dataset.outcome));
    const byTruth = isCovered ? over(fits[0]!, truth.oracleUp) : undefined;
    return parts.map(({ symbol, times, places }): LineGain => {
      const judged = (columns: GainPair<Float64Array>): GainPair<Gain> =>
        judgedGains(
          both(columns, (column) => pick(column, places)),
          times,
          bootstrap,
        );
      return {
        model,
        ...(symbol === undefined ? {} : { symbol }),
        rows: places.length,
        seen: judged(seen!),
        ...(byTruth === undefined ? {} : { byTruth: judged(byTruth) }),
        otherSeeds: otherSeeds.map((one) => both(one, (column) => mean(pick(column, places)))),
      };
    });
  });
  return { rows: rows.length, labelKind: dataset.labelKind, models: gains };
}

/** Places of a symbol's rows among some rows; of all where none is named. */
function placesOf(
  { symbols, symbolIndex }: Pick<Dataset, "symbols" | "symbolIndex">,
  rows: Uint32Array,
  symbol: string | undefined,
): readonly number[] {
  const places = Array.from(rows, (_, i) => i);
  if (symbol === undefined) return places;
  return places.filter((i) => symbols[symbolIndex[rows[i]!]!] === symbol);
}

/** What each row adds to the gains, where "up" came or has a true probability. */
function gainsAt(own: Float64Array, line: Float64Array, up: Float64Array): GainPair<Float64Array> {
  const side = (probability: Float64Array, i: number): number =>
    chosenSideValue(probability[i]!, up[i]!);
  return {
    accuracy: up.map((_, i) => side(own, i) - side(line, i)),
    logLoss: up.map((y, i) => rowLogLoss(line[i]!, y) - rowLogLoss(own[i]!, y)),
  };
}

function judgedGains(
  columns: GainPair<Float64Array>,
  timeUs: Float64Array,
  { horizonBars, ...bootstrap }: WeightedBootstrapOptions,
): GainPair<Gain> {
  const figures = weightedBlockBootstrap(
    timeUs,
    (weight) => {
      const rows = totalWeight(weight);
      const mean = (column: Float64Array): number => weightedSum(weight, column) / rows;
      return { accuracy: mean(columns.accuracy), logLoss: mean(columns.logLoss) };
    },
    { ...bootstrap, rangeOf: (name) => (name === "accuracy" ? DIFFERENCE : undefined) },
  );
  return both(columns, (column, name) => {
    const interval = figures[name];
    const { standardError } = interval;
    const effectiveRows = effectiveSampleSize(column, standardError, { horizonBars });
    return withVerdict({ ...interval, effectiveRows });
  });
}

function both<Value>(
  { accuracy, logLoss }: GainPair<Float64Array>,
  of: (column: Float64Array, name: keyof GainPair<unknown>) => Value,
): GainPair<Value> {
  return { accuracy: of(accuracy, "accuracy"), logLoss: of(logLoss, "logLoss") };
}

function pick(column: Float64Array, places: readonly number[]): Float64Array {
  return Float64Array.from(places, (i) => column[i]!);
}
