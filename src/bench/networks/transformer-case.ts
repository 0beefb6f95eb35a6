import type { StoredArray } from "../../models/safetensors.js";
import { buildTransformer, transformerLossAndGradient } from "../../models/transformer.js";
import { type TransformerShape, transformerLayout } from "../../models/transformer-shape.js";
import { INPUTS, type NetworkCase, STEPS } from "./network-case.js";
import { arrayNamed, transposed } from "./torch-arrays.js";

const SHAPE: TransformerShape = {
  inputSize: INPUTS,
  steps: STEPS,
  width: 64,
  heads: 4,
  layers: 2,
  feedForward: 256,
  positions: "learned",
};

/** Two blocks of width 64 with four heads. */
export const transformerCase: NetworkCase = {
  shape: { ...SHAPE },
  layout: transformerLayout(SHAPE),
  fresh: (seed) => buildTransformer(SHAPE, seed).parameters,
  model: (parameters) => ({ ...SHAPE, kind: "transformer", parameters }),
  keepCount: (windows) => SHAPE.layers * 2 * windows * SHAPE.width,
  lossGradient: (tf, parameters, windows, outcome, keep) => {
    const model = { ...SHAPE, kind: "transformer", parameters } as const;
    return transformerLossAndGradient(tf, model, windows, outcome, { keep });
  },
  toTorch: (parameters) => transformerToTorch(SHAPE, parameters),
};

/**
 * A Transformer's parameters as `nn.TransformerEncoder` has them, and those of the lines into it and into its log-odds. Query, key
 * and value share one matrix there; it has biases for them, which are zero here.
 *
 * @param shape - with learned positions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
 */
export function transformerToTorch(
  shape: TransformerShape,
  parameters: Float32Array,
): Readonly<Record<string, StoredArray>> {
  const { inputSize, steps, width, feedForward, layers } = shape;
  const layout = transformerLayout(shape);
  const vector = (name: string): StoredArray => {
    const values = arrayNamed(layout, parameters, name);
    return { shape: [values.length], values };
  };
  const matrix = (name: string, rows: number, columns: number): StoredArray =>
    transposed(arrayNamed(layout, parameters, name), rows, columns);
  const arrays: Record<string, StoredArray> = {
    "input.weight": matrix("input.kernel", inputSize, width),
    "input.bias": vector("input.bias"),
    positions: { ...vector("positions"), shape: [steps, width] },
    "encoder.norm.weight": vector("norm.gain"),
    "encoder.norm.bias": vector("norm.bias"),
    "head.weight": matrix("head.kernel", width, 1),
    "head.bias": vector("head.bias"),
    "skip.weight": matrix("head.skip", inputSize, 1),
  };
  for (let layer = 0; layer < layers; layer++) {
    const theirs = `encoder.layers.${layer}`;
    const own = (name: string): string => `block${layer}.${name}`;
    const parts = ["query", "key", "value"].map((part) =>
      matrix(own(`attention.${part}.kernel`), width, width),
    );
    const projections = Float32Array.from(parts.flatMap(({ values }) => [...values]));
    arrays[`${theirs}.self_attn.in_proj_weight`] = {
      shape: [3 * width, width],
      values: projections,
    };
    arrays[`${theirs}.self_attn.in_proj_bias`] = {
      shape: [3 * width],
      values: new Float32Array(3 * width),
    };
    arrays[`${theirs}.self_attn.out_proj.weight`] = matrix(
      own("attention.output.kernel"),
      width,
      width,
    );
    arrays[`${theirs}.self_attn.out_proj.bias`] = vector(own("attention.output.bias"));
    arrays[`${theirs}.linear1.weight`] = matrix(own("units.input.kernel"), width, feedForward);
    arrays[`${theirs}.linear1.bias`] = vector(own("units.input.bias"));
    arrays[`${theirs}.linear2.weight`] = matrix(own("units.output.kernel"), feedForward, width);
    arrays[`${theirs}.linear2.bias`] = vector(own("units.output.bias"));
    arrays[`${theirs}.norm1.weight`] = vector(own("attention.norm.gain"));
    arrays[`${theirs}.norm1.bias`] = vector(own("attention.norm.bias"));
    arrays[`${theirs}.norm2.weight`] = vector(own("units.norm.gain"));
    arrays[`${theirs}.norm2.bias`] = vector(own("units.norm.bias"));
  }
  return arrays;
}
