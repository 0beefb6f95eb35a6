// Which steps up to its own does a step read, and what does it take from them? Causal attention with several heads.
import type { Tensor, Tensor3D } from "@tensorflow/tfjs";
import type { TensorflowJs } from "./tensorflow.js";

/**
 * For every query the mean of the values by its weights on them, head by head. Differentiable in all three; its own gradient
 * keeps the weights and nothing else of their size.
 *
 * @param q - queries × count × width, those of the last steps: of one, or of all
 * @param k - steps × count × width
 * @param v - steps × count × width
 * @param heads - equal parts of the width that attend apart from each other
 * @returns queries × count × width
 * @see Vaswani et al. (2017), Attention Is All You Need
 */
export function attention(
  tf: TensorflowJs,
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  heads: number,
): Tensor3D {
  const custom = tf.customGrad((...received) => {
    const [query, key, value] = (received.slice(0, 3) as Tensor[]).map((part) =>
      byHead(tf, part as Tensor3D, heads),
    ) as [Tensor3D, Tensor3D, Tensor3D];
    const save = received.at(-1) as unknown as (tensors: Tensor[]) => void;
    const weights = headWeights(tf, query, key);
    const out = byStep(tf, tf.matMul(weights, value), q.shape, [1, 0, 2]);
    save([query, key, value, weights]);
    const gradFunc = (slope: Tensor, saved: Tensor[]): Tensor[] =>
      tf.tidy(() => slopes(tf, byHead(tf, slope as Tensor3D, heads), saved as Tensor3D[], k.shape));
    return { value: out, gradFunc };
  });
  return custom(q, k, v) as Tensor3D;
}

/** Slopes by query, key and value from those by what came out, heads first: products in the reverse order of `attention`. */
function slopes(
  tf: TensorflowJs,
  slope: Tensor3D,
  [query, key, value, weights]: readonly Tensor3D[],
  shape: Tensor3D["shape"],
): Tensor[] {
  const byWeights = tf.matMul(slope, value!, false, true);
  // Through the softmax: weights ∘ (slope − Σ weights ∘ slope)
  const along = tf.sum(tf.mul(weights!, byWeights), 2, true);
  const byScores = tf.mul(weights!, tf.sub(byWeights, along)) as Tensor3D;
  const scale = scaleOf(query!);
  const queries = [weights!.shape[1], shape[1], shape[2]] as Tensor3D["shape"];
  return [
    byStep(tf, tf.mul(tf.matMul(byScores, key!), scale), queries, [1, 0, 2]),
    // Small factor first, its result turned: libraries are slow at products that turn the large one.
    byStep(tf, tf.mul(tf.matMul(query!, byScores, true, false), scale), shape, [2, 0, 1]),
    byStep(tf, tf.matMul(slope, weights!, true, false), shape, [2, 0, 1]),
  ];
}

/**
 * How much each query reads of each step, by head: the softmax of query · key/√size over the steps up to its own.
 *
 * @param q - queries × count × width, those of the last steps
 * @param k - steps × count × width
 * @returns count·heads × queries × steps, heads of a window one after the other; a row sums to 1
 */
export function attentionWeights(
  tf: TensorflowJs,
  q: Tensor3D,
  k: Tensor3D,
  heads: number,
): Tensor3D {
  return headWeights(tf, byHead(tf, q, heads), byHead(tf, k, heads));
}

function headWeights(tf: TensorflowJs, query: Tensor3D, key: Tensor3D): Tensor3D {
  const [, queries] = query.shape;
  const [, steps] = key.shape;
  const scores = tf.matMul(tf.mul(query, scaleOf(query)) as Tensor3D, key, false, true);
  if (queries === 1) return tf.softmax(scores as Tensor3D);
  return tf.softmax(tf.add(scores, causalMask(tf, queries, steps)) as Tensor3D);
}

function scaleOf(query: Tensor3D): number {
  return 1 / Math.sqrt(query.shape[2]);
}

/** 0 where a query may read a step, −∞ where the step is after it. */
function causalMask(tf: TensorflowJs, queries: number, steps: number): Tensor {
  const values = Float32Array.from({ length: queries * steps }, (_, i) => {
    const step = steps - queries + Math.floor(i / steps);
    return i % steps > step ? Number.NEGATIVE_INFINITY : 0;
  });
  return tf.tensor2d(values, [queries, steps]);
}

/** steps × count × width → count·heads × steps × size. */
function byHead(tf: TensorflowJs, x: Tensor3D, heads: number): Tensor3D {
  const [steps, count, width] = x.shape;
  return tf.transpose(tf.reshape(x, [steps, count * heads, width / heads]) as Tensor3D, [1, 0, 2]);
}

/** Back again. */
function byStep(
  tf: TensorflowJs,
  x: Tensor,
  shape: Tensor3D["shape"],
  order: readonly number[],
): Tensor3D {
  return tf.reshape(tf.transpose(x, [...order]), shape);
}
