/**
 * Inverse of a symmetric positive definite 3 × 3 matrix, by cofactors.
 *
 * @param m - 9 numbers, row by row
 * @param out - 9 numbers, overwritten
 */
export function invert3(m: Float64Array, out: Float64Array): void {
  const [a, b, c, , e, f, , , i] = m as unknown as readonly number[];
  const A = e! * i! - f! * f!;
  const B = c! * f! - b! * i!;
  const C = b! * f! - c! * e!;
  const determinant = a! * A + b! * B + c! * C;
  out[0] = A / determinant;
  out[1] = out[3] = B / determinant;
  out[2] = out[6] = C / determinant;
  out[4] = (a! * i! - c! * c!) / determinant;
  out[5] = out[7] = (b! * c! - a! * f!) / determinant;
  out[8] = (a! * e! - b! * b!) / determinant;
}

/**
 * Product of a 3 × 3 matrix and a vector.
 *
 * @param m - 9 numbers, row by row
 * @param v - 3 numbers
 * @param out - 3 numbers, overwritten; not `v` itself
 */
export function multiply3(m: Float64Array, v: Float64Array, out: Float64Array): void {
  for (let row = 0; row < 3; row++) {
    out[row] = m[3 * row]! * v[0]! + m[3 * row + 1]! * v[1]! + m[3 * row + 2]! * v[2]!;
  }
}
