// How much does each member of an ensemble count? As much as lowers the log-loss of their mean, held back to equal shares.
import { choleskyFactor, choleskySolve } from "./cholesky.js";
import { pooledLogits } from "./ensemble.js";
import { logLoss, sigmoid } from "./logistic.js";

const MAX_STEPS = 200;
const MAX_HALVINGS = 40;
/** A step that promises less than this share of the loss is the last one: after it the rest is rounding. */
const SETTLED = 1e-10;

/** What weights are fitted on. */
interface WeightRows {
  /** n calibrated log-odds of each of K members. */
  readonly logits: readonly Float64Array[];
  readonly outcome: ArrayLike<number>;
  readonly overlapBars: number;
}

/**
 * Weights of an ensemble's members: the minimum over v ≥ 0 of
 * Σ log-loss(Σ v·logit)/overlap + K²/2 · Σ (v − 1/K)², brought to the sum 1.
 *
 * Their sum is free while they are sought, since the calibrator that follows sets it anyway: held to 1, the strongest member
 * would crowd out what a weaker one knows besides. The prior has its middle at equal weights and a deviation of 1/K, so that
 * few rows leave them about equal. The problem is convex with one minimum; a face of the bounds at a time is solved by Newton's
 * method, and a weight that is not wanted is 0 exactly.
 *
 * @param logits - n calibrated log-odds of each member, none of which the members' calibrators were fitted on
 * @param outcome - n outcomes in [0, 1]; 0.5 is a tie
 * @param options.overlapBars - neighbouring labels share this many bars; each row counts as one over this
 * @returns K weights from 0 that add up to 1; equal ones without rows, and where no member helps
 * @see Satopää et al. (2014), Combining multiple probability predictions using a simple logit model; Ranjan & Gneiting (2010),
 *   Combining probability forecasts (a mean of calibrated forecasts is too timid); Nocedal & Wright (2006), Numerical
 *   Optimization, §16.5 (active sets)
 */
export function fitEnsembleWeights(
  logits: readonly Float64Array[],
  outcome: ArrayLike<number>,
  { overlapBars }: { readonly overlapBars: number },
): Float64Array {
  const rows = { logits, outcome, overlapBars };
  const size = logits.length;
  let weights: Float64Array = new Float64Array(size).fill(1 / size);
  const isFree = new Array<boolean>(size).fill(true);
  let loss = lossAt(rows, weights);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, curvature } = derivativesAt(rows, weights);
    const places = [...isFree.keys()].filter((k) => isFree[k]);
    const newton = newtonStep(gradient, curvature, places);
    const next = alongStep(rows, weights, newton, loss);
    const isBound = next.bound !== undefined;
    if (next.bound !== undefined) isFree[next.bound] = false;
    weights = next.weights;
    loss = next.loss;
    const promised = newton.reduce((sum, value, k) => sum + value * gradient[k]!, 0);
    if (isBound || promised > SETTLED * Math.max(1, loss)) continue;
    const released = wanted(derivativesAt(rows, weights).gradient, isFree);
    if (released === undefined) break;
    isFree[released] = true;
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? weights.map((weight) => weight / sum) : weights.fill(1 / size);
}

function lossAt({ logits, outcome, overlapBars }: WeightRows, weights: Float64Array): number {
  const size = weights.length;
  const pooled = pooledLogits(weights, logits);
  let loss = 0;
  for (let i = 0; i < pooled.length; i++) loss += logLoss(pooled[i]!, outcome[i]!) / overlapBars;
  return weights.reduce((sum, weight) => sum + 0.5 * (size * weight - 1) ** 2, loss);
}

/** Gradient and curvature, K × K, row by row. */
function derivativesAt(
  { logits, outcome, overlapBars }: WeightRows,
  weights: Float64Array,
): { readonly gradient: Float64Array; readonly curvature: Float64Array } {
  const size = weights.length;
  const gradient = weights.map((weight) => size * (size * weight - 1));
  const curvature = new Float64Array(size * size);
  for (let k = 0; k < size; k++) curvature[k * size + k] = size * size;
  const pooled = pooledLogits(weights, logits);
  for (let i = 0; i < pooled.length; i++) {
    const probability = sigmoid(pooled[i]!);
    const residual = (probability - outcome[i]!) / overlapBars;
    const slope = (probability * (1 - probability)) / overlapBars;
    for (let k = 0; k < size; k++) {
      const own = logits[k]![i]!;
      gradient[k]! += residual * own;
      for (let j = 0; j <= k; j++) curvature[k * size + j]! += slope * own * logits[j]![i]!;
    }
  }
  return { gradient, curvature };
}

/** What Newton's method takes off the free weights; 0 for the others. */
function newtonStep(
  gradient: Float64Array,
  curvature: Float64Array,
  places: readonly number[],
): Float64Array {
  const size = gradient.length;
  const own = Float64Array.from(
    places.flatMap((k) => places.map((j) => curvature[Math.max(k, j) * size + Math.min(k, j)]!)),
  );
  const solved = choleskySolve(
    choleskyFactor(own, places.length),
    Float64Array.from(places, (k) => gradient[k]!),
  );
  const step = new Float64Array(size);
  places.forEach((k, j) => {
    step[k] = solved[j]!;
  });
  return step;
}

interface Moved {
  readonly weights: Float64Array;
  readonly loss: number;
  /** The weight that the step was cut short by, which is 0 now. */
  readonly bound: number | undefined;
}

/** The step as far as no weight falls below 0, or as often half of it as it takes not to end higher. */
function alongStep(
  rows: WeightRows,
  weights: Float64Array,
  step: Float64Array,
  loss: number,
): Moved {
  let share = 1;
  let bound: number | undefined;
  step.forEach((value, k) => {
    if (value <= 0 || weights[k]! >= share * value) return;
    share = weights[k]! / value;
    bound = k;
  });
  for (let halvings = 0; halvings <= MAX_HALVINGS; halvings++, share /= 2, bound = undefined) {
    const next = weights.map((weight, k) => Math.max(0, weight - share * step[k]!));
    if (bound !== undefined) next[bound] = 0;
    const nextLoss = lossAt(rows, next);
    if (nextLoss <= loss) return { weights: next, loss: nextLoss, bound };
  }
  return { weights, loss, bound: undefined };
}

/** The weight at 0 that the loss falls fastest with; undefined where it falls with none. */
function wanted(gradient: Float64Array, isFree: readonly boolean[]): number | undefined {
  const rising = [...isFree.keys()].filter((k) => !isFree[k] && gradient[k]! < 0);
  return rising.sort((j, k) => gradient[j]! - gradient[k]!)[0];
}
