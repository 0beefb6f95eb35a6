// What does a straight line through the inputs know? Logistic regression with a normal prior on its weights.
import { DataError } from "../core/errors.js";

/** A fitted logistic regression on scaled inputs. */
export interface Logistic {
  readonly kind: "logistic";
  /** One weight per input. */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/** How a logistic regression is fitted. */
export interface LogisticPenalty {
  /** Deviation of the normal prior on each weight: smaller pulls harder to 0. */
  readonly priorDeviation: number;
  /** Neighbouring labels share this many bars; each row counts as one over this. */
  readonly overlapBars: number;
}

const MAX_ITERATIONS = 50;
const MAX_HALVINGS = 30;

/**
 * Fits by Newton's method (iteratively reweighted least squares): the minimum over (w, b) of
 * Σ log-loss / overlap + ‖w‖² / (2 · priorDeviation²), the intercept free. The problem is convex, the minimum unique.
 *
 * @param inputs - n × width, scaled, row by row
 * @param outcome - n values in [0, 1]; 0.5 is a tie
 * @throws {DataError} all outcomes are the same, or the iteration does not settle
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, §4.4.1
 */
export function fitLogistic(
  inputs: Float64Array,
  outcome: ArrayLike<number>,
  { priorDeviation, overlapBars }: LogisticPenalty,
): Logistic {
  const n = outcome.length;
  const size = inputs.length / n + 1;
  requireTwoOutcomes(outcome);
  const precision = 1 / (priorDeviation * priorDeviation);
  let theta: Float64Array = new Float64Array(size);
  let loss = objective(theta, inputs, outcome, precision, overlapBars);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const { gradient, hessian } = derivatives(theta, inputs, outcome, precision, overlapBars);
    const step = solvePositive(hessian, gradient);
    // Newton's decrement, the loss still to be gained to second order, in units of the loss.
    const gain = step.reduce((sum, s, j) => sum + 0.5 * s * gradient[j]!, 0);
    if (gain <= 1e-12 * (1 + Math.abs(loss))) {
      return { kind: "logistic", weights: theta.slice(0, -1), intercept: theta.at(-1)! };
    }
    let scale = 1;
    for (let halving = 0; halving < MAX_HALVINGS; halving++, scale /= 2) {
      const next = theta.map((value, j) => value - scale * step[j]!);
      const nextLoss = objective(next, inputs, outcome, precision, overlapBars);
      if (nextLoss <= loss || halving === MAX_HALVINGS - 1) {
        theta = next;
        loss = nextLoss;
        break;
      }
    }
  }
  throw new DataError({
    message: `the logistic fit had not settled after ${MAX_ITERATIONS} iterations`,
    fix: "look for inputs that are not finite or give a smaller prior deviation",
  });
}

/**
 * Log-odds of "up" for each row.
 *
 * @param inputs - n × width, scaled, row by row
 */
export function logisticLogits(
  { weights, intercept }: Logistic,
  inputs: Float64Array,
): Float64Array {
  const width = weights.length;
  return new Float64Array(inputs.length / width).map((_, i) => {
    let logit = intercept;
    for (let j = 0; j < width; j++) logit += inputs[i * width + j]! * weights[j]!;
    return logit;
  });
}

/** Probability from log-odds. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Log-loss of an outcome in [0, 1] under log-odds: ln(1 + eᶻ) − y·z, without overflow. */
export function logLoss(logit: number, outcome: number): number {
  return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - outcome * logit;
}

function objective(
  theta: Float64Array,
  inputs: Float64Array,
  outcome: ArrayLike<number>,
  precision: number,
  overlapBars: number,
): number {
  const width = theta.length - 1;
  let loss = 0;
  for (let i = 0; i < outcome.length; i++) {
    let logit = theta[width]!;
    for (let j = 0; j < width; j++) logit += inputs[i * width + j]! * theta[j]!;
    loss += logLoss(logit, outcome[i]!);
  }
  let squares = 0;
  for (let j = 0; j < width; j++) squares += theta[j]! ** 2;
  return loss / overlapBars + 0.5 * precision * squares;
}

/** Gradient Xᵀ(p − y)/overlap + precision·w and Hessian XᵀWX/overlap + precision, the intercept's column being 1. */
function derivatives(
  theta: Float64Array,
  inputs: Float64Array,
  outcome: ArrayLike<number>,
  precision: number,
  overlapBars: number,
): { gradient: Float64Array; hessian: Float64Array } {
  const size = theta.length;
  const width = size - 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const row = new Float64Array(size).fill(1);
  for (let i = 0; i < outcome.length; i++) {
    let logit = theta[width]!;
    for (let j = 0; j < width; j++) {
      row[j] = inputs[i * width + j]!;
      logit += row[j]! * theta[j]!;
    }
    const probability = sigmoid(logit);
    const residual = (probability - outcome[i]!) / overlapBars;
    const weight = (probability * (1 - probability)) / overlapBars;
    for (let j = 0; j < size; j++) {
      gradient[j]! += residual * row[j]!;
      const weighted = weight * row[j]!;
      for (let k = 0; k <= j; k++) hessian[j * size + k]! += weighted * row[k]!;
    }
  }
  for (let j = 0; j < width; j++) {
    gradient[j]! += precision * theta[j]!;
    hessian[j * size + j]! += precision;
  }
  return { gradient, hessian };
}

/** Solves A·x = b for a symmetric positive definite A (lower triangle, row by row) by Cholesky's A = L·Lᵀ. */
function solvePositive(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = a[j * size + k]!;
      for (let m = 0; m < k; m++) sum -= a[j * size + m]! * a[k * size + m]!;
      // The floor keeps a direction without curvature (all probabilities 0 or 1) from dividing by 0.
      a[j * size + k] = j === k ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[k * size + k]!;
    }
  }
  for (let j = 0; j < size; j++) {
    for (let m = 0; m < j; m++) x[j]! -= a[j * size + m]! * x[m]!;
    x[j]! /= a[j * size + j]!;
  }
  for (let j = size - 1; j >= 0; j--) {
    for (let m = j + 1; m < size; m++) x[j]! -= a[m * size + j]! * x[m]!;
    x[j]! /= a[j * size + j]!;
  }
  return x;
}

function requireTwoOutcomes(outcome: ArrayLike<number>): void {
  for (let i = 1; i < outcome.length; i++) if (outcome[i] !== outcome[0]) return;
  throw new DataError({
    message: `all ${outcome.length} training outcomes were the same, expected ups and downs`,
    fix: "give a longer period",
  });
}
