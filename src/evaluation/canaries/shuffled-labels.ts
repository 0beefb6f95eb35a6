import { blockLengthUs, weightedBlockBootstrap } from "../../core/block-bootstrap.js";
import { seededRandom } from "../../core/random.js";
import { type BlockOptions, blockCount } from "../../core/resample.js";
import { isShortfall } from "../../core/shortfall.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { FITTED_SLICES } from "../../dataset/slices.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { chanceRate } from "../accuracy.js";
import { weightedCalls } from "../weighted-figures.js";
import { type Canary, heldToChance, outcomesAt, shortOfBlocks } from "./canary.js";
import { type CanaryShortfall, tooShort } from "./canary-shortfall.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";

const NAME = "shuffled labels";

/**
 * Shuffles, each fitted twice, with its labels and with their opposites. In a strong market a fit to noise points anywhere, and by
 * what a shift leaves of the truth, such as which symbol rose more, all fits point the same way: the mean of six fits to shifts alone
 * lay as far as ten of its standard errors from chance. Fits to opposites point to opposite sides, so that an honest pair scores
 * as chance does whatever the luck; test rows among what is fitted on are no opposites, and pull both to the truth.
 */
const SHUFFLES = 3;

/**
 * Refits with shuffled labels in every slice that is fitted on, and with their opposites: on average the refits must score as chance
 * does.
 *
 * @returns the canary; or what is missing to fit
 * @throws {DataError} an input without a value, or one class only
 */
export async function shuffledLabels(
  dataset: Dataset,
  fold: Fold,
  { fit: fitFold }: Pick<Pipeline, "fit">,
  seed: number,
): Promise<Canary | CanaryShortfall> {
  const times = Float64Array.from(fold.test, (row) => dataset.barEndUs[row]!);
  const block = { blockUs: blockLengthUs(dataset, times), barUs: dataset.barUs };
  const short = shortOfBlocks(blockCount(times, block), block);
  if (short !== undefined) return tooShort(short, NAME);
  const random = seededRandom(seed, "canaries");
  const pairs: Refit[][] = [];
  for (let k = 0; k < SHUFFLES; k++) {
    const shifted = shiftedOutcome(dataset, fold, random.uniform);
    const pair: Refit[] = [];
    for (const [outcome, what] of [
      [shifted, "shuffled"],
      [oppositeOutcome(shifted, fold), "shuffled and opposite"],
    ] as const) {
      const hash = `${dataset.hash}, labels ${what} ${seed} ${k}`;
      const fit = await fitFold({ ...dataset, outcome, hash }, fold, FREE_SETTINGS);
      if (isShortfall(fit)) return tooShort(fit, NAME);
      pair.push(fit);
    }
    pairs.push(pair);
  }
  return judge(dataset, fold, pairs, { ...block, seed });
}

/** What a refit says of which test rows. */
type Refit = Pick<FoldFit, "testRows" | "probability">;

/** The mean of accuracy less chance over all refits is 0, but for luck. */
function judge(
  dataset: Dataset,
  { test }: Fold,
  pairs: readonly (readonly Refit[])[],
  bootstrap: BlockOptions,
): Canary {
  const scores = pairs.map((pair) => pair.map((refit) => scoreOf(dataset, test, refit)));
  const above = (weight: Uint32Array): number[] =>
    scores.map((pair) => mean(pair.map(({ aboveChance }) => aboveChance(weight))));
  const times = Float64Array.from(test, (row) => dataset.barEndUs[row]!);
  const sampled = weightedBlockBootstrap(times, (weight) => ({ above: mean(above(weight)) }), {
    ...bootstrap,
    replicates: 100,
  }).above;
  const expected = mean(scores.flat().map(({ chance }) => chance));
  // How a shuffle falls is luck too, and others show how much.
  const between =
    standardDeviation(above(new Uint32Array(test.length).fill(1))) / Math.sqrt(pairs.length);
  const standardError = Math.hypot(sampled.standardError, between);
  return {
    name: NAME,
    ...heldToChance(sampled.estimate, standardError),
    guards: "test rows or their labels among what is fitted on",
    value: expected + sampled.estimate,
    expected,
    standardError,
    note: `${2 * SHUFFLES} refits on the last fold`,
  };
}

/** What a refit scores on test rows, those left out that it says nothing of. */
interface Score {
  readonly chance: number;
  /** Accuracy less chance, given how often each test row counts. */
  readonly aboveChance: (weight: Uint32Array) => number;
}

function scoreOf(dataset: Dataset, test: Uint32Array, { testRows, probability }: Refit): Score {
  const said = new Map(Array.from(testRows, (row, i) => [row, probability[i]!]));
  const places = Uint32Array.from(test.keys()).filter((i) => said.has(test[i]!));
  const rows = places.map((i) => test[i]!);
  const scored = {
    probability: Float64Array.from(rows, (row) => said.get(row)!),
    outcome: outcomesAt(dataset, rows),
  };
  const calls = weightedCalls(scored);
  return {
    chance: chanceRate(scored.probability, scored.outcome),
    aboveChance: (weight) => calls(places.map((i) => weight[i]!)).aboveChance,
  };
}

/** Outcomes of each slice and symbol turned round by a quarter to three quarters of their number; test rows stay. */
function shiftedOutcome(dataset: Dataset, fold: Fold, uniform: () => number): Float32Array {
  const outcome = dataset.outcome.slice();
  for (const slice of FITTED_SLICES) {
    for (let symbol = 0; symbol < dataset.symbols.length; symbol++) {
      const own = fold[slice].filter((row) => dataset.symbolIndex[row] === symbol);
      const shift = Math.floor(own.length * (0.25 + 0.5 * uniform()));
      own.forEach((row, i) => {
        outcome[row] = dataset.outcome[own[(i + shift) % own.length]!]!;
      });
    }
  }
  return outcome;
}

/** The opposite outcomes in each slice that is fitted on; test rows stay. */
function oppositeOutcome(outcome: Float32Array, fold: Fold): Float32Array {
  const opposite = outcome.slice();
  for (const slice of FITTED_SLICES) {
    for (const row of fold[slice]) opposite[row] = 1 - outcome[row]!;
  }
  return opposite;
}
