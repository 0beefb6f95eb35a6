import { OptionError } from "../core/errors.js";
import { headArrays } from "./head.js";
import { parameterLayout, type Slot } from "./parameter-layout.js";

/** How steps are told apart: by a table that is learned, or by sines of their number. */
export const POSITIONS = ["learned", "sinusoidal"] as const;

/** Sizes that fix a Transformer's parameters. */
export interface TransformerShape {
  /** Inputs of one step. */
  readonly inputSize: number;
  /** Steps of a window, the last one being the bar that is predicted from. */
  readonly steps: number;
  /** Numbers that stand for a step in the stream through the blocks. */
  readonly width: number;
  /** Equal parts of the width that attend apart from each other. */
  readonly heads: number;
  /** Blocks on top of each other. */
  readonly layers: number;
  /** Rectified units of each block. */
  readonly feedForward: number;
  readonly positions: (typeof POSITIONS)[number];
}

/** Arrays of one block, in their order: the fused operation takes and gives them so. */
export const BLOCK_ARRAYS = [
  "attention.norm.gain",
  "attention.norm.bias",
  "attention.query.kernel",
  "attention.key.kernel",
  "attention.value.kernel",
  "attention.output.kernel",
  "attention.output.bias",
  "units.norm.gain",
  "units.norm.bias",
  "units.input.kernel",
  "units.input.bias",
  "units.output.kernel",
  "units.output.bias",
] as const;

/** Name of an array within its block. */
export type BlockArray = (typeof BLOCK_ARRAYS)[number];

/** Places of all arrays in the parameter vector: input, positions where they are learned, block by block, then the head. */
export function transformerLayout({
  inputSize,
  steps,
  width,
  layers,
  feedForward,
  positions,
}: TransformerShape): readonly Slot[] {
  const arrays: (readonly [name: string, shape: readonly number[]])[] = [
    ["input.kernel", [inputSize, width]],
    ["input.bias", [width]],
  ];
  if (positions === "learned") arrays.push(["positions", [steps, width]]);
  for (let layer = 0; layer < layers; layer++) {
    const sizes = { width: [width], square: [width, width], units: [feedForward] };
    const block: Readonly<Record<BlockArray, readonly number[]>> = {
      "attention.norm.gain": sizes.width,
      "attention.norm.bias": sizes.width,
      "attention.query.kernel": sizes.square,
      "attention.key.kernel": sizes.square,
      "attention.value.kernel": sizes.square,
      "attention.output.kernel": sizes.square,
      "attention.output.bias": sizes.width,
      "units.norm.gain": sizes.width,
      "units.norm.bias": sizes.width,
      "units.input.kernel": [width, feedForward],
      "units.input.bias": sizes.units,
      "units.output.kernel": [feedForward, width],
      "units.output.bias": sizes.width,
    };
    for (const name of BLOCK_ARRAYS) arrays.push([`block${layer}.${name}`, block[name]]);
  }
  arrays.push(["norm.gain", [width]], ["norm.bias", [width]], ...headArrays(width, inputSize));
  return parameterLayout(arrays);
}

/** @throws {OptionError} the heads are no equal parts of the width */
export function requireHeads({ width, heads }: Pick<TransformerShape, "width" | "heads">): void {
  if (Number.isInteger(width / heads)) return;
  throw new OptionError({
    column: "heads",
    message: `was ${heads}, which does not divide the width ${width}`,
    fix: "choose a width that is a multiple of the heads",
  });
}
