// Matrices in double precision in the TensorFlow library, which knows the type though tfjs does not.
import type { TensorflowJs } from "./tensorflow.js";

/** A matrix that the library holds, by its number there. */
export interface NativeMatrix {
  readonly id: number;
  readonly rows: number;
  readonly columns: number;
}

/** Double-precision operations of the library. What they return is held until it is freed. */
export interface NativeDoubles {
  /** Copies or shares values, row by row: they must not change before the matrix is freed. */
  readonly matrix: (values: Float64Array, rows: number, columns: number) => NativeMatrix;
  /** A·B, or Aᵀ·B. */
  readonly product: (
    a: NativeMatrix,
    b: NativeMatrix,
    options?: { readonly isTransposed: boolean },
  ) => NativeMatrix;
  /** Each row of the first times the value of that row in the second, a column. */
  readonly scaled: (a: NativeMatrix, column: NativeMatrix) => NativeMatrix;
  /** The values, row by row; the matrix is freed. */
  readonly taken: (matrix: NativeMatrix) => Float64Array;
  readonly free: (matrix: NativeMatrix) => void;
}

interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** The addon under tfjs: any operation of the library, on tensors by their numbers. */
interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  createTensor(shape: readonly number[], type: number, values: Float32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly { readonly id: number }[];
}

/** The library's own number for the type (`TF_DOUBLE` of its C interface). */
const DOUBLE = 2;

/**
 * Double-precision matrices on the native backend. Values go in and out as pairs of single-precision numbers, which the
 * library reads as the doubles that they are the bits of (`Bitcast`): nothing is rounded.
 *
 * @param tf - with the native backend
 */
export function nativeDoubles(tf: TensorflowJs): NativeDoubles {
  const { binding } = tf.backend() as unknown as { readonly binding: Binding };
  const { TF_FLOAT, TF_ATTR_TYPE, TF_ATTR_BOOL } = binding;
  const type = (name: string, value: number): OpAttribute => ({ name, type: TF_ATTR_TYPE, value });
  const flag = (name: string, value: boolean): OpAttribute => ({
    name,
    type: TF_ATTR_BOOL,
    value,
  });
  const run = (name: string, attributes: readonly OpAttribute[], ids: readonly number[]): number =>
    binding.executeOp(name, attributes, ids, 1)[0]!.id;
  /** The same bits under another type; the tensor is freed, the result is not. */
  const bitcast = (id: number, from: number, to: number): number => {
    try {
      return run("Bitcast", [type("T", from), type("type", to)], [id]);
    } finally {
      binding.deleteTensor(id);
    }
  };
  return {
    matrix: (values, rows, columns) => {
      const halves = new Float32Array(values.buffer, values.byteOffset, 2 * values.length);
      const id = binding.createTensor([rows, columns, 2], TF_FLOAT, halves);
      return { id: bitcast(id, TF_FLOAT, DOUBLE), rows, columns };
    },
    product: (a, b, { isTransposed } = { isTransposed: false }) => {
      const flags = [flag("transpose_a", isTransposed), flag("transpose_b", false)];
      const id = run("MatMul", [type("T", DOUBLE), ...flags], [a.id, b.id]);
      return { id, rows: isTransposed ? a.columns : a.rows, columns: b.columns };
    },
    scaled: (a, column) => ({
      id: run("Mul", [type("T", DOUBLE)], [a.id, column.id]),
      rows: a.rows,
      columns: a.columns,
    }),
    taken: ({ id, rows, columns }) => {
      const halves = bitcast(id, DOUBLE, TF_FLOAT);
      try {
        const { buffer, byteOffset } = binding.tensorDataSync(halves);
        return new Float64Array(buffer, byteOffset, rows * columns);
      } finally {
        binding.deleteTensor(halves);
      }
    },
    free: ({ id }) => binding.deleteTensor(id),
  };
}
