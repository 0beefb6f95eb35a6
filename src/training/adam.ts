// How do parameters follow their gradient? Adam with decoupled weight decay, in plain arrays.

/** Adam's memory of gradients; arrays have one entry per parameter. */
export interface AdamState {
  /** Running mean of the gradient. */
  readonly mean: Float64Array;
  /** Running mean of its square. */
  readonly square: Float64Array;
  /** Steps taken. */
  step: number;
}

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

/** Adam before its first step. */
export function adamStart(parameters: number): AdamState {
  return { mean: new Float64Array(parameters), square: new Float64Array(parameters), step: 0 };
}

/**
 * One step, in place: θ −= rate · (m̂ / (√v̂ + ε) + decay · θ).
 *
 * @param parameters - changed
 * @param gradient - of the same length
 * @param decay - weight decay per parameter
 * @see Loshchilov & Hutter (2019), Decoupled Weight Decay Regularization
 */
export function adamStep(
  state: AdamState,
  parameters: Float32Array,
  gradient: Float32Array,
  rate: number,
  decay: Float32Array,
): void {
  state.step++;
  const meanBias = 1 - MEAN_DECAY ** state.step;
  const squareBias = 1 - SQUARE_DECAY ** state.step;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i]!;
    state.mean[i] = MEAN_DECAY * state.mean[i]! + (1 - MEAN_DECAY) * g;
    state.square[i] = SQUARE_DECAY * state.square[i]! + (1 - SQUARE_DECAY) * g * g;
    const direction =
      state.mean[i]! / meanBias / (Math.sqrt(state.square[i]! / squareBias) + EPSILON);
    parameters[i]! -= rate * (direction + decay[i]! * parameters[i]!);
  }
}

/**
 * Shortens a gradient that is longer than `longest`, in place.
 *
 * @returns its length before
 */
export function clipNorm(gradient: Float32Array, longest: number): number {
  let squares = 0;
  for (const g of gradient) squares += g * g;
  const norm = Math.sqrt(squares);
  if (norm <= longest) return norm;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= longest / norm;
  return norm;
}
