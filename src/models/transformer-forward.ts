// What does the Transformer compute? Blocks of attention and rectified units on a stream of steps, and a head on the last.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { type BlockKernel, blockKernel, encoderBlock } from "./encoder-block.js";
import { layerNorm } from "./layer-norm.js";
import type { Slot } from "./parameter-layout.js";
import { sinusoidalPositions } from "./positions.js";
import type { TensorflowJs } from "./tensorflow.js";
import { BLOCK_ARRAYS, type BlockArray, type TransformerShape } from "./transformer-shape.js";

/** Asked of a pass besides its log-odds. */
export interface TransformerPass {
  /** layers × 2 × count × width factors for what attention and units add to the stream (dropout); none: 1. */
  readonly keep?: Float32Array | undefined;
  /** How blocks are computed; default is the best that the backend has. */
  readonly block?: BlockKernel | undefined;
  /** Takes, layer by layer, how much the newest step reads of each step: count·heads × 1 × steps. */
  readonly weights?: Tensor3D[];
}

/** An array of the model by its name. */
type Arrays = <T extends Tensor>(name: string) => T;

/**
 * What the head reads of each window, count × width, from tensors of the arrays in the order of the layout.
 *
 * With x = inputs · kernel + bias + positions, for each block: x ← x + attention(norm(x)), then x ← x + units(norm(x)). The head
 * reads the last step alone, and so the last block is computed for it alone, but for the keys and values of all steps.
 *
 * @see Xiong et al. (2020), On Layer Normalization in the Transformer Architecture, for norms before the parts
 */
export function transformerForward(
  tf: TensorflowJs,
  shape: TransformerShape,
  layout: readonly Slot[],
  weights: readonly Tensor[],
  windows: Tensor3D,
  pass: TransformerPass,
): Tensor2D {
  const { layers, width } = shape;
  const count = windows.shape[1];
  const byName = new Map(layout.map(({ name }, i) => [name, weights[i]!]));
  const array = <T extends Tensor>(name: string): T => byName.get(name) as T;
  let x = embedded(tf, shape, array, windows);
  for (let layer = 0; layer < layers; layer++) {
    const names = BLOCK_ARRAYS.map((name) => [name, array(`block${layer}.${name}`)]);
    x = encoderBlock(tf, pass.block ?? blockKernel(tf), {
      x,
      arrays: Object.fromEntries(names) as Record<BlockArray, Tensor>,
      heads: shape.heads,
      isLast: layer === layers - 1,
      keep: factorsOf(tf, pass.keep, layer, [2, count, width]),
      weights: pass.weights,
    });
  }
  const last = tf.reshape(x, [count, width]) as Tensor2D;
  return layerNorm(tf, last, array<Tensor1D>("norm.gain"), array<Tensor1D>("norm.bias"));
}

/** Of one block: one factor for all steps of a window, so that what is silenced is so throughout (Gal & Ghahramani 2016). */
function factorsOf(
  tf: TensorflowJs,
  keep: Float32Array | undefined,
  layer: number,
  shape: [number, number, number],
): Tensor3D | undefined {
  if (keep === undefined) return undefined;
  const size = shape[0] * shape[1] * shape[2];
  return tf.tensor3d(keep.slice(layer * size, (layer + 1) * size), shape);
}

/** Inputs · kernel + bias + positions: steps × count × width. */
function embedded(
  tf: TensorflowJs,
  { inputSize, steps, width, positions }: TransformerShape,
  array: Arrays,
  windows: Tensor3D,
): Tensor3D {
  const count = windows.shape[1];
  const inputs = tf.reshape(windows, [steps * count, inputSize]) as Tensor2D;
  const places =
    positions === "learned"
      ? array<Tensor2D>("positions")
      : tf.tensor2d(sinusoidalPositions(steps, width), [steps, width]);
  const offset = tf.reshape(tf.add(places, array("input.bias")), [steps, 1, width]);
  const x = tf.matMul(inputs, array<Tensor2D>("input.kernel"));
  return tf.add(tf.reshape(x, [steps, count, width]), offset);
}
