// How are inputs brought to one scale? By mean and deviation of the training rows alone.
import { DataError } from "../core/errors.js";

/** Mean and deviation of each input over the training rows; all arrays have one entry per input. */
export interface StandardScaler {
  readonly mean: Float64Array;
  /** Population deviation; 1 where the input was constant, so that it becomes 0. */
  readonly deviation: Float64Array;
}

/** Scaled inputs beyond ± this are cut: one outlier must not carry a linear model away. */
const CLIP = 8;

/**
 * Fits mean and deviation of each input; missing values are left out.
 *
 * @param inputs - rows × names, row by row, NaN where missing
 * @param names - the inputs' names
 * @param rows - numbers of the training rows; no other row is looked at
 * @param options.allowsEmpty - leaves an input without any value as it is
 * @throws {DataError} there are no rows, or an input has no value in any of them
 */
export function fitStandardScaler(
  inputs: Float32Array,
  names: readonly string[],
  rows: Uint32Array,
  { allowsEmpty = false }: { readonly allowsEmpty?: boolean } = {},
): StandardScaler {
  const width = names.length;
  const count = new Float64Array(width);
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (const row of rows) {
    for (let j = 0; j < width; j++) {
      const value = inputs[row * width + j]!;
      if (Number.isNaN(value)) continue;
      // Welford: mean += δ/n, squares += δ·(x − mean)
      count[j]!++;
      const delta = value - mean[j]!;
      mean[j]! += delta / count[j]!;
      deviation[j]! += delta * (value - mean[j]!);
    }
  }
  for (let j = 0; j < width; j++) {
    if (count[j] === 0 && !allowsEmpty) {
      throw new DataError({
        column: names[j]!,
        message: `had no value in any of the ${rows.length} training rows`,
        fix: "leave the feature out, or give more data before the test period",
      });
    }
    deviation[j] = Math.sqrt(deviation[j]! / count[j]!) || 1;
  }
  return { mean, deviation };
}

/** The scaler that leaves values as they are, for rules that read an input's sign: a missing value becomes 0. */
export function identityScaler(width: number): StandardScaler {
  return { mean: new Float64Array(width), deviation: new Float64Array(width).fill(1) };
}

/**
 * Scales one row: (x − mean)/deviation, cut at ±8; a missing value becomes 0, the training mean.
 *
 * @param inputs - rows × width, row by row
 * @param row - which of them
 * @param out - where the scaled row goes
 * @param at - from which place of `out`
 */
export function scaleRow(
  scaler: StandardScaler,
  inputs: Float32Array,
  row: number,
  out: Float32Array | Float64Array,
  at: number,
): void {
  scaleRows(scaler, inputs, { first: row, count: 1 }, out, { at, stride: 0 });
}

/**
 * Scales rows that follow each other, each as `scaleRow` does.
 *
 * @param rows - the first of them, and how many
 * @param out - where the scaled rows go
 * @param to.at - place of the first in `out`
 * @param to.stride - from the place of a row to that of the next
 */
export function scaleRows(
  { mean, deviation }: StandardScaler,
  inputs: Float32Array,
  { first, count }: { readonly first: number; readonly count: number },
  out: Float32Array | Float64Array,
  { at, stride }: { readonly at: number; readonly stride: number },
): void {
  const width = mean.length;
  for (let k = 0; k < count; k++) {
    const from = (first + k) * width;
    const to = at + k * stride;
    for (let j = 0; j < width; j++) {
      const scaled = (inputs[from + j]! - mean[j]!) / deviation[j]!;
      // Nearly all lie within, and a missing one lies nowhere: one look is enough for the most.
      out[to + j] =
        scaled >= -CLIP && scaled <= CLIP
          ? scaled
          : scaled > CLIP
            ? CLIP
            : scaled < -CLIP
              ? -CLIP
              : 0;
    }
  }
}
