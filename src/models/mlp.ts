// What do the inputs of one bar know beyond a straight line? Dense layers of rectified units, and a head that sees the inputs, too.
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { seededRandom } from "../core/random.js";
import { headArrays } from "./head.js";
import type { Logistic } from "./logistic.js";
import {
  type Batch,
  type LossGradient,
  type LossOptions,
  type Network,
  networkLogits,
  networkLoss,
} from "./network.js";
import { fillUniform, parameterCount, parameterLayout, type Slot } from "./parameter-layout.js";
import { loadTensorflow, type TensorflowJs } from "./tensorflow.js";

/** Sizes that fix a multilayer perceptron's parameters. */
export interface MlpShape {
  readonly inputSize: number;
  /** Units of each hidden layer, the first one first; at least one layer. */
  readonly units: readonly number[];
}

/** A multilayer perceptron is its sizes and one vector of parameters, laid out as `mlpLayout` says. */
export interface Mlp extends MlpShape {
  readonly kind: "mlp";
  readonly parameters: Float32Array;
}

/** Places of all arrays in the parameter vector, layer by layer, then the head. */
export function mlpLayout({ inputSize, units }: MlpShape): readonly Slot[] {
  const widths = [inputSize, ...units];
  return parameterLayout([
    ...units.flatMap((size, layer): [string, number[]][] => [
      [`layer${layer}.kernel`, [widths[layer]!, size]],
      [`layer${layer}.bias`, [size]],
    ]),
    ...headArrays(widths.at(-1)!, inputSize),
  ]);
}

/**
 * A fresh multilayer perceptron. Kernels are uniform in ±√(6/inputs), which keeps the size of what passes through; biases
 * are 0. Units are rectified, not tanh: without biases tanh is odd, and what depends on an input's size alone, as regimes
 * do, has no gradient at first. The head reads no layer at first, and the inputs by a line given.
 *
 * @param seed - the same seed gives the same parameters
 * @param line - where the head starts from; without it every first prediction is one half
 * @see He et al. (2015), Delving Deep into Rectifiers
 */
export function buildMlp(
  shape: MlpShape,
  seed: number,
  line?: Pick<Logistic, "weights" | "intercept">,
): Mlp {
  const slots = mlpLayout(shape);
  const parameters = new Float32Array(parameterCount(slots));
  const random = seededRandom(seed, "mlp initial weights");
  for (const { name, shape: sizes, start, end } of slots) {
    const values = parameters.subarray(start, end);
    if (name === "head.skip") values.set(line?.weights ?? []);
    else if (name === "head.bias") values.fill(line?.intercept ?? 0);
    else if (name.startsWith("layer") && name.endsWith("kernel")) {
      fillUniform(values, Math.sqrt(6 / sizes[0]!), random);
    }
  }
  return { ...shape, kind: "mlp", parameters };
}

/**
 * Log-odds of "up" for each row.
 *
 * @param inputs - n × inputSize, scaled, row by row
 */
export async function mlpLogits(model: Mlp, inputs: Float32Array): Promise<Float64Array> {
  const { tf } = await loadTensorflow();
  return networkLogits(tf, networkOf(tf, model, undefined), rowsOf(model, inputs));
}

/**
 * Mean log-loss of a batch and its gradient.
 *
 * @param inputs - n × inputSize, scaled, row by row
 * @param outcome - n values in [0, 1]
 * @param options.keep - factors for the layers' outputs (dropout): for each layer n × its units, one after the other;
 *   none: 1
 * @param options.weight - what each row's loss is multiplied with
 * @returns the gradient laid out as the parameters are
 */
export function mlpLossAndGradient(
  tf: TensorflowJs,
  model: Mlp,
  inputs: Float32Array,
  outcome: Float32Array,
  { keep, weight }: LossOptions = {},
): LossGradient {
  return networkLoss(tf, networkOf(tf, model, keep), rowsOf(model, inputs), outcome, weight);
}

const rowsOf = ({ inputSize }: Mlp, values: Float32Array): Batch => ({
  values,
  shape: [values.length / inputSize, inputSize],
});

function networkOf(tf: TensorflowJs, model: Mlp, keep: Float32Array | undefined): Network {
  return {
    layout: mlpLayout(model),
    parameters: model.parameters,
    layers: (weights, inputs) => forward(tf, model, weights, inputs as Tensor2D, keep),
  };
}

/** h ← max(0, h·W + b) ∘ keep for each layer; log-odds = h·head + x·skip + bias. */
function forward(
  tf: TensorflowJs,
  { units }: MlpShape,
  weights: readonly Tensor[],
  inputs: Tensor2D,
  keep: Float32Array | undefined,
): Tensor2D {
  const [count] = inputs.shape;
  let hidden = inputs;
  let used = 0;
  units.forEach((size, layer) => {
    const [kernel, bias] = weights.slice(2 * layer) as [Tensor2D, Tensor1D];
    hidden = tf.relu(tf.add(tf.matMul(hidden, kernel), bias));
    if (keep === undefined) return;
    const factors = keep.slice(used, used + count * size);
    hidden = tf.mul(hidden, tf.tensor2d(factors, [count, size]));
    used += count * size;
  });
  return hidden;
}
