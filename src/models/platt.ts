// Does 60 % mean 60 %? Two numbers, fitted on a slice of their own, stretch and shift a model's log-odds.
import { sigmoid } from "./logistic.js";

/** Platt's calibrator: probability = sigmoid(slope · logit + shift). */
export interface Platt {
  readonly kind: "platt";
  /** Below 1 when the model was too sure of itself; never below 0.01, so that it keeps the model's order. */
  readonly slope: number;
  readonly shift: number;
}

/** Smallest slope: a calibrator never takes the order from a model. */
export const MIN_SLOPE = 0.01;
/** Weight of the belief that the model is calibrated as it is, in rows that would say so. */
export const PRIOR_ROWS = 4;
const MAX_ITERATIONS = 100;

/**
 * Fits slope and shift by maximum likelihood on the calibration slice, with a weak pull to slope 1 and shift 0 that
 * settles what a handful of rows leaves open.
 *
 * @param logits - n log-odds of the model
 * @param outcome - n outcomes in [0, 1]; 0.5 is a tie
 * @param overlapBars - neighbouring labels share this many bars; each row counts as one over this
 * @returns slope 1 and shift 0 when there are no rows
 * @see Platt (1999), Probabilistic Outputs for Support Vector Machines
 */
export function fitPlatt(
  logits: Float64Array,
  outcome: ArrayLike<number>,
  { overlapBars }: { readonly overlapBars: number },
): Platt {
  let slope = 1;
  let shift = 0;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    // Gradient and Hessian of Σ log-loss/overlap + PRIOR_ROWS/8 · ((slope − 1)² + shift²); ¼ is a row's curvature at 0.
    let gradientSlope = (PRIOR_ROWS / 4) * (slope - 1);
    let gradientShift = (PRIOR_ROWS / 4) * shift;
    let slopeSlope = PRIOR_ROWS / 4;
    let slopeShift = 0;
    let shiftShift = PRIOR_ROWS / 4;
    for (let i = 0; i < logits.length; i++) {
      const logit = logits[i]!;
      const probability = sigmoid(slope * logit + shift);
      const residual = (probability - outcome[i]!) / overlapBars;
      const weight = (probability * (1 - probability)) / overlapBars;
      gradientSlope += residual * logit;
      gradientShift += residual;
      slopeSlope += weight * logit * logit;
      slopeShift += weight * logit;
      shiftShift += weight;
    }
    // At the lower bound and pushed against it, the slope stays and the shift moves alone.
    if (slope === MIN_SLOPE && gradientSlope > 0) gradientSlope = slopeShift = 0;
    const determinant = slopeSlope * shiftShift - slopeShift * slopeShift;
    const stepSlope = (shiftShift * gradientSlope - slopeShift * gradientShift) / determinant;
    const stepShift = (slopeSlope * gradientShift - slopeShift * gradientSlope) / determinant;
    // Steps of at most 1 keep Newton's method from overshooting where probabilities saturate.
    const scale = 1 / Math.max(1, Math.abs(stepSlope), Math.abs(stepShift));
    const nextSlope = Math.max(MIN_SLOPE, slope - scale * stepSlope);
    shift -= scale * stepShift;
    const isSettled = Math.abs(nextSlope - slope) + Math.abs(scale * stepShift) < 1e-12;
    slope = nextSlope;
    if (isSettled) break;
  }
  return { kind: "platt", slope, shift };
}

/** Calibrated probabilities of n log-odds; a larger log-odds never gets a smaller probability. */
export function applyPlatt({ slope, shift }: Platt, logits: Float64Array): Float64Array {
  return logits.map((logit) => sigmoid(slope * logit + shift));
}
