// How do log-odds come out of a network? One line reads its last layer, another the newest bar itself.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { TensorflowJs } from "./tensorflow.js";

/** Arrays of a head, in the order in which `headLogits` takes them. */
export function headArrays(
  width: number,
  inputSize: number,
): readonly (readonly [name: string, shape: readonly number[]])[] {
  return [
    ["head.kernel", [width, 1]],
    ["head.skip", [inputSize, 1]],
    ["head.bias", [1]],
  ];
}

/**
 * Log-odds: hidden · kernel + newest · skip + bias.
 *
 * @param hidden - count × width, what the layers made
 * @param newest - count × inputs of the newest bar
 * @param weights - kernel, skip and bias
 * @returns count
 */
export function headLogits(
  tf: TensorflowJs,
  hidden: Tensor2D,
  newest: Tensor2D,
  weights: readonly Tensor[],
): Tensor1D {
  const [kernel, skip, bias] = weights as [Tensor2D, Tensor2D, Tensor1D];
  const logits = tf.add(tf.matMul(hidden, kernel), tf.matMul(newest, skip));
  return tf.reshape(tf.add(logits, bias), [hidden.shape[0]]);
}

/**
 * Inputs of each window's last step.
 *
 * @param windows - steps × count × inputs
 * @returns count × inputs
 */
export function newestInputs(tf: TensorflowJs, windows: Tensor3D): Tensor2D {
  const [steps, count, inputs] = windows.shape;
  const newest = tf.slice(windows, [steps - 1, 0, 0], [1, count, inputs]);
  return tf.reshape(newest, [count, inputs]);
}
