// What does a linear fit ask of its inputs? Three products of the matrix X, whose last column is a one for the intercept.
import { nativeDesign } from "./native-design.js";
import { plainDesign } from "./plain-design.js";
import { loadTensorflow } from "./tensorflow.js";

/** The products of X, rows × size; the column of ones is not stored. All are in double precision. */
export interface Design {
  readonly rows: number;
  /** Inputs and the one. */
  readonly size: number;
  /** X·θ: one value a row. */
  readonly logits: (theta: Float64Array) => Float64Array;
  /** Xᵀ·v: one value a column. */
  readonly columnSums: (values: Float64Array) => Float64Array;
  /** Xᵀ·diag(v)·X, size × size, row by row; only the lower triangle is to be read. */
  readonly gram: (values: Float64Array) => Float64Array;
  /** Gives back what the library holds. */
  readonly dispose: () => void;
}

/** Multiplications of one `gram` from which on the library wins, what it takes to load included. */
const NATIVE_WORK = 5e7;

/**
 * Products in the native TensorFlow library, where there is one and the matrix is large enough for that to pay; else in plain
 * code. The same machine and matrix always give the same bits.
 *
 * @param inputs - rows × width, row by row; must not change before `dispose`
 * @param width - inputs of a row
 */
export async function designOf(inputs: Float64Array, width: number): Promise<Design> {
  if (inputs.length * width < NATIVE_WORK) return plainDesign(inputs, width);
  const { tf, backend } = await loadTensorflow();
  return backend === "native" ? nativeDesign(tf, inputs, width) : plainDesign(inputs, width);
}
