// The products of a design by plain loops: for small matrices, and where there is no native library.
import type { Design } from "./design.js";

/**
 * The products by plain loops.
 *
 * @param inputs - rows × width, row by row
 */
export function plainDesign(inputs: Float64Array, width: number): Design {
  const rows = inputs.length / width;
  const size = width + 1;
  return {
    rows,
    size,
    logits: (theta) => plainLogits(inputs, theta),
    columnSums: (values) => {
      const sums = new Float64Array(size);
      for (let i = 0, at = 0; i < rows; i++, at += width) {
        const value = values[i]!;
        for (let j = 0; j < width; j++) sums[j]! += value * inputs[at + j]!;
        sums[width]! += value;
      }
      return sums;
    },
    gram: (values) => {
      const products = new Float64Array(size * size);
      const row = new Float64Array(size).fill(1);
      for (let i = 0; i < rows; i++) {
        row.set(inputs.subarray(i * width, (i + 1) * width));
        for (let j = 0; j < size; j++) {
          const weighted = values[i]! * row[j]!;
          for (let k = 0; k <= j; k++) products[j * size + k]! += weighted * row[k]!;
        }
      }
      return products;
    },
    dispose: () => {},
  };
}

/** X·θ by a plain loop: the last entry of θ is the intercept. */
export function plainLogits(inputs: Float64Array, theta: Float64Array): Float64Array {
  const width = theta.length - 1;
  const logits = new Float64Array(inputs.length / width);
  for (let i = 0, at = 0; i < logits.length; i++, at += width) {
    let logit = theta[width]!;
    for (let j = 0; j < width; j++) logit += inputs[at + j]! * theta[j]!;
    logits[i] = logit;
  }
  return logits;
}
