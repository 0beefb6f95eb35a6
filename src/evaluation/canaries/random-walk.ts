// Does this pipeline find something where there is nothing? Features are rebuilt on random walks with the market's calendar.

import { BLOCK_HORIZONS } from "../../core/block-bootstrap.js";
import { counted } from "../../core/counted.js";
import { OptionError } from "../../core/errors.js";
import { isShortfall, type Shortfall, shortfall } from "../../core/shortfall.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { catalogue } from "../../features/catalogue.js";
import { warmUpOf } from "../../features/feature.js";
import { type Canary, heldAgainstLuck } from "./canary.js";
import { type CanaryShortfall, tooShort } from "./canary-shortfall.js";
import type { Pipeline } from "./pipeline.js";
import { walkDataset, walkSeries } from "./walk-dataset.js";
import { rowCodes, type WalkGaps, walkGaps } from "./walk-gaps.js";
import { type WalkSpan, walkMarket, walkSpan } from "./walk-market.js";
import { sharesOf, type WalkScore, walkScore } from "./walk-score.js";

/** Bars of all walks together, and the fewest and most walks: short data is walked more often. */
const ALL_BARS = 48_000;
const FEWEST_WALKS = 2;
const MOST_WALKS = 8;

/** Degrees of freedom from which on one walk more tells little more: four standard errors of many blocks are six then. */
const ENOUGH_FREEDOM = 12;

/** Blocks of time that a walk's test is to fill, so that a few walks have that freedom. */
const TELLING_BLOCKS = 4;

/** Walks from which on their scatter says something of itself. */
const TELLING_WALKS = 4;

/**
 * After all that is known by then a walk goes up as often as down, and a tie is half right: of any calls one half is right. Held
 * against what a test's own calls and ups give by chance, calls of a price that comes back would seem to know something: within
 * its test every walk comes back to its own mean.
 */
const HALF = 0.5;

/** What helps where a walk is no longer than it may be. */
const SHORTER = "Give labels of a shorter horizon: a walk takes the last part of the data alone.";

/** How walks are drawn. */
export interface WalkOptions {
  readonly seed: number;
  /**
   * How many; their mean is judged. Default as many as make up some ten thousands of bars, and more where their tests fill few
   * blocks of time.
   */
  readonly walks?: number;
}

/**
 * Takes random walks through the whole pipeline, from events to scores: on average half of their rows must be right, and no
 * label may begin or end where a walk has no book, nor a row be left out where it has one. Besides the dataset's own horizon,
 * labels look one bar ahead: what is out of its time by a bar is a fifteenth of a label of fifteen bars, and the whole of a label
 * of one.
 *
 * @param fold - in whose proportions a walk is cut into slices
 * @returns a canary for each horizon and one for gaps where there is a book, which asks for no score; in place of one what is missing
 *   to fit or to judge it
 * @throws {OptionError} the dataset has inputs that are no features, and cannot be rebuilt
 */
export async function randomWalks(
  dataset: Dataset,
  fold: Fold,
  pipeline: Pipeline,
  { seed, walks }: WalkOptions,
): Promise<readonly (Canary | CanaryShortfall)[]> {
  requireFeatures(dataset.featureNames);
  const span = walkSpan(dataset, tellingBars(dataset, fold));
  const { barUs, horizonUs, labelKind } = dataset;
  const horizonsUs = [...new Set([horizonUs, barUs])];
  const scores: (WalkScore | Shortfall)[][] = horizonsUs.map(() => []);
  const gaps: WalkGaps[] = [];
  const [fewest, most] = walks === undefined ? [walksOver(span), MOST_WALKS] : [walks, walks];
  let drawn = 0;
  while (drawn < fewest || (drawn < most && scores.some(isThin))) {
    const own = seed + drawn;
    drawn++;
    const market = walkMarket(dataset, span, own);
    const series = await walkSeries(dataset, span, market, pipeline);
    let codes: ReturnType<typeof rowCodes> | undefined;
    for (const [h, aheadUs] of horizonsUs.entries()) {
      const { assemble } = pipeline;
      const walked = walkDataset(dataset, series, span, { assemble, horizonUs: aheadUs });
      if (labelKind === "mid") {
        codes ??= rowCodes(walked, series);
        gaps.push(walkGaps(walked, market, series, codes));
      }
      // One walk that is too short leaves the others without a use.
      if (scores[h]!.some(isShortfall)) continue;
      scores[h]!.push(await walkScore(walked, fold, { pipeline, seed: own }));
    }
  }
  const isWhole = span.bars === dataset.rows;
  const note = noteOf(span, drawn, isWhole);
  const accuracies = scores.map((own, h) => {
    const name = h === 0 ? "random walk" : "random walk, a bar ahead";
    const canary = accuracyOfWalks(own, name, note);
    return isWhole || !isShortfall(canary) ? canary : { ...canary, remedy: SHORTER };
  });
  return labelKind === "mid" ? [...accuracies, gapsOfWalks(gaps, note)] : accuracies;
}

/** Bars of a symbol after whose warm-up a test fills enough blocks of time. */
function tellingBars({ featureNames, horizonBars, barUs }: Dataset, fold: Fold): number {
  const entries = catalogue().filter(({ name }) => featureNames.includes(name));
  const warmUp = Math.max(0, ...entries.map((entry) => warmUpOf(entry, barUs)));
  const tested = TELLING_BLOCKS * BLOCK_HORIZONS * horizonBars;
  return warmUp + Math.ceil(tested / sharesOf(fold).test);
}

function walksOver({ bars }: WalkSpan): number {
  return Math.min(MOST_WALKS, Math.max(FEWEST_WALKS, Math.ceil(ALL_BARS / bars)));
}

/** Whether walks that can be scored are too few to know luck by them. */
function isThin(scores: readonly (WalkScore | Shortfall)[]): boolean {
  const known = scores.flatMap((score) => (isShortfall(score) ? [] : [score]));
  return known.length === scores.length && freedomOf(known) < ENOUGH_FREEDOM;
}

/** Blocks of time less one, over the tests of all walks. */
function freedomOf(scores: readonly WalkScore[]): number {
  return scores.reduce((sum, { blocks }) => sum + blocks - 1, 0);
}

function noteOf({ bars }: WalkSpan, walks: number, isWhole: boolean): string {
  const part = isWhole ? "" : ", the last part of the data";
  return `${counted(walks, "walk")} of ${bars.toLocaleString("en-US")} bars${part}`;
}

function accuracyOfWalks(
  walks: readonly (WalkScore | Shortfall)[],
  name: string,
  note: string,
): Canary | CanaryShortfall {
  const lack = walks.find(isShortfall);
  if (lack !== undefined) return tooShort(lack, name);
  const scores = walks.flatMap((score) => (isShortfall(score) ? [] : [score]));
  const above = scores.map(({ accuracy }) => accuracy - HALF);
  const sampled = Math.hypot(...scores.map((score) => score.standardError)) / scores.length;
  // Blocks of a short test are few and say little; how much its many walks differ says the rest.
  const between = standardDeviation(above) / Math.sqrt(scores.length);
  const standardError = scores.length < TELLING_WALKS ? sampled : Math.max(sampled, between);
  const held = heldAgainstLuck(mean(above), { standardError, freedom: freedomOf(scores) });
  if (isShortfall(held)) return tooShort(held, name);
  return {
    name,
    ...held,
    guards: "labels, entries or features that reach into each other's time",
    value: HALF + mean(above),
    expected: HALF,
    standardError,
    note,
  };
}

function gapsOfWalks(gaps: readonly WalkGaps[], note: string): Canary | CanaryShortfall {
  const name = "gaps of the random walk";
  const sum = (count: keyof WalkGaps): number => gaps.reduce((all, one) => all + one[count], 0);
  const [usable, over, leftOut] = [sum("usableRows"), sum("rowsOverGaps"), sum("rowsLeftOut")];
  if (usable + leftOut === 0) return tooShort(noRows(), name);
  const told = `${over.toLocaleString("en-US")} rows used over a gap, ${leftOut.toLocaleString("en-US")} left out without one`;
  return {
    name,
    rule: "no row whose label begins or ends where there is no book, and none left out where there is one all along",
    guards: "a book carried forward through a gap, rows chosen by their outcome",
    value: (over + leftOut) / (usable + leftOut),
    expected: 0,
    standardError: 0,
    isRight: over + leftOut === 0,
    note: over + leftOut === 0 ? note : `${note}: ${told}`,
  };
}

function noRows(): Shortfall {
  return shortfall({
    step: "hold a walk against its gaps",
    what: "rows of walks with all inputs and a label",
    has: 0,
    needs: 1,
  });
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
