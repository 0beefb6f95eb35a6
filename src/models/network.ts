// What does TensorFlow do for a network? Log-odds of a batch, mean log-loss and its gradient; no tensor is left behind.
import type { Tensor, Tensor1D, Tensor3D } from "@tensorflow/tfjs";
import { parameterTensors, type Slot } from "./parameter-layout.js";
import type { TensorflowJs } from "./tensorflow.js";
import type { Windows } from "./windows.js";

/** A network: its arrays, one vector of parameters laid out so, and log-odds of "up" from the arrays' tensors. */
export interface Network {
  readonly layout: readonly Slot[];
  readonly parameters: Float32Array;
  readonly logits: (weights: readonly Tensor[]) => Tensor1D;
}

/** The same, asked with a batch as a tensor: log-odds have slopes by it. */
export interface NetworkOfWindows extends Pick<Network, "layout" | "parameters"> {
  readonly logits: (weights: readonly Tensor[], windows: Tensor3D) => Tensor1D;
}

/** What a network's loss on a batch may be asked besides. */
export interface LossOptions {
  /** Factors for the layers' outputs (dropout), as the network lays them out; none: 1. */
  readonly keep?: Float32Array | undefined;
  /** What each row's loss is multiplied with; none: 1. */
  readonly weight?: Float32Array | undefined;
}

/** Mean log-loss of a batch, and its gradient laid out as the parameters are. */
export interface LossGradient {
  readonly loss: number;
  readonly gradient: Float32Array;
}

/** Log-odds of "up" of the batch that the network holds. */
export function networkLogits(
  tf: TensorflowJs,
  { layout, parameters, logits }: Network,
): Float64Array {
  const z = tf.tidy(() => logits(parameterTensors(tf, layout, parameters)));
  const values = Float64Array.from(z.dataSync());
  z.dispose();
  return values;
}

/**
 * Slope of each window's log-odds by each of its inputs.
 *
 * @param windows - steps × count × inputs
 * @returns steps × count × inputs, as the windows lie
 */
export function networkInputGradient(
  tf: TensorflowJs,
  { layout, parameters, logits }: NetworkOfWindows,
  { values, count }: Windows,
  steps: number,
): Float32Array {
  const slopes = tf.tidy(() => {
    const weights = parameterTensors(tf, layout, parameters);
    // No window's log-odds depend on another window: the slope of their sum is each one's own.
    const sum = (windows: Tensor): Tensor => tf.sum(logits(weights, windows as Tensor3D));
    const given = tf.tensor3d(values, [steps, count, values.length / (steps * count)]);
    return withTape(tf, () => tf.grad(sum)(given));
  });
  const gradient = slopes.dataSync<"float32">();
  slopes.dispose();
  return gradient;
}

/**
 * Mean log-loss of a batch and its gradient.
 *
 * @param outcome - one value in [0, 1] per row of the batch
 * @param weight - what each row's loss is multiplied with; none: 1
 */
export function networkLoss(
  tf: TensorflowJs,
  { layout, parameters, logits }: Network,
  outcome: Float32Array,
  weight?: Float32Array,
): LossGradient {
  const gradient = new Float32Array(parameters.length);
  const loss = tf.tidy(() => {
    const y = tf.tensor1d(outcome);
    const meanLoss = tf.valueAndGrads((...weights: Tensor[]) => {
      const z = logits(weights);
      // max(z, 0) − y·z + ln(1 + e^−|z|)
      const saturated = tf.softplus(tf.neg(tf.abs(z)));
      const losses = tf.add(tf.sub(tf.relu(z), tf.mul(y, z)), saturated);
      return tf.mean(weight === undefined ? losses : tf.mul(losses, tf.tensor1d(weight)));
    });
    const { value, grads } = withTape(tf, () => meanLoss(parameterTensors(tf, layout, parameters)));
    layout.forEach(({ start }, i) => {
      gradient.set(grads[i]!.dataSync<"float32">(), start);
    });
    return value.dataSync()[0]!;
  });
  return { loss, gradient };
}

/** tfjs keeps what the way back needs outside all scopes, and forgets to give it back where the way there fails. */
function withTape<T>(tf: TensorflowJs, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { state } = tf.engine();
    for (const { saved } of state.activeTape ?? []) {
      for (const tensor of saved ?? []) tensor.dispose();
    }
    state.activeTape = [];
    throw error;
  }
}
