import { buildLstm, type LstmShape, lstmLayout, lstmLossAndGradient } from "../../models/lstm.js";
import type { StoredArray } from "../../models/safetensors.js";
import { INPUTS, type NetworkCase, STEPS } from "./network-case.js";
import { arrayNamed, transposed } from "./torch-arrays.js";

/** nn.LSTM normalises no layer. */
type PlainShape = LstmShape & { readonly layerNorm: false };

const SHAPE: PlainShape = {
  inputSize: INPUTS,
  steps: STEPS,
  units: 128,
  layers: 2,
  layerNorm: false,
};

/** Two layers of 128 units. */
export const lstmCase: NetworkCase = {
  shape: { ...SHAPE },
  layout: lstmLayout(SHAPE),
  fresh: (seed) => buildLstm(SHAPE, seed).parameters,
  model: (parameters) => ({ ...SHAPE, kind: "lstm", parameters }),
  keepCount: (windows) => SHAPE.layers * windows * SHAPE.units,
  lossGradient: (tf, parameters, windows, outcome, keep) => {
    const model = { ...SHAPE, kind: "lstm", parameters } as const;
    return lstmLossAndGradient(tf, model, windows, outcome, { keep });
  },
  toTorch: (parameters) => lstmToTorch(SHAPE, parameters),
};

/**
 * An LSTM's parameters as `nn.LSTM` has them, and those of the lines into its log-odds. The gates have the same order (PyTorch's
 * g is our c̃); kernels are split and transposed. PyTorch adds a second bias, which is zero here.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 */
export function lstmToTorch(
  shape: PlainShape,
  parameters: Float32Array,
): Readonly<Record<string, StoredArray>> {
  const { inputSize, units, layers } = shape;
  const width = 4 * units;
  const layout = lstmLayout(shape);
  const arrays: Record<string, StoredArray> = {};
  for (let layer = 0; layer < layers; layer++) {
    const inputs = layer === 0 ? inputSize : units;
    const kernel = arrayNamed(layout, parameters, `layer${layer}.kernel`);
    const split = inputs * width;
    arrays[`lstm.weight_ih_l${layer}`] = transposed(kernel.subarray(0, split), inputs, width);
    arrays[`lstm.weight_hh_l${layer}`] = transposed(kernel.subarray(split), units, width);
    const bias = arrayNamed(layout, parameters, `layer${layer}.bias`);
    arrays[`lstm.bias_ih_l${layer}`] = { shape: [width], values: bias };
    arrays[`lstm.bias_hh_l${layer}`] = { shape: [width], values: new Float32Array(width) };
  }
  return {
    ...arrays,
    "head.weight": { shape: [1, units], values: arrayNamed(layout, parameters, "head.kernel") },
    "head.bias": { shape: [1], values: arrayNamed(layout, parameters, "head.bias") },
    "skip.weight": { shape: [1, inputSize], values: arrayNamed(layout, parameters, "head.skip") },
  };
}
