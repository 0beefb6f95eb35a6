// What does the order of the last hour's bars know? Stacked LSTM layers, and a head that also sees the newest bar itself.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { type Random, seededRandom } from "../core/random.js";
import { headArrays } from "./head.js";
import { layerNorm } from "./layer-norm.js";
import type { Logistic } from "./logistic.js";
import { type LstmKernel, lstmKernel, lstmLayer } from "./lstm-layer.js";
import {
  type LossGradient,
  type LossOptions,
  type Network,
  networkInputGradient,
  networkLogits,
  networkLoss,
} from "./network.js";
import { fillUniform, parameterCount, parameterLayout, type Slot } from "./parameter-layout.js";
import { loadTensorflow, type TensorflowJs } from "./tensorflow.js";
import { batchOf, type Windows } from "./windows.js";

/** Sizes that fix an LSTM's parameters. */
export interface LstmShape {
  /** Inputs of one step. */
  readonly inputSize: number;
  /** Steps of a window, the last one being the bar that is predicted from. */
  readonly steps: number;
  readonly units: number;
  readonly layers: number;
  /** Whether each layer's output is normalised over its units. */
  readonly layerNorm: boolean;
}

/** An LSTM is its sizes and one vector of parameters, laid out as `lstmLayout` says. */
export interface Lstm extends LstmShape {
  readonly kind: "lstm";
  readonly parameters: Float32Array;
}

/** Places of all arrays in the parameter vector, layer by layer, then the head. */
export function lstmLayout({ inputSize, units, layers, layerNorm }: LstmShape): readonly Slot[] {
  const arrays: [name: string, shape: readonly number[]][] = [];
  for (let layer = 0; layer < layers; layer++) {
    const inputs = layer === 0 ? inputSize : units;
    arrays.push([`layer${layer}.kernel`, [inputs + units, 4 * units]]);
    arrays.push([`layer${layer}.bias`, [4 * units]]);
    if (!layerNorm) continue;
    arrays.push([`layer${layer}.norm.gain`, [units]], [`layer${layer}.norm.bias`, [units]]);
  }
  return parameterLayout([...arrays, ...headArrays(units, inputSize)]);
}

/**
 * A fresh LSTM. Kernels are uniform in ±1/√units. Forget and input gates start so that memories last from one step to
 * a whole window (chrono initialisation). Layer norms start with gain 1 and bias 0. The head reads no layer at first, and
 * the newest bar by a line given.
 *
 * @param seed - the same seed gives the same parameters
 * @param line - where the head starts from; without it every first prediction is one half
 * @see Tallec & Ollivier (2018), Can recurrent neural networks warp time?
 */
export function buildLstm(
  shape: LstmShape,
  seed: number,
  line?: Pick<Logistic, "weights" | "intercept">,
): Lstm {
  const slots = lstmLayout(shape);
  const parameters = new Float32Array(parameterCount(slots));
  const random = seededRandom(seed, "lstm initial weights");
  for (const { name, start, end } of slots) {
    const values = parameters.subarray(start, end);
    if (name === "head.skip") values.set(line?.weights ?? []);
    else if (name === "head.bias") values.fill(line?.intercept ?? 0);
    else if (name === "head.kernel" || name.endsWith("norm.bias")) values.fill(0);
    else if (name.endsWith("norm.gain")) values.fill(1);
    else if (name.endsWith("bias")) fillGateBias(values, shape, random);
    else fillUniform(values, 1 / Math.sqrt(shape.units), random);
  }
  return { ...shape, kind: "lstm", parameters };
}

/** Forget bias ln(u), input bias −ln(u), u uniform from 1 to steps − 1: a memory of about u steps. */
function fillGateBias(bias: Float32Array, { units, steps }: LstmShape, random: Random): void {
  for (let j = 0; j < units; j++) {
    const memory = Math.log(1 + random.uniform() * Math.max(0, steps - 2));
    bias[j] = -memory;
    bias[units + j] = memory;
  }
}

/**
 * Log-odds of "up" for each window.
 *
 * @returns as many as there are windows
 */
export async function lstmLogits(model: Lstm, windows: Windows): Promise<Float64Array> {
  const { tf } = await loadTensorflow();
  return networkLogits(
    tf,
    networkOf(tf, model, { kernel: lstmKernel(tf) }),
    batchOf(model, windows),
  );
}

/**
 * Mean log-loss of a batch and its gradient.
 *
 * @param outcome - one value in [0, 1] per window
 * @param options.keep - layers × count × units factors for the layers' outputs (dropout); none: 1
 * @param options.weight - what each window's loss is multiplied with
 * @param options.kernel - which kernel computes; default is the best that the backend has
 * @returns the gradient laid out as the parameters are
 */
export function lstmLossAndGradient(
  tf: TensorflowJs,
  model: Lstm,
  windows: Windows,
  outcome: Float32Array,
  options: LossOptions & { readonly kernel?: LstmKernel } = {},
): LossGradient {
  const { keep, weight, kernel = lstmKernel(tf) } = options;
  const network = networkOf(tf, model, { kernel, keep });
  return networkLoss(tf, network, batchOf(model, windows), outcome, weight);
}

/**
 * Slope of each window's log-odds by each of its inputs.
 *
 * @param options.kernel - which kernel computes; default is the best that the backend has
 * @returns steps × count × inputs, as the windows lie
 */
export async function lstmInputGradient(
  model: Lstm,
  windows: Windows,
  options: { readonly kernel?: LstmKernel } = {},
): Promise<Float32Array> {
  const { tf } = await loadTensorflow();
  const how = { kernel: options.kernel ?? lstmKernel(tf), wantsWindows: true };
  return networkInputGradient(tf, networkOf(tf, model, how), batchOf(model, windows));
}

function networkOf(tf: TensorflowJs, model: Lstm, pass: Pass): Network {
  return {
    layout: lstmLayout(model),
    parameters: model.parameters,
    layers: (weights, windows) => forward(tf, model, weights, windows as Tensor3D, pass),
  };
}

/** How a pass is computed, and what of it. */
interface Pass {
  readonly kernel: LstmKernel;
  readonly keep?: Float32Array | undefined;
  /** Whether slopes by the windows are asked for; default no. */
  readonly wantsWindows?: boolean;
}

/** h ← LSTM(h), normalised if asked for, ∘ keep for each layer; the head reads the last step. */
function forward(
  tf: TensorflowJs,
  { units, layers, layerNorm: isNormed }: LstmShape,
  weights: readonly Tensor[],
  windows: Tensor3D,
  { kernel, keep, wantsWindows = false }: Pass,
): Tensor3D {
  const count = windows.shape[1];
  const size = count * units;
  const arrays = weights.values();
  const next = <T extends Tensor>(): T => arrays.next().value as T;
  let x = windows;
  for (let layer = 0; layer < layers; layer++) {
    const [w, bias] = [next<Tensor2D>(), next<Tensor1D>()];
    x = lstmLayer(tf, kernel, { x, kernel: w, bias, wantsX: layer > 0 || wantsWindows });
    if (isNormed) x = layerNorm(tf, x, next<Tensor1D>(), next<Tensor1D>());
    // One factor for all steps of a window: a unit is there or not (Gal & Ghahramani 2016).
    if (keep === undefined) continue;
    x = tf.mul(x, tf.tensor3d(keep.slice(layer * size, (layer + 1) * size), [1, count, units]));
  }
  return x;
}
