import type { Batch } from "./network.js";
import { type StandardScaler, scaleRows } from "./standard-scaler.js";

/** A batch of windows, step by step: steps × count × inputs. */
export interface Windows {
  readonly values: Float32Array;
  readonly count: number;
}

/** Windows as a network of such sizes is asked about them. */
export function batchOf(
  { steps, inputSize }: { readonly steps: number; readonly inputSize: number },
  { values, count }: Windows,
): Batch {
  return { values, shape: [steps, count, inputSize] };
}

/**
 * Cuts the windows that end at given rows out of the inputs, scaled, step by step as sequence models read them. Only the
 * batch is copied.
 *
 * @param inputs - rows × width, row by row, NaN where missing
 * @param ends - row number of each window's last step; the steps before it are the rows before it
 * @param steps - length of a window
 * @param options.into - memory for them, at least steps × ends × width long; default new memory
 * @returns steps × ends × width
 */
export function gatherWindows(
  scaler: StandardScaler,
  inputs: Float32Array,
  ends: Uint32Array,
  steps: number,
  { into }: { readonly into?: Float32Array } = {},
): Windows {
  const width = scaler.mean.length;
  const count = ends.length;
  const size = steps * count * width;
  const values = into?.subarray(0, size) ?? new Float32Array(size);
  const stride = count * width;
  // A window's rows lie one after the other in the inputs, and are read so.
  for (let i = 0; i < count; i++) {
    const rows = { first: ends[i]! - steps + 1, count: steps };
    scaleRows(scaler, inputs, rows, values, { at: i * width, stride });
  }
  return { values, count };
}
