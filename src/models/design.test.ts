import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { designOf } from "./design.js";
import { nativeDesign } from "./native-design.js";
import { plainDesign } from "./plain-design.js";
import { loadTensorflow, type Tensorflow, type TensorflowJs } from "./tensorflow.js";

function normals(length: number, name: string): Float64Array {
  const random = seededRandom(5, name);
  return new Float64Array(length).map(() => random.normal());
}

/** Compares whole columns at once, where `toEqual` takes seconds. */
function haveSameBits(a: Float64Array, b: Float64Array): boolean {
  return Buffer.compare(new Uint8Array(a.buffer), new Uint8Array(b.buffer)) === 0;
}

function lowerTriangle(matrix: Float64Array, size: number): readonly number[] {
  return [...matrix].filter((_, at) => at % size <= Math.floor(at / size));
}

/** Tensors that the library made and deleted meanwhile; tfjs does not know of them all. */
function counted(tf: TensorflowJs, work: () => void): { made: number; deleted: number } {
  type Binding = Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const counts = { made: 0, deleted: 0 };
  const counting = (name: string, kind: keyof typeof counts) => ({
    value: (...values: readonly unknown[]) => {
      counts[kind]++;
      return binding[name]!(...values);
    },
  });
  backend.binding = Object.create(binding, {
    createTensor: counting("createTensor", "made"),
    executeOp: counting("executeOp", "made"),
    deleteTensor: counting("deleteTensor", "deleted"),
  });
  try {
    work();
  } finally {
    backend.binding = binding;
  }
  return counts;
}

test("the products by hand", () => {
  // X = [[1, 2, 1], [3, 4, 1]]
  const design = plainDesign(Float64Array.of(1, 2, 3, 4), 2);
  expect([design.rows, design.size]).toEqual([2, 3]);
  expect([...design.logits(Float64Array.of(10, 100, 1000))]).toEqual([1210, 1430]);
  expect([...design.columnSums(Float64Array.of(10, 1))]).toEqual([13, 24, 11]);
  expect(lowerTriangle(design.gram(Float64Array.of(10, 1)), 3)).toEqual([19, 32, 56, 13, 24, 11]);
});

describe("native", () => {
  let tensorflow: Tensorflow;
  beforeAll(async () => {
    tensorflow = await loadTensorflow();
  });
  beforeEach(({ skip }) => {
    if (tensorflow.backend !== "native") skip();
  });

  // 270,000 rows of 16 values do not fit into one block.
  const width = 16;
  const inputs = normals(270_000 * width, "inputs");
  const values = normals(270_000, "values").map(Math.abs);

  test("the products are those of plain loops, over several blocks of rows", () => {
    const native = nativeDesign(tensorflow.tf, inputs, width);
    const plain = plainDesign(inputs, width);
    const theta = normals(width + 1, "theta");
    const pairs = [
      [native.logits(theta), plain.logits(theta)],
      [native.columnSums(values), plain.columnSums(values)],
      [native.gram(values), plain.gram(values)].map((gram) => lowerTriangle(gram, width + 1)),
    ];
    native.dispose();
    for (const [a, b] of pairs) {
      expect(a!.length).toBe(b!.length);
      let worst = 0;
      for (let i = 0; i < a!.length; i++) worst = Math.max(worst, Math.abs(a![i]! - b![i]!));
      // Sums of 270,000 doubles near one.
      expect(worst).toBeLessThan(1e-8);
    }
  });

  test("the same product has the same bits each time", () => {
    const design = nativeDesign(tensorflow.tf, inputs, width);
    const gram = design.gram(values);
    const sums = design.columnSums(values);
    for (let again = 0; again < 5; again++) {
      expect(design.gram(values)).toEqual(gram);
      expect(design.columnSums(values)).toEqual(sums);
    }
    design.dispose();
  });

  test("nothing is left in the library", () => {
    const { tf } = tensorflow;
    const { numTensors } = tf.memory();
    const counts = counted(tf, () => {
      const design = nativeDesign(tf, inputs, width);
      design.gram(values);
      design.columnSums(values);
      design.logits(new Float64Array(width + 1));
      design.dispose();
    });
    expect(counts.made).toBeGreaterThan(10);
    expect(counts.deleted).toBe(counts.made);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test("large matrices are multiplied by the library, small ones by plain code", async () => {
    const theta = normals(width + 1, "theta");
    const large = await designOf(inputs, width);
    const native = nativeDesign(tensorflow.tf, inputs, width);
    // The order of sums shows in the last bits.
    expect(haveSameBits(large.logits(theta), native.logits(theta))).toBe(true);
    expect(large.gram(values)).toEqual(native.gram(values));
    large.dispose();
    native.dispose();
    const few = inputs.subarray(0, 1000 * width);
    const small = await designOf(few, width);
    expect(small.gram(values)).toEqual(plainDesign(few, width).gram(values));
    expect(small.gram(values)).not.toEqual(nativeDesign(tensorflow.tf, few, width).gram(values));
  });
});
