// Which of the last hour's bars matter to the next ones? A Transformer encoder, and a head that also sees the newest bar itself.
import type { Tensor3D } from "@tensorflow/tfjs";
import { seededRandom } from "../core/random.js";
import type { Logistic } from "./logistic.js";
import {
  type LossGradient,
  type LossOptions,
  type Network,
  networkInputGradient,
  networkLogits,
  networkLoss,
} from "./network.js";
import { fillUniform, parameterCount, parameterTensors, type Slot } from "./parameter-layout.js";
import { sinusoidalPositions } from "./positions.js";
import { loadTensorflow, type TensorflowJs } from "./tensorflow.js";
import { type TransformerPass, transformerForward } from "./transformer-forward.js";
import { requireHeads, type TransformerShape, transformerLayout } from "./transformer-shape.js";
import { batchOf, type Windows } from "./windows.js";

/** A Transformer is its sizes and one vector of parameters, laid out as `transformerLayout` says. */
export interface Transformer extends TransformerShape {
  readonly kind: "transformer";
  readonly parameters: Float32Array;
}

/**
 * A fresh Transformer. Kernels are uniform, of variance 1/inputs, or twice that before rectified units; those that add to the
 * stream are smaller by √(2 · layers), so that its size does not depend on how many there are. Learned positions start as sines.
 * The head reads no block at first, and the newest bar by a line given.
 *
 * @param seed - the same seed gives the same parameters
 * @param line - where the head starts from; without it every first prediction is one half
 * @throws {OptionError} the heads are no equal parts of the width
 * @see Radford et al. (2019), Language Models are Unsupervised Multitask Learners, for the smaller kernels
 */
export function buildTransformer(
  shape: TransformerShape,
  seed: number,
  line?: Pick<Logistic, "weights" | "intercept">,
): Transformer {
  requireHeads(shape);
  const slots = transformerLayout(shape);
  const parameters = new Float32Array(parameterCount(slots));
  const random = seededRandom(seed, "transformer initial weights");
  for (const slot of slots) {
    const { name, start, end } = slot;
    const values = parameters.subarray(start, end);
    if (name === "head.skip") values.set(line?.weights ?? []);
    else if (name === "head.bias") values.fill(line?.intercept ?? 0);
    else if (name === "positions") values.set(sinusoidalPositions(shape.steps, shape.width));
    else if (name.endsWith("gain")) values.fill(1);
    else if (name.endsWith("kernel") && name !== "head.kernel") {
      fillUniform(values, kernelBound(slot, shape), random);
    }
  }
  return { ...shape, kind: "transformer", parameters };
}

/** Draws in ± a bound have the variance bound²/3. */
function kernelBound({ name, shape: [inputs] }: Slot, { layers }: TransformerShape): number {
  if (name.endsWith("units.input.kernel")) return Math.sqrt(6 / inputs!);
  const parts = name.endsWith("output.kernel") ? 2 * layers : 1;
  return Math.sqrt(3 / (inputs! * parts));
}

/**
 * Log-odds of "up" for each window.
 *
 * @returns as many as there are windows
 */
export async function transformerLogits(
  model: Transformer,
  windows: Windows,
): Promise<Float64Array> {
  const { tf } = await loadTensorflow();
  return networkLogits(tf, networkOf(tf, model, {}), batchOf(model, windows));
}

/**
 * Mean log-loss of a batch and its gradient.
 *
 * @param outcome - one value in [0, 1] per window
 * @param options.keep - layers × 2 × count × width factors for what each block's attention and units add (dropout); none: 1
 * @param options.weight - what each window's loss is multiplied with
 * @param options.block - how blocks are computed; default is the best that the backend has
 * @returns the gradient laid out as the parameters are
 */
export function transformerLossAndGradient(
  tf: TensorflowJs,
  model: Transformer,
  windows: Windows,
  outcome: Float32Array,
  { keep, weight, block }: LossOptions & Pick<TransformerPass, "block"> = {},
): LossGradient {
  const network = networkOf(tf, model, { keep, block });
  return networkLoss(tf, network, batchOf(model, windows), outcome, weight);
}

/**
 * How much the newest step of each window reads of each of its steps, by layer and head.
 *
 * @returns layers × count × heads × steps weights; over the steps they sum to 1
 */
export async function transformerAttention(
  model: Transformer,
  windows: Windows,
): Promise<Float32Array> {
  const { tf } = await loadTensorflow();
  const weights: Tensor3D[] = [];
  const all = tf.tidy(() => {
    const { layout, parameters, layers } = networkOf(tf, model, { weights });
    const { values, shape } = batchOf(model, windows);
    layers(parameterTensors(tf, layout, parameters), tf.tensor(values, [...shape]));
    return tf.concat(weights);
  });
  const values = all.dataSync<"float32">();
  all.dispose();
  return values;
}

/**
 * Slope of each window's log-odds by each of its inputs.
 *
 * @returns steps × count × inputs, as the windows lie
 */
export async function transformerInputGradient(
  model: Transformer,
  windows: Windows,
): Promise<Float32Array> {
  const { tf } = await loadTensorflow();
  return networkInputGradient(tf, networkOf(tf, model, {}), batchOf(model, windows));
}

function networkOf(tf: TensorflowJs, model: Transformer, pass: TransformerPass): Network {
  const layout = transformerLayout(model);
  return {
    layout,
    parameters: model.parameters,
    layers: (weights, windows) =>
      transformerForward(tf, model, layout, weights, windows as Tensor3D, pass),
  };
}
