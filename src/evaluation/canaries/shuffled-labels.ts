import { seededRandom } from "../../core/random.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { FITTED_SLICES } from "../../dataset/slices.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { accuracy, chanceRate } from "../accuracy.js";
import { blockBootstrap, blockLengthUs } from "../block-bootstrap.js";
import { type Canary, isAsChance, LIMIT, outcomesAt } from "./canary.js";
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
  const random = seededRandom(seed, "canaries");
  const refits: Refit[] = [];
  for (let k = 0; k < SHUFFLES; k++) {
    const outcome = shiftedOutcome(dataset, fold, random.uniform);
    const hash = `${dataset.hash}, labels shuffled ${seed} ${k}`;
    const fit = await fitFold({ ...dataset, outcome, hash }, fold, FREE_SETTINGS);
    if (isShortfall(fit)) return fit;
    refits.push(fit);
  }
  return judge(dataset, fold, refits, seed);
}

/** What a refit says of which test rows. */
type Refit = Pick<FoldFit, "testRows" | "probability">;

/** The mean of accuracy less chance over all refits is 0 within four standard errors. */
function judge(dataset: Dataset, { test }: Fold, refits: readonly Refit[], seed: number): Canary {
  const scores = refits.map((refit) => scoreOf(dataset, test, refit));
  const above = (chosen: Uint32Array): number[] =>
    scores.map((score) => score(chosen)).map(({ right, chance }) => right - chance);
  const all = Uint32Array.from(test, (_, i) => i);
  const times = Float64Array.from(test, (row) => dataset.barEndUs[row]!);
  const sampled = blockBootstrap(times, (chosen) => ({ above: mean(above(chosen)) }), {
    blockUs: blockLengthUs(dataset, times),
    barUs: dataset.barUs,
    seed,
    replicates: 100,
  }).above;
  const expected = mean(scores.map((score) => score(all).chance));
  // Which way a fit to noise points is luck too, and refits show how much.
  const between = standardDeviation(above(all)) / Math.sqrt(refits.length);
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

/** Accuracy and chance of a refit on some test rows, those left out that it says nothing of. */
function scoreOf(
  dataset: Dataset,
  test: Uint32Array,
  { testRows, probability }: Refit,
): (chosen: Uint32Array) => { readonly right: number; readonly chance: number } {
  const said = new Map(Array.from(testRows, (row, i) => [row, probability[i]!]));
  const saidAt = Array.from(test, (row) => said.get(row));
  const outcome = outcomesAt(dataset, test);
  return (chosen) => {
    const rows = chosen.filter((i) => saidAt[i] !== undefined);
    const p = Float64Array.from(rows, (i) => saidAt[i]!);
    const y = Float64Array.from(rows, (i) => outcome[i]!);
    return { right: accuracy(p, y), chance: chanceRate(p, y) };
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
