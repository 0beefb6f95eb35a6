// How is each row brought to mean 0 and variance 1? Over its last axis, then stretched and shifted by what is learned.
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import type { TensorflowJs } from "./tensorflow.js";

/** Added to the variance, so that a row of equal values becomes zeros. */
const EPSILON = 1e-5;

/**
 * Layer normalisation over the last axis: (x − mean)/√(variance + 1e-5) · gain + bias. Differentiable in all three. Its own
 * gradient keeps two tensors for the way back and takes a third of the operations that tfjs' step by step one does.
 *
 * @param x - … × width
 * @param gain - width
 * @param bias - width
 * @returns of the shape of x
 * @see Ba, Kiros & Hinton (2016), Layer Normalization
 */
export function layerNorm<T extends Tensor>(
  tf: TensorflowJs,
  x: T,
  gain: Tensor1D,
  bias: Tensor1D,
): T {
  const width = gain.shape[0];
  const custom = tf.customGrad((...received) => {
    const [x, gain, bias] = received as unknown as [T, Tensor1D, Tensor1D];
    const save = received.at(-1) as unknown as (tensors: Tensor[]) => void;
    const rows = tf.reshape(x, [-1, width]);
    const centred = tf.sub(rows, tf.mean(rows, 1, true));
    const variance = tf.mean(tf.square(centred), 1, true);
    const scale = tf.rsqrt(tf.add(variance, EPSILON));
    const normal = tf.mul(centred, scale);
    const value = tf.reshape(tf.add(tf.mul(normal, gain), bias), x.shape);
    save([normal, scale, gain]);
    const gradFunc = (slope: Tensor, [normal, scale, gain]: Tensor[]): Tensor[] =>
      tf.tidy(() => {
        const [row, deviation] = [tf.reshape(slope, [-1, width]) as Tensor2D, scale as Tensor2D];
        const gradients = rowGradients(tf, row, normal as Tensor2D, deviation, gain as Tensor1D);
        return [tf.reshape(gradients.x, x.shape), gradients.gain, gradients.bias];
      });
    return { value, gradFunc };
  });
  return custom(x, gain, bias) as T;
}

/**
 * With g = slope ∘ gain: scale · (g − mean(g) − normal · mean(g ∘ normal)) for x, sums over rows for gain and bias.
 *
 * @param slope - rows × width: the loss by what came out
 * @param normal - rows × width: (x − mean) · scale
 * @param scale - rows × 1: 1/√(variance + ε)
 */
function rowGradients(
  tf: TensorflowJs,
  slope: Tensor2D,
  normal: Tensor2D,
  scale: Tensor2D,
  gain: Tensor1D,
): { readonly x: Tensor; readonly gain: Tensor; readonly bias: Tensor } {
  const width = gain.shape[0];
  const along = tf.mul(slope, normal) as Tensor2D;
  // mean(g) and mean(g ∘ normal) as products with gain/width: cheaper than a product and a mean each.
  const share = tf.reshape(tf.div(gain, width), [width, 1]) as Tensor2D;
  const offset = tf.add(tf.matMul(slope, share), tf.mul(normal, tf.matMul(along, share)));
  return {
    x: tf.mul(tf.sub(tf.mul(slope, gain), offset), scale),
    gain: tf.sum(along, 0),
    bias: tf.sum(slope, 0),
  };
}
