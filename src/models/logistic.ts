// What does a straight line through the inputs know? Logistic regression with a normal prior on its weights.
import { DataError } from "../core/errors.js";
import { designOf } from "./design.js";
import { type LogisticPoint, type LogisticRows, leastLoss } from "./newton.js";
import { plainLogits } from "./plain-design.js";

/** A fitted logistic regression on scaled inputs. */
export interface Logistic {
  readonly kind: "logistic";
  /** One weight per input. */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/** What logistic regressions of one prior are fitted on. */
export interface LogisticData {
  /** n × width, scaled, row by row. */
  readonly inputs: Float64Array;
  /** n values in [0, 1]; 0.5 is a tie. */
  readonly outcome: ArrayLike<number>;
  /** Of the inputs. */
  readonly names: readonly string[];
  /** Neighbouring labels share this many bars; each row counts as one over this. */
  readonly overlapBars: number;
}

/** Share of the loss that a fit leaves to gain. */
const TOLERANCE = 1e-11;

/**
 * Fits by Newton's method (iteratively reweighted least squares): the minimum over (w, b) of
 * Σ log-loss / overlap + ‖w‖² / (2 · priorDeviation²), the intercept free. Large problems are computed in the native library
 * where there is one, which gives the same minimum.
 *
 * @param priorDeviation - of the normal prior on each weight: smaller pulls harder to 0
 * @throws {DataError} all outcomes are the same; or an input is not finite, and then it names the column and counts the rows
 */
export async function fitLogistic(data: LogisticData, priorDeviation: number): Promise<Logistic> {
  const rows = await logisticRows(data);
  try {
    return fitRows(rows, priorDeviation);
  } finally {
    rows.design.dispose();
  }
}

/**
 * Makes data ready for several fits; `design.dispose` ends them.
 *
 * @throws {DataError} all outcomes are the same
 */
export async function logisticRows(data: LogisticData): Promise<LogisticRows> {
  const { inputs, outcome, names, overlapBars } = data;
  requireTwoOutcomes(outcome);
  const design = await designOf(inputs, names.length);
  const weight = new Float64Array(outcome.length).fill(1 / overlapBars);
  return { design, inputs, names, outcome, weight };
}

/**
 * `fitLogistic` on what `logisticRows` made.
 *
 * @param from - where to begin: the nearer, the sooner it ends
 */
export function fitRows(
  rows: LogisticRows,
  priorDeviation: number,
  from: LogisticPoint = baseRate(rows),
): Logistic {
  const options = { precision: priorDeviation ** -2, tolerance: TOLERANCE };
  const { theta } = leastLoss(rows, from, options);
  return { kind: "logistic", weights: theta.slice(0, -1), intercept: theta.at(-1)! };
}

/** No weights, and the intercept that gives the base rate. */
export function baseRate({ design, outcome, weight }: LogisticRows): LogisticPoint {
  let ups = 0;
  let all = 0;
  for (let i = 0; i < weight.length; i++) {
    ups += weight[i]! * outcome[i]!;
    all += weight[i]!;
  }
  const theta = new Float64Array(design.size);
  theta[design.size - 1] = Math.log(ups / (all - ups));
  return { theta };
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
  return plainLogits(inputs, Float64Array.of(...weights, intercept));
}

/** Probability from log-odds. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Log-loss of an outcome in [0, 1] under log-odds: ln(1 + eᶻ) − y·z, without overflow. */
export function logLoss(logit: number, outcome: number): number {
  return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - outcome * logit;
}

function requireTwoOutcomes(outcome: ArrayLike<number>): void {
  const first = outcome[0];
  for (let i = 1; i < outcome.length; i++) if (outcome[i] !== first) return;
  const name = first === 1 ? '"up"' : first === 0 ? '"down"' : "ties";
  throw new DataError({
    message: `all ${outcome.length} training outcomes were ${name}, expected ups and downs`,
    fix: "give a longer period",
  });
}
