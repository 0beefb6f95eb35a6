/**
 * Cholesky's factor L of a symmetric positive definite matrix A = L·Lᵀ.
 *
 * @param a - size × size, row by row; only the lower triangle is read
 * @param size - rows of it
 * @returns lower triangle of L, row by row
 */
export function choleskyFactor(a: Float64Array, size: number): Float64Array {
  const factor = Float64Array.from(a);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = factor[j * size + k]!;
      for (let m = 0; m < k; m++) sum -= factor[j * size + m]! * factor[k * size + m]!;
      // The floor keeps a direction without curvature (all probabilities 0 or 1) from dividing by 0.
      factor[j * size + k] =
        j === k ? Math.sqrt(Math.max(sum, 1e-12)) : sum / factor[k * size + k]!;
    }
  }
  return factor;
}

/** Solves L·Lᵀ·x = b, given the factor L of `choleskyFactor`. */
export function choleskySolve(factor: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let j = 0; j < size; j++) {
    for (let m = 0; m < j; m++) x[j]! -= factor[j * size + m]! * x[m]!;
    x[j]! /= factor[j * size + j]!;
  }
  for (let j = size - 1; j >= 0; j--) {
    for (let m = j + 1; m < size; m++) x[j]! -= factor[m * size + j]! * x[m]!;
    x[j]! /= factor[j * size + j]!;
  }
  return x;
}
