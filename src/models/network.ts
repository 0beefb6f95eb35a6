// What does TensorFlow do for a network? Log-odds of a batch, mean log-loss and its gradient; no tensor is left behind.
import type { Tensor } from "@tensorflow/tfjs";
import { headLogits, rowwiseLogits } from "./head.js";
import { parameterTensors, type Slot } from "./parameter-layout.js";
import type { TensorflowJs } from "./tensorflow.js";

/** A network: its arrays, the head's last, one vector of parameters laid out so, and what its layers make of a batch. */
export interface Network {
  readonly layout: readonly Slot[];
  readonly parameters: Float32Array;
  /** From the arrays' tensors and … × count × inputs to … × count × width, the newest step's last. */
  readonly layers: (weights: readonly Tensor[], windows: Tensor) => Tensor;
}

/** What a network is asked about. */
export interface Batch {
  readonly values: Float32Array;
  /** Steps, where there are any, count and inputs. */
  readonly shape:
    | readonly [steps: number, count: number, inputs: number]
    | readonly [number, number];
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

/** Log-odds of "up" of each row of a batch. */
export function networkLogits(
  tf: TensorflowJs,
  { layout, parameters, layers }: Network,
  { values, shape }: Batch,
): Float64Array {
  const hidden = tf.tidy(() =>
    layers(parameterTensors(tf, layout, parameters), tf.tensor(values, [...shape])),
  );
  const made = hidden.dataSync<"float32">();
  hidden.dispose();
  const [count, inputs] = shape.slice(-2) as [number, number];
  return rowwiseLogits(made, values, parameters, { count, width: hidden.shape.at(-1)!, inputs });
}

/**
 * Slope of each row's log-odds by each of its inputs.
 *
 * @returns as the batch lies
 */
export function networkInputGradient(
  tf: TensorflowJs,
  { layout, parameters, layers }: Network,
  { values, shape }: Batch,
): Float32Array {
  const slopes = tf.tidy(() => {
    const weights = parameterTensors(tf, layout, parameters);
    // No row's log-odds depend on another row: the slope of their sum is each one's own.
    const sum = (windows: Tensor): Tensor =>
      tf.sum(headLogits(tf, layers(weights, windows), windows, weights));
    return withTape(tf, () => tf.grad(sum)(tf.tensor(values, [...shape])));
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
  { layout, parameters, layers }: Network,
  { values, shape }: Batch,
  outcome: Float32Array,
  weight?: Float32Array,
): LossGradient {
  const gradient = new Float32Array(parameters.length);
  const loss = tf.tidy(() => {
    const y = tf.tensor1d(outcome);
    const windows = tf.tensor(values, [...shape]);
    const meanLoss = tf.valueAndGrads((...weights: Tensor[]) => {
      const z = headLogits(tf, layers(weights, windows), windows, weights);
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
