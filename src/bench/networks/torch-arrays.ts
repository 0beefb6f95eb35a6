import type { Slot } from "../../models/parameter-layout.js";
import type { StoredArray } from "../../models/safetensors.js";

/** A matrix of rows × columns with them changed over, as PyTorch's linear layers keep it: one row an output. */
export function transposed(values: Float32Array, rows: number, columns: number): StoredArray {
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!;
  }
  return { shape: [columns, rows], values: out };
}

/** The values of one array in a network's vector of parameters. */
export function arrayNamed(
  layout: readonly Slot[],
  parameters: Float32Array,
  name: string,
): Float32Array {
  const slot = layout.find((one) => one.name === name);
  if (slot === undefined) throw new Error(`the network has no array "${name}"`);
  return parameters.subarray(slot.start, slot.end);
}
