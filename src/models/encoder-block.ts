// One block of a Transformer on a stream of steps: x ← x + attention(norm(x)), then x ← x + units(norm(x)).
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { attention, attentionWeights } from "./attention.js";
import { layerNorm } from "./layer-norm.js";
import { nativeOp } from "./native-ops.js";
import { rectified } from "./rectifier.js";
import { hasOwnKernels, type TensorflowJs } from "./tensorflow.js";
import type { BlockArray } from "./transformer-shape.js";

/**
 * How a block is computed; both give the same numbers within float tolerance. `fused`: our own operation on the CPU, window by
 * window. `plain`: attention, layer norm and products one after the other, on any backend.
 */
export type BlockKernel = "fused" | "plain";

/** What goes through a block. */
export interface BlockPass {
  /** Steps × count × width. */
  readonly x: Tensor3D;
  readonly arrays: Readonly<Record<BlockArray, Tensor>>;
  readonly heads: number;
  /** True: only the last step is asked for; keys and values are still of all. */
  readonly isLast: boolean;
  /** 2 × count × width factors for what attention and units add to the stream (dropout); none: 1. */
  readonly keep: Tensor3D | undefined;
  /** Takes how much the last step reads of each step: count·heads × 1 × steps. */
  readonly weights: Tensor3D[] | undefined;
}

/** The best kernel that the active backend can run. */
export function blockKernel(tf: TensorflowJs): BlockKernel {
  return hasOwnKernels(tf) ? "fused" : "plain";
}

/**
 * The stream after a block, differentiable in x and all arrays.
 *
 * @param how - asked for attention weights it is `plain` whatever is said here
 * @returns (steps, or 1 where only the last is asked for) × count × width
 */
export function encoderBlock(tf: TensorflowJs, how: BlockKernel, pass: BlockPass): Tensor3D {
  return how === "fused" && pass.weights === undefined ? fused(tf, pass) : plain(tf, pass);
}

function fused(tf: TensorflowJs, { x, arrays, heads, isLast, keep }: BlockPass): Tensor3D {
  const attributes = { heads, last_only: isLast };
  const factors: Tensor = keep ?? tf.zeros([0]);
  const custom = tf.customGrad((...received) => {
    const save = received.at(-1) as unknown as (tensors: Tensor[]) => void;
    const [stream, ...own] = received.slice(0, -1) as Tensor[];
    const inputs = [stream!, factors, ...own];
    const value = nativeOp(tf, "TickbookBlock", inputs, attributes, 1)[0]!;
    // After the operation: what is saved of one that refuses is never given back.
    save(inputs);
    const gradFunc = (slope: Tensor, saved: Tensor[]): Tensor[] =>
      nativeOp(tf, "TickbookBlockGradient", [...saved, slope], attributes, 1 + own.length);
    return { value, gradFunc };
  });
  return custom(x, ...Object.values(arrays)) as Tensor3D;
}

function plain(tf: TensorflowJs, { x, arrays, heads, isLast, keep, weights }: BlockPass): Tensor3D {
  const [steps, count, width] = x.shape;
  const norm = (of: Tensor3D, part: "attention" | "units"): Tensor3D => {
    const gain = arrays[`${part}.norm.gain`] as Tensor1D;
    return layerNorm(tf, of, gain, arrays[`${part}.norm.bias`] as Tensor1D);
  };
  const times = (of: Tensor3D, name: BlockArray): Tensor3D => {
    const kernel = arrays[name] as Tensor2D;
    const rows = tf.reshape(of, [-1, kernel.shape[0]]) as Tensor2D;
    return tf.reshape(tf.matMul(rows, kernel), [of.shape[0], count, kernel.shape[1]]);
  };
  const last = (of: Tensor3D): Tensor3D => tf.slice(of, [steps - 1, 0, 0], [1, count, width]);
  const dropped = (of: Tensor3D, part: number): Tensor3D =>
    keep === undefined ? of : tf.mul(of, tf.slice(keep, [part, 0, 0], [1, count, width]));

  const before = norm(x, "attention");
  const q = times(isLast ? last(before) : before, "attention.query.kernel");
  const k = times(before, "attention.key.kernel");
  const v = times(before, "attention.value.kernel");
  weights?.push(attentionWeights(tf, isLast ? q : last(q), k, heads));
  const taken = times(attention(tf, q, k, v, heads), "attention.output.kernel");
  const read = tf.add(taken, arrays["attention.output.bias"]) as Tensor3D;
  const stream = tf.add(isLast ? last(x) : x, dropped(read, 0)) as Tensor3D;
  const sums = tf.add(
    times(norm(stream, "units"), "units.input.kernel"),
    arrays["units.input.bias"],
  );
  const added = times(rectified(tf, sums as Tensor3D), "units.output.kernel");
  return tf.add(stream, dropped(tf.add(added, arrays["units.output.bias"]) as Tensor3D, 1));
}
