// At which weights is a penalised log-loss least? Newton's method with a curvature that is kept while it serves.
import { DataError } from "../core/errors.js";
import { choleskyFactor, choleskySolve } from "./cholesky.js";
import type { Design } from "./design.js";

/** Rows to fit on: the products of their inputs, outcomes, and what each row counts. */
export interface LogisticRows {
  readonly design: Design;
  /** n × width, row by row: what the design was made from. */
  readonly inputs: Float64Array;
  /** Of the inputs, for errors. */
  readonly names: readonly string[];
  /** n values in [0, 1]; 0.5 is a tie. */
  readonly outcome: ArrayLike<number>;
  /** n values: 0 leaves a row out. */
  readonly weight: Float64Array;
}

/** Where a search begins or has ended. */
export interface LogisticPoint {
  /** Weights, and the intercept last. */
  readonly theta: Float64Array;
  /** Xᵀ·diag(weight·p·(1 − p))·X at weights nearby, lower triangle; left out: it is computed when it is needed. */
  readonly curvature?: Float64Array | undefined;
}

/** When a search ends. */
export interface NewtonOptions {
  /** What the squares of the weights, not the intercept, cost: precision · ‖w‖² / 2. */
  readonly precision: number;
  /** Ends with a step that leaves about this share of the loss to be gained, as the steps before it tell. */
  readonly tolerance: number;
}

const MAX_ITERATIONS = 100;
const MAX_HALVINGS = 30;

/** A step that leaves more than this share of what was to be gained shows that the curvature is of another place. */
const SLOW = 0.05;

/**
 * The minimum over (w, b) of Σ weight · log-loss + precision · ‖w‖² / 2. The problem is convex, the minimum unique. A pass
 * over the rows gives loss and gradient; the curvature costs many times that and hardly changes where probabilities stay in
 * the middle, so that it is computed again only where steps turn out to be too long or too short.
 *
 * @throws {DataError} an input is not finite, and then it names the columns and counts the rows; or nothing settles
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, §4.4.1 (iteratively reweighted least squares);
 *   Kelley (1995), Iterative Methods for Linear and Nonlinear Equations, §5.4.1 (the chord method)
 */
export function leastLoss(
  rows: LogisticRows,
  from: LogisticPoint,
  { precision, tolerance }: NewtonOptions,
): Required<LogisticPoint> {
  let { theta, curvature } = from;
  let isOwn = false;
  let factor = curvature && choleskyFactor(penalised(curvature, precision), theta.length);
  let place = placeAt(rows, theta, precision);
  let lastGain: number | undefined;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    if (curvature === undefined || factor === undefined) {
      curvature = curvatureAt(rows, place.logits);
      factor = choleskyFactor(penalised(curvature, precision), theta.length);
      isOwn = true;
    }
    const step = choleskySolve(factor, place.gradient);
    // Newton's decrement, the loss still to be gained to second order, in units of the loss.
    const gain = step.reduce((sum, s, j) => sum + 0.5 * s * place.gradient[j]!, 0);
    if (!Number.isFinite(gain)) throw notFinite(rows);
    // Each step takes off the same share. The first one's is not known; a fresh curvature's is smaller.
    const left = gain * Math.min(1, lastGain === undefined ? 1 : gain / lastGain);
    if (left <= tolerance * (1 + Math.abs(place.loss))) {
      return { theta: theta.map((value, j) => value - step[j]!), curvature };
    }
    if (!isOwn && lastGain !== undefined && gain > SLOW * lastGain) {
      factor = undefined;
      continue;
    }
    const moved = halvedUntilLess(rows, theta, step, place.loss, precision);
    if (moved.halvings > 0) factor = undefined;
    ({ theta, place } = moved);
    isOwn = false;
    lastGain = gain;
  }
  throw new DataError({
    message: `the logistic fit had not settled after ${MAX_ITERATIONS} iterations`,
    fix: "give a smaller prior deviation",
  });
}

/** What a pass over the rows gives. */
interface Place {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly logits: Float64Array;
}

/** Loss and its gradient Xᵀ(weight·(p − y)) + precision·w. */
function placeAt(
  { design, outcome, weight }: LogisticRows,
  theta: Float64Array,
  precision: number,
): Place {
  const logits = design.logits(theta);
  const residual = new Float64Array(logits.length);
  let loss = 0;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!;
    // One exponential serves both: ln(1 + eᶻ) and 1 / (1 + e⁻ᶻ), without overflow.
    const power = Math.exp(-Math.abs(logit));
    const probability = (logit < 0 ? power : 1) / (1 + power);
    loss += weight[i]! * (Math.max(logit, 0) + Math.log1p(power) - outcome[i]! * logit);
    residual[i] = weight[i]! * (probability - outcome[i]!);
  }
  const gradient = design.columnSums(residual);
  for (let j = 0; j < theta.length - 1; j++) {
    gradient[j]! += precision * theta[j]!;
    loss += 0.5 * precision * theta[j]! ** 2;
  }
  return { loss, gradient, logits };
}

/** A point with its curvature, for several searches that begin there: it does not depend on the precision. */
export function curved(rows: LogisticRows, { theta }: LogisticPoint): Required<LogisticPoint> {
  return { theta, curvature: curvatureAt(rows, rows.design.logits(theta)) };
}

function curvatureAt({ design, weight }: LogisticRows, logits: Float64Array): Float64Array {
  const slopes = logits.map((logit, i) => {
    const power = Math.exp(-Math.abs(logit));
    return (weight[i]! * power) / (1 + power) ** 2;
  });
  return design.gram(slopes);
}

function penalised(curvature: Float64Array, precision: number): Float64Array {
  const all = curvature.slice();
  const size = Math.sqrt(all.length);
  for (let j = 0; j < size - 1; j++) all[j * size + j]! += precision;
  return all;
}

/** The step, or as often half of it as it takes not to end higher. */
function halvedUntilLess(
  rows: LogisticRows,
  theta: Float64Array,
  step: Float64Array,
  loss: number,
  precision: number,
): { readonly theta: Float64Array; readonly place: Place; readonly halvings: number } {
  for (let halvings = 0, scale = 1; ; halvings++, scale /= 2) {
    const next = theta.map((value, j) => value - scale * step[j]!);
    const place = placeAt(rows, next, precision);
    if (place.loss <= loss || halvings === MAX_HALVINGS) return { theta: next, place, halvings };
  }
}

function notFinite({ inputs, names, outcome }: LogisticRows): DataError {
  const width = names.length;
  const rows = new Set<number>();
  const columns = new Set<string>();
  for (let at = 0; at < inputs.length; at++) {
    if (Number.isFinite(inputs[at])) continue;
    rows.add(Math.floor(at / width));
    columns.add(names[at % width]!);
  }
  for (let i = 0; i < outcome.length; i++) {
    if (Number.isFinite(outcome[i])) continue;
    rows.add(i);
    columns.add("outcome");
  }
  return new DataError({
    column: [...columns].join(", "),
    message: `was not a finite number in ${rows.size} of ${outcome.length} training rows`,
    fix: "leave these rows or columns out",
  });
}
