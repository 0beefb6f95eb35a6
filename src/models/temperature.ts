// Is a model too sure of itself, both ways alike? One number cools its log-odds down.
import { sigmoid } from "./logistic.js";
import { MIN_SLOPE, PRIOR_ROWS } from "./platt.js";

/** Temperature scaling: probability = sigmoid(logit / temperature). It has no shift, so ½ stays ½. */
export interface Temperature {
  readonly kind: "temperature";
  /** Above 1 when the model was too sure of itself; between 0.01 and 100, so that it keeps the model's order. */
  readonly temperature: number;
}

/** Halvings of the slopes' range: more than a double has bits. */
const HALVINGS = 64;

/**
 * Fits the temperature by maximum likelihood on the calibration slice, with the weak pull to 1 that Platt's calibrator has.
 *
 * @param logits - n log-odds of the model
 * @param outcome - n outcomes in [0, 1]; 0.5 is a tie
 * @param overlapBars - neighbouring labels share this many bars; each row counts as one over this
 * @returns temperature 1 when there are no rows
 * @see Guo et al. (2017), On Calibration of Modern Neural Networks, §4.2
 */
export function fitTemperature(
  logits: Float64Array,
  outcome: ArrayLike<number>,
  { overlapBars }: { readonly overlapBars: number },
): Temperature {
  // d/ds [Σ log-loss(s·logit)/overlap + PRIOR_ROWS/8 · (s − 1)²] rises with the slope s: its root is the one minimum.
  const derivative = (slope: number): number => {
    let sum = (PRIOR_ROWS / 4) * (slope - 1);
    for (let i = 0; i < logits.length; i++) {
      sum += ((sigmoid(slope * logits[i]!) - outcome[i]!) * logits[i]!) / overlapBars;
    }
    return sum;
  };
  // Halving cannot overshoot, however far the log-odds are from 0; in logs, so that both ends are hit alike.
  let low = Math.log(MIN_SLOPE);
  let high = -low;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (derivative(Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return { kind: "temperature", temperature: Math.exp(-(low + high) / 2) };
}

/** Whether it stands at an end of its range: it stays there whatever a few outcomes say. */
export function isAtBound({ temperature }: Temperature): boolean {
  return Math.abs(Math.log(temperature)) > -Math.log(MIN_SLOPE) - 1e-9;
}

/** Calibrated probabilities of n log-odds; a larger log-odds never gets a smaller probability. */
export function applyTemperature({ temperature }: Temperature, logits: Float64Array): Float64Array {
  return logits.map((logit) => sigmoid(logit / temperature));
}
