// The products of a design in the native library, some rows at a time.
import type { Design } from "./design.js";
import { type NativeMatrix, nativeDoubles } from "./native-doubles.js";
import type { TensorflowJs } from "./tensorflow.js";

/** Values of a block of rows: 32 MiB, what a product needs beside the inputs. */
const BLOCK_VALUES = 2 ** 22;

interface Block {
  readonly start: number;
  readonly end: number;
  readonly matrix: NativeMatrix;
}

/**
 * The products by the native TensorFlow library. Sums over blocks are added up in their order, so that the bits do not
 * depend on what else the machine does.
 *
 * @param tf - with the native backend
 * @param inputs - rows × width, row by row; must not change before `dispose`. The library copies them unless they are
 *   `alignedDoubles`
 */
export function nativeDesign(tf: TensorflowJs, inputs: Float64Array, width: number): Design {
  const doubles = nativeDoubles(tf);
  const rows = inputs.length / width;
  const size = width + 1;
  // Blocks of a multiple of 8 rows begin at a multiple of 64 bytes where the inputs do.
  const step = 8 * Math.max(1, Math.floor(BLOCK_VALUES / width / 8));
  const blocks: Block[] = [];
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(rows, start + step);
    const values = inputs.subarray(start * width, end * width);
    blocks.push({ start, end, matrix: doubles.matrix(values, end - start, width) });
  }
  /** Frees what it made also where the library refuses. */
  const using = <Result>(matrix: NativeMatrix, use: (matrix: NativeMatrix) => Result): Result => {
    try {
      return use(matrix);
    } finally {
      doubles.free(matrix);
    }
  };
  const columnSums = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(size);
    for (const { start, end, matrix } of blocks) {
      const part = values.subarray(start, end);
      using(doubles.matrix(part, 1, end - start), (row) => {
        addTo(sums, doubles.taken(doubles.product(row, matrix)));
      });
      for (let i = 0; i < part.length; i++) sums[width]! += part[i]!;
    }
    return sums;
  };
  return {
    rows,
    size,
    logits: (theta) => {
      const logits = new Float64Array(rows);
      using(doubles.matrix(theta.slice(0, width), width, 1), (weights) => {
        for (const { start, matrix } of blocks) {
          logits.set(doubles.taken(doubles.product(matrix, weights)), start);
        }
      });
      const intercept = theta[width]!;
      for (let i = 0; i < rows; i++) logits[i]! += intercept;
      return logits;
    },
    columnSums,
    gram: (values) => {
      const squares = new Float64Array(width * width);
      for (const { start, end, matrix } of blocks) {
        using(doubles.matrix(values.subarray(start, end), end - start, 1), (column) => {
          using(doubles.scaled(matrix, column), (scaled) => {
            const product = doubles.product(matrix, scaled, { isTransposed: true });
            addTo(squares, doubles.taken(product));
          });
        });
      }
      return bordered(squares, columnSums(values));
    },
    dispose: () => {
      for (const { matrix } of blocks.splice(0)) doubles.free(matrix);
    },
  };
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let j = 0; j < values.length; j++) sums[j]! += values[j]!;
}

/** The products of the inputs with a last row for those with the column of ones. */
function bordered(squares: Float64Array, last: Float64Array): Float64Array {
  const size = last.length;
  const width = size - 1;
  const all = new Float64Array(size * size);
  for (let j = 0; j < width; j++) all.set(squares.subarray(j * width, (j + 1) * width), j * size);
  all.set(last, width * size);
  return all;
}
