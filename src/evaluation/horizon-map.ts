// At which horizon, if at any, is what a model knows of the next move worth more than what trading on it costs?

import { type Bootstrapped, blockLengthUs, weightedBootstrap } from "../core/block-bootstrap.js";
import { RATIO } from "../core/figure-range.js";
import { blockCount } from "../core/resample.js";
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import { HOUR_US, MINUTE_US, SECOND_US } from "../core/time.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import { labelled, type PricedFeatures, readPrices } from "../dataset/build-dataset.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset } from "../dataset/matrix.js";
import { type FeatureRequest, readFeatures } from "../dataset/read-features.js";
import type { Store } from "../store/store.js";
import { COST_PRESETS, type Costs } from "../trading/costs.js";
import { fitOrLoad } from "../training/fit-or-load.js";
import { LOGISTIC_SETTINGS, WINDOW_BARS } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { hits, majorityRate } from "./accuracy.js";
import { type AttainableOrWhy, attainableHorizon } from "./attainable-horizon.js";
import { betCosts } from "./bet-costs.js";
import { type MeasuredHorizon, withVerdicts } from "./horizon-verdicts.js";

/** One horizon of the map. */
export interface HorizonPoint extends AttainableOrWhy {
  readonly horizonUs: number;
  readonly rows: number;
  /** Blocks of time that they fill; fewer than three tell no interval. */
  readonly blocks: number;
  /** Independent rows that accuracy rests on; 0 where there is too little time to tell. */
  readonly effectiveRows: number;
  readonly accuracy: Bootstrapped;
  readonly majorityRate: number;
  /** Mean return of the called side, from the price after the latency to the one a horizon later; bps. */
  readonly edgeBps: Bootstrapped;
  /** Mean size of the return, which who knew the future would earn; bps. */
  readonly moveBps: number;
  /** In and out at the quoted spread, bps. */
  readonly spreadCostBps: number;
  /** Funding at the preset's rate, by the called side; 0 where positions pay none; bps. */
  readonly fundingBps: number;
  /** Spread, fees and funding, bps. */
  readonly costBps: number;
  /** Whether the edge is above the cost, below it, or neither, beyond its interval and with all horizons judged together. */
  readonly pays: "yes" | "no" | "undecided";
}

/** Horizons from the shortest to the longest. */
export interface HorizonMap {
  readonly points: readonly HorizonPoint[];
  readonly costs: Costs;
  /** A label on the close is BOUNCE-PRONE: the spread alone lets it be predicted. */
  readonly labelKind: "mid" | "close";
  /** Horizons that nothing can be said of, and why. */
  readonly shortfalls: readonly Shortfall[];
}

/** Which market, and from which features; bars of one minute where nothing else is said. */
export type HorizonMapRequest = Omit<FeatureRequest, "barUs"> & Partial<FeatureRequest>;

/** What the map is drawn from. */
export interface HorizonMapOptions {
  readonly seed: number;
  /** From a bar's end to the price that its label starts from; default 500 ms. */
  readonly latencyMs?: number;
  readonly costs?: Costs;
  readonly horizonsUs?: readonly number[];
}

/** From seconds to hours. Those between bars need a book. */
const HORIZONS_US: readonly number[] = [
  5 * SECOND_US,
  15 * SECOND_US,
  MINUTE_US,
  5 * MINUTE_US,
  15 * MINUTE_US,
  HOUR_US,
  4 * HOUR_US,
];

/**
 * Trains the logistic baseline for each horizon on the same features and holds what it would earn beside what that costs.
 * Whether it pays is judged over all horizons together.
 * Every fit is a trial: whoever picks a horizon from this map has tried all of them. None is traded, since
 * what a model of seconds loses to costs says nothing of how far luck scatters. Rows are cut in
 * one anchored fold and every bar is acted on, as an experiment does where nothing else is asked, so that its baseline of the same
 * horizon is the same trial.
 *
 * @returns what is missing when no horizon has enough data
 * @throws {OptionError} there are no stored features
 * @throws {DataError} a table is damaged
 */
export async function horizonMap(
  store: Store,
  request: HorizonMapRequest,
  { seed, latencyMs = 500, costs = COST_PRESETS.ftmo, horizonsUs = HORIZONS_US }: HorizonMapOptions,
): Promise<HorizonMap | Shortfall> {
  const read = await readFeatures(store, { barUs: MINUTE_US, ...request });
  const priced = await readPrices(store, read, { latencyUs: 1000 * latencyMs, horizonsUs });
  const { source = "ticks" } = request;
  const points: MeasuredHorizon[] = [];
  const shortfalls: Shortfall[] = [];
  for (const horizonUs of horizonsUs) {
    const point = await horizonPoint(store, priced, { seed, costs, horizonUs, source });
    if (isShortfall(point)) shortfalls.push(point);
    else points.push(point);
  }
  const [missing] = shortfalls;
  return points.length === 0 && missing !== undefined
    ? missing
    : { points: withVerdicts(points), costs, labelKind: priced.labelKind, shortfalls };
}

interface PointRequest {
  readonly seed: number;
  readonly costs: Costs;
  readonly horizonUs: number;
  readonly source: "ticks" | "candles";
}

async function horizonPoint(
  store: Store,
  priced: PricedFeatures,
  { seed, costs, horizonUs, source }: PointRequest,
): Promise<MeasuredHorizon | Shortfall> {
  const { barUs } = priced.ranges[0]!;
  if (priced.labelKind === "close" && horizonUs % barUs !== 0) {
    const step = `predict ${horizonUs / SECOND_US} s ahead`;
    return shortfall({ step, what: "days with an order book", has: 0, needs: 1 });
  }
  const dataset = labelled(priced, { horizonUs });
  const cut = { folds: 1, window: "anchored", windowBars: WINDOW_BARS } as const;
  const folds = walkForwardFolds(dataset, cut);
  if (isShortfall(folds)) return folds;
  const model = await fitOrLoad(dataset, folds, LOGISTIC_SETTINGS, {
    root: store.root,
    seed,
    origin: { cut, source },
    part: "horizon map",
  });
  if (isShortfall(model)) return model;
  return await measured(store, dataset, model, { seed, costs });
}

async function measured(
  store: Store,
  dataset: Dataset,
  { testRows: rows, probability }: Pick<TrainedModel, "testRows" | "probability">,
  { seed, costs }: { readonly seed: number; readonly costs: Costs },
): Promise<MeasuredHorizon> {
  const { horizonUs, horizonBars, barUs } = dataset;
  const at = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(rows, (row) => column[row]!);
  const outcome = at(dataset.outcome);
  const returnBps = at(dataset.labelReturn).map((change) => 1e4 * change);
  const hit = hits(probability, outcome);
  const earned = returnBps.map((bps, i) => sideOf(probability[i]!) * bps);
  const times = at(dataset.barEndUs);
  const blockUs = blockLengthUs(dataset, times);
  const { accuracy, edgeBps } = weightedBootstrap(
    times,
    (weight) => {
      const total = totalWeight(weight);
      return {
        accuracy: weightedSum(weight, hit) / total,
        edgeBps: weightedSum(weight, earned) / total,
      };
    },
    {
      ...{ blockUs, barUs, seed, horizonBars },
      rangeOf: (name) => (name === "accuracy" ? RATIO : undefined),
    },
  );
  const cost = betCosts(dataset, { rows, probability }, costs);
  return {
    horizonUs,
    rows: rows.length,
    blocks: blockCount(times, { blockUs, barUs }),
    effectiveRows: accuracy.effectiveRows,
    accuracy,
    majorityRate: majorityRate(outcome),
    edgeBps,
    moveBps: mean(returnBps.map(Math.abs)),
    spreadCostBps: cost.spreadBps,
    fundingBps: cost.fundingBps,
    costBps: cost.totalBps,
    ...(await attainableHorizon(store, dataset, rows, returnBps)),
  };
}

/** 1 to buy, −1 to sell, 0 for ½. */
function sideOf(probability: number): number {
  return Math.sign(probability - 0.5);
}
