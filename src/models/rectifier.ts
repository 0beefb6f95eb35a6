import type { Tensor } from "@tensorflow/tfjs";
import type { TensorflowJs } from "./tensorflow.js";

/**
 * max(0, x), and the slope where it is above 0. tfjs' own gradient asks for NaN as well and takes seven operations; a NaN here
 * shows in the loss.
 */
export function rectified<T extends Tensor>(tf: TensorflowJs, x: T): T {
  const custom = tf.customGrad((...received) => {
    const value = tf.relu(received[0] as T);
    const save = received.at(-1) as unknown as (tensors: Tensor[]) => void;
    save([value]);
    const gradFunc = (slope: Tensor, [value]: Tensor[]): Tensor =>
      tf.tidy(() => tf.mul(slope, tf.sign(value!)));
    return { value, gradFunc };
  });
  return custom(x) as T;
}
