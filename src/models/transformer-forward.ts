// What does the Transformer compute? Blocks of attention and rectified units on a stream of steps, and a head on the last.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { attention, attentionWeights } from "./attention.js";
import { headLogits, newestInputs } from "./head.js";
import { layerNorm } from "./layer-norm.js";
import type { Slot } from "./parameter-layout.js";
import { sinusoidalPositions } from "./positions.js";
import { rectified } from "./rectifier.js";
import type { TensorflowJs } from "./tensorflow.js";
import type { TransformerShape } from "./transformer-shape.js";
import type { Windows } from "./windows.js";

/** Asked of a pass besides its log-odds. */
export interface TransformerPass {
  /** layers × 2 × count × width factors for what attention and units add to the stream (dropout); none: 1. */
  readonly keep?: Float32Array | undefined;
  /** Takes, layer by layer, how much the newest step reads of each step: count·heads × 1 × steps. */
  readonly weights?: Tensor3D[];
}

/** An array of the model by its name. */
type Arrays = <T extends Tensor>(name: string) => T;

/**
 * Log-odds of "up" for each window, from tensors of the arrays in the order of the layout.
 *
 * With x = inputs · kernel + bias + positions, for each block: x ← x + attention(norm(x)), then x ← x + units(norm(x)). The head
 * reads the last step alone, and so the last block is computed for it alone, but for the keys and values of all steps.
 *
 * @returns count
 * @see Xiong et al. (2020), On Layer Normalization in the Transformer Architecture, for norms before the parts
 */
export function transformerForward(
  tf: TensorflowJs,
  shape: TransformerShape,
  layout: readonly Slot[],
  weights: readonly Tensor[],
  windows: Windows,
  pass: TransformerPass,
): Tensor1D {
  const { layers, width } = shape;
  const { count } = windows;
  const byName = new Map(layout.map(({ name }, i) => [name, weights[i]!]));
  const array = <T extends Tensor>(name: string): T => byName.get(name) as T;
  let x = embedded(tf, shape, array, windows);
  for (let layer = 0; layer < layers; layer++) {
    x = block(tf, shape, array, { x, layer, count }, pass);
  }
  const last = tf.reshape(x, [count, width]) as Tensor2D;
  const hidden = layerNorm(tf, last, array<Tensor1D>("norm.gain"), array<Tensor1D>("norm.bias"));
  const head = ["head.kernel", "head.skip", "head.bias"].map((name) => array(name));
  return headLogits(tf, hidden, newestInputs(tf, windows, shape.inputSize), head);
}

/** Inputs · kernel + bias + positions: steps × count × width. */
function embedded(
  tf: TensorflowJs,
  { inputSize, steps, width, positions }: TransformerShape,
  array: Arrays,
  { values, count }: Windows,
): Tensor3D {
  const inputs = tf.tensor2d(values, [steps * count, inputSize]);
  const places =
    positions === "learned"
      ? array<Tensor2D>("positions")
      : tf.tensor2d(sinusoidalPositions(steps, width), [steps, width]);
  const offset = tf.reshape(tf.add(places, array("input.bias")), [steps, 1, width]);
  const x = tf.matMul(inputs, array<Tensor2D>("input.kernel"));
  return tf.add(tf.reshape(x, [steps, count, width]), offset);
}

/** One block: on all steps, or on the last one where it is the last block. */
function block(
  tf: TensorflowJs,
  { steps, width, heads, layers }: TransformerShape,
  array: Arrays,
  { x, layer, count }: { readonly x: Tensor3D; readonly layer: number; readonly count: number },
  { keep, weights }: TransformerPass,
): Tensor3D {
  const own = <T extends Tensor>(name: string): T => array<T>(`block${layer}.${name}`);
  const norm = (of: Tensor3D, name: string): Tensor3D =>
    layerNorm(tf, of, own<Tensor1D>(`${name}.gain`), own<Tensor1D>(`${name}.bias`));
  const times = (of: Tensor3D, name: string): Tensor3D => {
    const kernel = own<Tensor2D>(`${name}.kernel`);
    const rows = tf.reshape(of, [-1, kernel.shape[0]]) as Tensor2D;
    return tf.reshape(tf.matMul(rows, kernel), [of.shape[0], count, kernel.shape[1]]);
  };
  const affine = (of: Tensor3D, name: string): Tensor3D =>
    tf.add(times(of, name), own<Tensor1D>(`${name}.bias`));
  const last = (of: Tensor3D): Tensor3D => tf.slice(of, [steps - 1, 0, 0], [1, count, width]);
  // One factor for all steps of a window: what is silenced is so throughout (Gal & Ghahramani 2016).
  const dropped = (of: Tensor3D, part: number): Tensor3D => {
    if (keep === undefined) return of;
    const start = (2 * layer + part) * count * width;
    return tf.mul(of, tf.tensor3d(keep.slice(start, start + count * width), [1, count, width]));
  };

  const isLast = layer === layers - 1;
  const before = norm(x, "attention.norm");
  const q = times(isLast ? last(before) : before, "attention.query");
  const k = times(before, "attention.key");
  const v = times(before, "attention.value");
  weights?.push(attentionWeights(tf, isLast ? q : last(q), k, heads));
  const read = affine(attention(tf, q, k, v, heads), "attention.output");
  const stream = tf.add(isLast ? last(x) : x, dropped(read, 0)) as Tensor3D;
  const units = rectified(tf, affine(norm(stream, "units.norm"), "units.input"));
  return tf.add(stream, dropped(affine(units, "units.output"), 1));
}
