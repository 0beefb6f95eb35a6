// What share of rows went up wherever the model said this? A staircase that only rises, whatever its shape.
import { sigmoid } from "./logistic.js";

/**
 * Isotonic calibrator: a line through knots that never falls; outside the outermost knots it is flat. Both columns have
 * the same length, at least 1.
 */
export interface Isotonic {
  readonly kind: "isotonic";
  /** Probabilities before calibration, rising. */
  readonly probability: Float64Array;
  /** Probabilities after it, never falling, strictly between 0 and 1. */
  readonly calibrated: Float64Array;
}

/**
 * Rows that are believed in beyond each end of what was seen: one "up" below all probabilities and one "down" above them.
 * So a run of ups at the end, however long, never becomes certainty, for which one wrong row would cost an infinite
 * log-loss: k of them give at most (k + 1)/(k + 2), Laplace's rule of succession. Since both are rows like any other, the
 * staircase still rises, which shrinking each step by itself would not keep.
 */
const END_ROWS = 1;

/** Neighbouring probabilities that share one calibrated value. */
interface Step {
  readonly first: number;
  readonly last: number;
  readonly weight: number;
  readonly ups: number;
}

/**
 * Fits the rising staircase of least squares by pooling adjacent violators on the calibration slice.
 *
 * @param logits - n log-odds of the model
 * @param outcome - n outcomes in [0, 1]; 0.5 is a tie
 * @param overlapBars - neighbouring labels share this many bars; each row counts as one over this
 * @returns ½ for everything when there are no rows
 * @see Zadrozny & Elkan (2002), Transforming Classifier Scores into Accurate Multiclass Probability Estimates
 */
export function fitIsotonic(
  logits: Float64Array,
  outcome: ArrayLike<number>,
  { overlapBars }: { readonly overlapBars: number },
): Isotonic {
  if (logits.length === 0) {
    return {
      kind: "isotonic",
      probability: Float64Array.of(0.5),
      calibrated: Float64Array.of(0.5),
    };
  }
  const probability = logits.map(sigmoid);
  const order = Uint32Array.from(probability.keys()).sort(
    (i, j) => probability[i]! - probability[j]!,
  );
  const steps: Step[] = [];
  add(steps, { first: Number.NaN, last: Number.NaN, weight: END_ROWS, ups: END_ROWS });
  for (let start = 0; start < order.length; ) {
    const p = probability[order[start]!]!;
    let end = start;
    let ups = 0;
    for (; end < order.length && probability[order[end]!] === p; end++)
      ups += outcome[order[end]!]!;
    add(steps, { first: p, last: p, weight: (end - start) / overlapBars, ups: ups / overlapBars });
    start = end;
  }
  add(steps, { first: Number.NaN, last: Number.NaN, weight: END_ROWS, ups: 0 });
  return knots(steps);
}

/** Adds a step above all others, and joins steps until none is above its successor. */
function add(steps: Step[], step: Step): void {
  let top = step;
  for (
    let below = steps.at(-1);
    below !== undefined && rate(below) >= rate(top);
    below = steps.at(-1)
  ) {
    steps.pop();
    top = {
      // The believed rows beyond the ends have no place of their own.
      first: Number.isNaN(below.first) ? top.first : below.first,
      last: Number.isNaN(top.last) ? below.last : top.last,
      weight: below.weight + top.weight,
      ups: below.ups + top.ups,
    };
  }
  steps.push(top);
}

function rate({ ups, weight }: Step): number {
  return ups / weight;
}

/** Both ends of every step; a step of a single probability is one knot. */
function knots(steps: readonly Step[]): Isotonic {
  const ends = steps.flatMap((step) =>
    [...new Set([step.first, step.last])].map((p) => ({ p, rate: rate(step) })),
  );
  return {
    kind: "isotonic",
    probability: Float64Array.from(ends, ({ p }) => p),
    calibrated: Float64Array.from(ends, ({ rate: value }) => value),
  };
}

/** Calibrated probabilities of n log-odds; a larger log-odds never gets a smaller probability. */
export function applyIsotonic(
  { probability, calibrated }: Isotonic,
  logits: Float64Array,
): Float64Array {
  const top = probability.length - 1;
  return logits.map((logit) => {
    const p = sigmoid(logit);
    if (!(p < probability[top]!)) return Number.isNaN(p) ? p : calibrated[top]!;
    if (p <= probability[0]!) return calibrated[0]!;
    let below = 0;
    let above = top;
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (probability[middle]! <= p) below = middle;
      else above = middle;
    }
    const share = (p - probability[below]!) / (probability[above]! - probability[below]!);
    const risen = calibrated[below]! + share * (calibrated[above]! - calibrated[below]!);
    // Rounding must not lift a row above the knot that ends its stretch.
    return Math.min(risen, calibrated[above]!);
  });
}
