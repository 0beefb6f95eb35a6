// If the best of some configurations is chosen on the past, how much of its lead is luck?

import { OptionError } from "../core/errors.js";
import { rowLogLoss } from "../core/row-log-loss.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import {
  type CombinatorialSettings,
  type CombinatorialSplits,
  combinatorialSplits,
} from "../dataset/combinatorial-splits.js";
import { combinatorialTimeline, type SplitSpan } from "../dataset/combinatorial-timeline.js";
import type { Dataset } from "../dataset/matrix.js";
import { usableTimes } from "../dataset/usable-times.js";
import { hits, majorityRate } from "./accuracy.js";
import {
  type BacktestOverfitting,
  backtestOverfitting,
  requireBlocks,
} from "./backtest-overfitting.js";
import { logLoss } from "./log-loss.js";

/** One way to model, among those that the best is chosen from. */
export interface Configuration {
  readonly name: string;
  /**
   * Fits on the training rows alone, and predicts at the test rows.
   *
   * @returns probability of "up" at each test row; or what is missing
   */
  readonly fit: (
    dataset: Dataset,
    train: Uint32Array,
    test: Uint32Array,
  ) => Promise<Float64Array | Shortfall>;
}

/** How to split, and how to judge. */
export interface OverfittingOptions extends Partial<CombinatorialSettings> {
  /** Even number of blocks in time for the probability of overfitting; default 10, which 252 ways halve. */
  readonly blocks?: number;
  /** Told after each fit: fits done, and all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How one configuration did on each path through the whole time. */
export interface PathScores {
  readonly name: string;
  /** One figure per path; every path tests each usable row once. */
  readonly accuracy: Float64Array;
  readonly logLoss: Float64Array;
}

/** Scores over paths, and the probability that choosing by them is luck. */
export interface Overfitting {
  readonly groups: number;
  readonly testGroups: number;
  readonly embargoBars: number;
  readonly splits: number;
  readonly paths: number;
  /** Rows of each path, and distinct bars of them, over which the probabilities of overfitting are taken. */
  readonly rows: number;
  readonly moments: number;
  /** Base rates of those rows: accuracy of the majority class, and log-loss of its share. */
  readonly majorityRate: number;
  readonly baseLogLoss: number;
  /** What each split trains and tests on, and the seams between. */
  readonly timeline: readonly SplitSpan[];
  readonly configurations: readonly PathScores[];
  /** By accuracy less ½, per bar; the mean decides. */
  readonly byAccuracy: BacktestOverfitting;
  /** By the log-loss saved against ½, ln 2 − loss, per bar; the mean decides. */
  readonly byLogLoss: BacktestOverfitting;
}

/**
 * Fits every configuration on every combinatorial split, and scores it along all paths. The probability of overfitting is
 * taken over the bars of all paths: what a bar scores is the mean over symbols and paths.
 *
 * @param configurations - everything that was tried, at least two
 * @param options - default 6 groups of which 2 are tested: 15 fits and 5 paths for each configuration
 * @returns scores and probabilities; or what is missing to split or to fit
 * @throws {OptionError} fewer than two configurations, or counts that make no splits or blocks
 * @throws {ShapeError} a configuration predicts other than its test rows
 * @see López de Prado (2018), Advances in Financial Machine Learning, chapters 11 and 12
 */
export async function overfitting(
  dataset: Dataset,
  configurations: readonly Configuration[],
  { blocks = 10, onProgress, ...settings }: OverfittingOptions = {},
): Promise<Overfitting | Shortfall> {
  requireConfigurations(configurations);
  const cut = combinatorialSplits(dataset, settings);
  if (isShortfall(cut)) return cut;
  const places = placesIn(cut, dataset);
  // Before anything is fitted, which takes long.
  requireBlocks(blocks, places.rowsAt.length);
  const tallies = configurations.map(() => emptyTally(cut, places));
  const total = cut.testGroups.length * configurations.length;
  let [split, done] = [0, 0];
  for (const { train, test } of cut.splits()) {
    for (const [c, configuration] of configurations.entries()) {
      const probability = await configuration.fit(dataset, train, test);
      if (isShortfall(probability)) return probability;
      addTo(tallies[c]!, { dataset, cut, places, split, test, probability });
      onProgress?.(++done, total);
    }
    split++;
  }
  return resultOf(dataset, cut, places, configurations, tallies, blocks);
}

/** Where each test row counts. */
interface Places {
  /** Place of each row's moment among all moments of usable rows; rows of one moment share it. */
  readonly momentOf: Uint32Array;
  /** Usable rows of each moment. */
  readonly rowsAt: Uint32Array;
  /** Path that takes a group from a split, by split and group. */
  readonly pathOf: readonly ReadonlyMap<number, number>[];
}

function placesIn({ groupOf, testGroups, paths }: CombinatorialSplits, dataset: Dataset): Places {
  const times = [...new Set(usableTimes(dataset))];
  const places = new Map(times.map((time, place) => [time, place]));
  const momentOf = new Uint32Array(dataset.rows);
  const rowsAt = new Uint32Array(times.length);
  for (let row = 0; row < dataset.rows; row++) {
    if (groupOf[row] === -1) continue;
    momentOf[row] = places.get(dataset.barEndUs[row]!)!;
    rowsAt[momentOf[row]!]!++;
  }
  const pathOf = testGroups.map(() => new Map<number, number>());
  paths.forEach((splits, path) => {
    for (const [group, split] of splits.entries()) pathOf[split]!.set(group, path);
  });
  return { momentOf, rowsAt, pathOf };
}

/** What a configuration has scored so far: sums along each path, and means over symbols and paths at each moment. */
interface Tally {
  readonly hits: Float64Array;
  readonly losses: Float64Array;
  readonly hitsAt: Float64Array;
  readonly lossesAt: Float64Array;
}

function emptyTally({ paths }: CombinatorialSplits, { rowsAt }: Places): Tally {
  return {
    hits: new Float64Array(paths.length),
    losses: new Float64Array(paths.length),
    hitsAt: new Float64Array(rowsAt.length),
    lossesAt: new Float64Array(rowsAt.length),
  };
}

/** Adds the scores of one split's test rows. */
function addTo(
  tally: Tally,
  tested: {
    readonly dataset: Dataset;
    readonly cut: CombinatorialSplits;
    readonly places: Places;
    readonly split: number;
    readonly test: Uint32Array;
    readonly probability: Float64Array;
  },
): void {
  const { dataset, cut, places, split, test, probability } = tested;
  const outcome = Float64Array.from(test, (row) => dataset.outcome[row]!);
  const hit = hits(probability, outcome);
  for (let i = 0; i < test.length; i++) {
    const row = test[i]!;
    const path = places.pathOf[split]!.get(cut.groupOf[row]!)!;
    const moment = places.momentOf[row]!;
    const loss = rowLogLoss(probability[i]!, outcome[i]!);
    const share = 1 / (places.rowsAt[moment]! * cut.paths.length);
    tally.hits[path]! += hit[i]!;
    tally.losses[path]! += loss;
    tally.hitsAt[moment]! += share * hit[i]!;
    tally.lossesAt[moment]! += share * loss;
  }
}

function resultOf(
  dataset: Dataset,
  cut: CombinatorialSplits,
  { rowsAt }: Places,
  configurations: readonly Configuration[],
  tallies: readonly Tally[],
  blocks: number,
): Overfitting {
  const outcome = Float64Array.from(dataset.outcome.filter((_, row) => cut.groupOf[row] !== -1));
  const rows = outcome.length;
  const judged = { blocks, statistic: "mean" } as const;
  return {
    groups: cut.groups.length,
    testGroups: cut.testGroups[0]!.length,
    embargoBars: cut.embargoBars,
    splits: cut.testGroups.length,
    paths: cut.paths.length,
    rows,
    moments: rowsAt.length,
    majorityRate: majorityRate(outcome),
    baseLogLoss: logLoss(new Float64Array(rows).fill(mean(outcome)), outcome),
    timeline: combinatorialTimeline(dataset, cut),
    configurations: configurations.map(({ name }, c) => ({
      name,
      accuracy: tallies[c]!.hits.map((sum) => sum / rows),
      logLoss: tallies[c]!.losses.map((sum) => sum / rows),
    })),
    byAccuracy: backtestOverfitting(
      tallies.map(({ hitsAt }) => hitsAt.map((hit) => hit - 0.5)),
      judged,
    ),
    byLogLoss: backtestOverfitting(
      tallies.map(({ lossesAt }) => lossesAt.map((loss) => Math.LN2 - loss)),
      judged,
    ),
  };
}

function requireConfigurations(configurations: readonly Configuration[]): void {
  if (configurations.length >= 2) return;
  throw new OptionError({
    column: "configurations",
    message: `were ${configurations.length}, expected at least 2 to choose from`,
    fix: "give everything that was tried",
  });
}
