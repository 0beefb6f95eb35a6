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
  const whole = rows - (rows % 4);
  const columnSums = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(size);
    for (let i = 0; i < whole; i += 4) {
      const [a, b, c, d] = [values[i]!, values[i + 1]!, values[i + 2]!, values[i + 3]!];
      addFour(sums, 0, width, inputs, i * width, width, a, b, c, d);
    }
    for (let i = whole; i < rows; i++) addOne(sums, 0, width, inputs, i * width, values[i]!);
    for (const value of values) sums[width]! += value;
    return sums;
  };
  return {
    rows,
    size,
    logits: (theta) => plainLogits(inputs, theta),
    columnSums,
    gram: (values) => {
      const products = new Float64Array(size * size);
      for (let i = 0; i < whole; i += 4) {
        const at = i * width;
        for (let j = 0; j < width; j++) {
          const a = values[i]! * inputs[at + j]!;
          const b = values[i + 1]! * inputs[at + width + j]!;
          const c = values[i + 2]! * inputs[at + 2 * width + j]!;
          const d = values[i + 3]! * inputs[at + 3 * width + j]!;
          addFour(products, j * size, j + 1, inputs, at, width, a, b, c, d);
        }
      }
      for (let i = whole; i < rows; i++) {
        const at = i * width;
        for (let j = 0; j < width; j++) {
          addOne(products, j * size, j + 1, inputs, at, values[i]! * inputs[at + j]!);
        }
      }
      products.set(columnSums(values), width * size);
      return products;
    },
    dispose: () => {},
  };
}

/**
 * Adds four neighbouring rows, each by a weight, to sums, which are then read and written a quarter as often as row by row;
 * they get the same terms in the same order. Plain numbers, since this is the innermost work of a fit.
 */
function addFour(
  sums: Float64Array,
  place: number,
  columns: number,
  inputs: Float64Array,
  at: number,
  width: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  for (let k = 0; k < columns; k++) {
    const from = at + k;
    let sum = sums[place + k]! + a * inputs[from]!;
    sum += b * inputs[from + width]!;
    sum += c * inputs[from + 2 * width]!;
    sums[place + k] = sum + d * inputs[from + 3 * width]!;
  }
}

function addOne(
  sums: Float64Array,
  place: number,
  columns: number,
  inputs: Float64Array,
  at: number,
  weight: number,
): void {
  for (let k = 0; k < columns; k++) sums[place + k]! += weight * inputs[at + k]!;
}

/** X·θ by a plain loop, four rows side by side: the last entry of θ is the intercept. */
export function plainLogits(inputs: Float64Array, theta: Float64Array): Float64Array {
  const width = theta.length - 1;
  const logits = new Float64Array(inputs.length / width);
  const whole = logits.length - (logits.length % 4);
  for (let i = 0; i < whole; i += 4) {
    const at = i * width;
    let [a, b, c, d] = [theta[width]!, theta[width]!, theta[width]!, theta[width]!];
    for (let j = 0; j < width; j++) {
      const value = theta[j]!;
      a += inputs[at + j]! * value;
      b += inputs[at + width + j]! * value;
      c += inputs[at + 2 * width + j]! * value;
      d += inputs[at + 3 * width + j]! * value;
    }
    logits[i] = a;
    logits[i + 1] = b;
    logits[i + 2] = c;
    logits[i + 3] = d;
  }
  for (let i = whole; i < logits.length; i++) {
    let logit = theta[width]!;
    for (let j = 0; j < width; j++) logit += inputs[i * width + j]! * theta[j]!;
    logits[i] = logit;
  }
  return logits;
}
