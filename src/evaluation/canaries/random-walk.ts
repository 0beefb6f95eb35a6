// Does this pipeline find something where there is nothing? Features are rebuilt on random walks with the market's calendar.
import { OptionError } from "../../core/errors.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import type { AssemblySettings } from "../../dataset/assemble-dataset.js";
import type { SliceShares } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { youngFeatures } from "../../dataset/young-features.js";
import { catalogue } from "../../features/catalogue.js";
import { contractOf } from "../../market/contract.js";
import { accuracy, chanceRate } from "../accuracy.js";
import { blockBootstrap, blockLengthUs } from "../block-bootstrap.js";
import { type Canary, isAsChance, LIMIT, outcomesAt } from "./canary.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";
import { type WalkMarket, type WalkSpan, walkMarket, walkSpan } from "./walk-market.js";

/** Bars of all walks together, and the fewest and most walks: short data is walked more often. */
const ALL_BARS = 48_000;
const FEWEST_WALKS = 2;
const MOST_WALKS = 8;

/** Walks from which on their scatter says something of itself. */
const TELLING_WALKS = 4;

/** Always made: model inputs and labels need them. */
const BASE: readonly string[] = ["close", "volume_ratio_60"];

/** How walks are drawn. */
export interface WalkOptions {
  readonly seed: number;
  /** How many; their mean is judged. Default as many as make up some ten thousands of bars. */
  readonly walks?: number;
}

/** How one walk came out. */
interface WalkScore {
  readonly accuracy: number;
  readonly chance: number;
  readonly standardError: number;
  /** Rows to train and test on, and those of them whose label begins or ends where the walk has no book. */
  readonly usableRows: number;
  readonly rowsOverGaps: number;
}

/**
 * Takes random walks through the whole pipeline, from events to scores: on average they must score as chance does, and no
 * label may begin or end where a walk has no book.
 *
 * @param fold - in whose proportions a walk is cut into slices
 * @returns the two canaries, the first alone where there is no book; or what is missing to fit a walk
 * @throws {OptionError} the dataset has inputs that are no features, and cannot be rebuilt
 */
export async function randomWalks(
  dataset: Dataset,
  fold: Fold,
  pipeline: Pipeline,
  { seed, walks = walksOver(dataset) }: WalkOptions,
): Promise<readonly Canary[] | Shortfall> {
  requireFeatures(dataset.featureNames);
  const span = walkSpan(dataset);
  const scores: WalkScore[] = [];
  for (let k = 0; k < walks; k++) {
    const score = await walkScore(dataset, fold, span, pipeline, seed + k);
    if (isShortfall(score)) return score;
    scores.push(score);
  }
  const note = `${walks} walks of ${span.bars.toLocaleString("en-US")} bars${span.bars < dataset.rows ? ", the last part of the data" : ""}`;
  const chance = chanceOfWalks(scores, note);
  return dataset.labelKind === "mid" ? [chance, gapsOfWalks(scores, note)] : [chance];
}

function walksOver(dataset: Dataset): number {
  const wanted = Math.ceil(ALL_BARS / walkSpan(dataset).bars);
  return Math.min(MOST_WALKS, Math.max(FEWEST_WALKS, wanted));
}

async function walkScore(
  dataset: Dataset,
  fold: Fold,
  span: WalkSpan,
  pipeline: Pipeline,
  seed: number,
): Promise<WalkScore | Shortfall> {
  const market = walkMarket(dataset, span, seed);
  const walked = await walkDataset(dataset, span, market, pipeline);
  const folds = pipeline.split(walked, { shares: sharesOf(fold) });
  if (isShortfall(folds)) return folds;
  const fit = await pipeline.fit(walked, folds[0]!, FREE_SETTINGS);
  if (isShortfall(fit)) return fit;
  const { testRows, probability } = fit;
  const outcome = outcomesAt(walked, testRows);
  const { above } = blockBootstrap(
    Float64Array.from(testRows, (row) => walked.barEndUs[row]!),
    (chosen) => {
      const p = Float64Array.from(chosen, (i) => probability[i]!);
      const y = Float64Array.from(chosen, (i) => outcome[i]!);
      return { above: accuracy(p, y) - chanceRate(p, y) };
    },
    { blockUs: blockLengthUs(walked), barUs: walked.barUs, seed, replicates: 100 },
  );
  return {
    accuracy: accuracy(probability, outcome),
    chance: chanceRate(probability, outcome),
    standardError: above.standardError,
    ...gapsUnderLabels(walked, market),
  };
}

/** The dataset that the pipeline makes of a walk's events, of the settings of another. */
async function walkDataset(
  dataset: Dataset,
  { symbols }: WalkSpan,
  { events }: WalkMarket,
  { series, assemble }: Pipeline,
): Promise<Dataset> {
  const { exchange, barUs, horizonUs, latencyUs, labelKind, labelRule, featureNames } = dataset;
  const wanted = [...new Set([...featureNames, ...BASE])];
  // A bar without a book state is a gap, however short bars are.
  const settings = { names: wanted, barUs, staleAfterUs: barUs - 1, latencyUs, horizonUs };
  const all: Awaited<ReturnType<typeof series>>[] = [];
  for (const [s, runs] of events.entries()) {
    all.push(await series(runs, { ...settings, contract: contractOf(exchange, symbols[s]!) }));
  }
  const young = youngFeatures(all, featureNames);
  const assembly: AssemblySettings = {
    ...{ exchange, symbols, barUs, horizonUs, latencyUs, labelKind, labelRule },
    names: featureNames.filter((name) => !young.includes(name)),
  };
  return assemble(all, assembly);
}

function sharesOf({ train, earlyStop, calibrate, test }: Fold): SliceShares {
  const all = train.length + earlyStop.length + calibrate.length + test.length;
  return {
    train: train.length / all,
    earlyStop: earlyStop.length / all,
    calibrate: calibrate.length / all,
    test: test.length / all,
  };
}

function gapsUnderLabels(
  { rows, isUsable, barEndUs, labelEndUs, barUs, latencyUs }: Dataset,
  { hasPrice }: WalkMarket,
): Pick<WalkScore, "usableRows" | "rowsOverGaps"> {
  let usableRows = 0;
  let rowsOverGaps = 0;
  for (let row = 0; row < rows; row++) {
    if (isUsable[row] === 0) continue;
    usableRows++;
    const bars = (labelEndUs[row]! - latencyUs - barEndUs[row]!) / barUs;
    // Within a bar a label may end before or after the walk falls silent.
    const isOverGap = Number.isInteger(bars) && hasPrice[row + bars] === 0;
    if (hasPrice[row] === 0 || isOverGap) rowsOverGaps++;
  }
  return { usableRows, rowsOverGaps };
}

function chanceOfWalks(scores: readonly WalkScore[], note: string): Canary {
  const above = scores.map((score) => score.accuracy - score.chance);
  const sampled = Math.hypot(...scores.map((score) => score.standardError)) / scores.length;
  // Blocks of a short test are few and say little; how much its many walks differ says the rest.
  const between = standardDeviation(above) / Math.sqrt(scores.length);
  const standardError = scores.length < TELLING_WALKS ? sampled : Math.max(sampled, between);
  return {
    name: "random walk",
    rule: `accuracy within ${LIMIT} standard errors of chance`,
    guards: "labels, entries or features that reach into each other's time",
    value: mean(scores.map((score) => score.accuracy)),
    expected: mean(scores.map(({ chance }) => chance)),
    standardError,
    isRight: isAsChance(mean(above), standardError),
    note,
  };
}

function gapsOfWalks(scores: readonly WalkScore[], note: string): Canary {
  const rows = scores.reduce((sum, score) => sum + score.usableRows, 0);
  const wrong = scores.reduce((sum, score) => sum + score.rowsOverGaps, 0);
  return {
    name: "gaps of the random walk",
    rule: "no row whose label begins or ends where there is no book",
    guards: "a book carried forward through a gap",
    value: wrong / rows,
    expected: 0,
    standardError: 0,
    isRight: wrong === 0,
    note,
  };
}

function requireFeatures(names: readonly string[]): void {
  const known = catalogue().map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new OptionError({
    column: unknown,
    message: "was an input that is no feature of the catalogue, so a random walk cannot have it",
    fix: "leave it out, or evaluate without canaries",
  });
}
