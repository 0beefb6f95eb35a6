// Where do the arrays of a network lie in its one vector of parameters?
import type { Tensor } from "@tensorflow/tfjs";
import type { Random } from "../core/random.js";
import type { TensorflowJs } from "./tensorflow.js";

/** Where a named array lies in the parameter vector. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
  /** Weight decay acts on matrices, not on biases. */
  readonly isDecayed: boolean;
}

/** Lays arrays out one after the other, in the order of their names. */
export function parameterLayout(
  arrays: readonly (readonly [name: string, shape: readonly number[]])[],
): readonly Slot[] {
  let start = 0;
  return arrays.map(([name, shape]) => {
    const end = start + shape.reduce((product, size) => product * size, 1);
    const slot = { name, shape, start, end, isDecayed: shape.length > 1 };
    start = end;
    return slot;
  });
}

/** Length of the parameter vector. */
export function parameterCount(layout: readonly Slot[]): number {
  return layout.at(-1)?.end ?? 0;
}

/** Tensors of all arrays in the order of the layout; the caller disposes of them. */
export function parameterTensors(
  tf: TensorflowJs,
  layout: readonly Slot[],
  parameters: Float32Array,
): Tensor[] {
  return layout.map(({ start, end, shape }) => tf.tensor(parameters.slice(start, end), [...shape]));
}

/** Fills initial weights with uniform draws in ± a bound. */
export function fillUniform(values: Float32Array, bound: number, random: Random): void {
  for (let i = 0; i < values.length; i++) values[i] = bound * (2 * random.uniform() - 1);
}
