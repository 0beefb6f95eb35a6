import { seededRandom } from "../../core/random.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { FITTED_SLICES } from "../../dataset/slices.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { chanceRate } from "../accuracy.js";
import { blockLengthUs, weightedBlockBootstrap } from "../block-bootstrap.js";
import type { BlockOptions } from "../resample.js";
import { weightedCalls } from "../weighted-figures.js";
import { type Canary, isAsChance, LIMIT, outcomesAt, shortOfBlocks } from "./canary.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";

/** Refits; their mean is judged, since one alone points anywhere in a strong market. */
const SHUFFLES = 6;

/**
 * Refits with shuffled labels in every slice that is fitted on: on average the refits must score as chance does.
 *
 * @returns the canary; or what is missing to fit
 * @throws {DataError} an input without a value, or one class only
 */
export async function shuffledLabels(
  dataset: Dataset,
  fold: Fold,
  { fit: fitFold }: Pick<Pipeline, "fit">,
  seed: number,
): Promise<Canary | Shortfall> {
  const times = Float64Array.from(fold.test, (row) => dataset.barEndUs[row]!);
  const block = { blockUs: blockLengthUs(dataset, times), barUs: dataset.barUs };
  const short = shortOfBlocks(times, block);
  if (short !== undefined) return short;
  const random = seededRandom(seed, "canaries");
  const refits: Refit[] = [];
  for (let k = 0; k < SHUFFLES; k++) {
    const outcome = shiftedOutcome(dataset, fold, random.uniform);
    const hash = `${dataset.hash}, labels shuffled ${seed} ${k}`;
    const fit = await fitFold({ ...dataset, outcome, hash }, fold, FREE_SETTINGS);
    if (isShortfall(fit)) return fit;
    refits.push(fit);
  }
  return judge(dataset, fold, refits, { ...block, seed });
}

/** What a refit says of which test rows. */
type Refit = Pick<FoldFit, "testRows" | "probability">;

/** The mean of accuracy less chance over all refits is 0 within four standard errors. */
function judge(
  dataset: Dataset,
  { test }: Fold,
  refits: readonly Refit[],
  bootstrap: BlockOptions,
): Canary {
  const scores = refits.map((refit) => scoreOf(dataset, test, refit));
  const above = (weight: Uint32Array): number[] =>
    scores.map(({ aboveChance }) => aboveChance(weight));
  const times = Float64Array.from(test, (row) => dataset.barEndUs[row]!);
  const sampled = weightedBlockBootstrap(times, (weight) => ({ above: mean(above(weight)) }), {
    ...bootstrap,
    replicates: 100,
  }).above;
  const expected = mean(scores.map(({ chance }) => chance));
  // Which way a fit to noise points is luck too, and refits show how much.
  const between =
    standardDeviation(above(new Uint32Array(test.length).fill(1))) / Math.sqrt(refits.length);
  const standardError = Math.hypot(sampled.standardError, between);
  return {
    name: "shuffled labels",
    rule: `accuracy within ${LIMIT} standard errors of chance`,
    guards: "test rows or their labels among what is fitted on",
    value: expected + sampled.estimate,
    expected,
    standardError,
    isRight: isAsChance(sampled.estimate, standardError),
    note: `${SHUFFLES} refits on the last fold`,
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
