// How do log-odds come out of a network? One line reads its last layer, another the newest bar itself.
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
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
 * @param hidden - what the layers made, … × count × width: of the newest step last
 * @param windows - what they were made from, … × count × inputs
 * @param arrays - tensors of a network's arrays, the head's last
 * @returns count
 */
export function headLogits(
  tf: TensorflowJs,
  hidden: Tensor,
  windows: Tensor,
  arrays: readonly Tensor[],
): Tensor1D {
  const [kernel, skip, bias] = arrays.slice(-3) as [Tensor2D, Tensor2D, Tensor1D];
  const [last, newest] = [newestRows(tf, hidden), newestRows(tf, windows)];
  const logits = tf.add(tf.matMul(last, kernel), tf.matMul(newest, skip));
  return tf.reshape(tf.add(logits, bias), [last.shape[0]]);
}

/** Those of the last step. */
function newestRows(tf: TensorflowJs, values: Tensor): Tensor2D {
  if (values.rank === 2) return values as Tensor2D;
  const [steps, count, width] = values.shape as [number, number, number];
  const newest = tf.slice(values, [steps - 1, 0, 0], [1, count, width]);
  return tf.reshape(newest, [count, width]);
}

/**
 * The same log-odds without a tensor, each row's by itself: what is said of a row has the same bits whatever rows it is asked
 * with. A library's product of matrices adds in an order that depends on their number.
 *
 * @param parameters - of a network, the head's last
 */
export function rowwiseLogits(
  hidden: Float32Array,
  windows: Float32Array,
  parameters: Float32Array,
  {
    count,
    width,
    inputs,
  }: { readonly count: number; readonly width: number; readonly inputs: number },
): Float64Array {
  const bias = parameters.length - 1;
  const skip = bias - inputs;
  const kernel = skip - width;
  const logits = new Float64Array(count).fill(parameters[bias]!);
  const last = hidden.length - count * width;
  const newest = windows.length - count * inputs;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += hidden[last + i * width + j]! * parameters[kernel + j]!;
    for (let j = 0; j < inputs; j++)
      sum += windows[newest + i * inputs + j]! * parameters[skip + j]!;
    logits[i]! += sum;
  }
  return logits;
}
