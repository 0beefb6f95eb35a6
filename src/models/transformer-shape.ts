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
    const block: typeof arrays = [
      ["attention.norm.gain", [width]],
      ["attention.norm.bias", [width]],
      ["attention.query.kernel", [width, width]],
      ["attention.key.kernel", [width, width]],
      ["attention.value.kernel", [width, width]],
      ["attention.output.kernel", [width, width]],
      ["attention.output.bias", [width]],
      ["units.norm.gain", [width]],
      ["units.norm.bias", [width]],
      ["units.input.kernel", [width, feedForward]],
      ["units.input.bias", [feedForward]],
      ["units.output.kernel", [feedForward, width]],
      ["units.output.bias", [width]],
    ];
    arrays.push(...block.map(([name, shape]) => [`block${layer}.${name}`, shape] as const));
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
