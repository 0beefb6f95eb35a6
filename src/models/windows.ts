import { type StandardScaler, scaleRow } from "./standard-scaler.js";

/** A batch of windows, step by step: steps × count × inputs. */
export interface Windows {
  readonly values: Float32Array;
  readonly count: number;
}

/**
 * Cuts the windows that end at given rows out of the inputs, scaled, step by step as sequence models read them. Only the
 * batch is copied.
 *
 * @param inputs - rows × width, row by row, NaN where missing
 * @param ends - row number of each window's last step; the steps before it are the rows before it
 * @param steps - length of a window
 * @returns steps × ends × width
 */
export function gatherWindows(
  scaler: StandardScaler,
  inputs: Float32Array,
  ends: Uint32Array,
  steps: number,
): Windows {
  const width = scaler.mean.length;
  const count = ends.length;
  const values = new Float32Array(steps * count * width);
  for (let step = 0; step < steps; step++) {
    const back = steps - 1 - step;
    for (let i = 0; i < count; i++) {
      scaleRow(scaler, inputs, ends[i]! - back, values, (step * count + i) * width);
    }
  }
  return { values, count };
}
