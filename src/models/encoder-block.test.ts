import type { Tensor, Tensor3D } from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { type BlockKernel, blockKernel, encoderBlock } from "./encoder-block.js";
import { loadTensorflow, type TensorflowJs } from "./tensorflow.js";
import { BLOCK_ARRAYS, type BlockArray } from "./transformer-shape.js";

interface Sizes {
  readonly steps: number;
  readonly count: number;
  readonly width: number;
  readonly heads: number;
  readonly units: number;
}

/**
 * Around what the fused operation takes at a time: 16 groups of windows, 12, 6 or 4 rows, 32, 16 or 8 columns. Not larger: of
 * many rectified units some lie so near to 0 that rounding moves their slope from 1 to 0.
 */
const SIZES: readonly Sizes[] = [
  { steps: 1, count: 1, width: 2, heads: 1, units: 1 },
  { steps: 5, count: 3, width: 8, heads: 2, units: 12 },
  { steps: 7, count: 17, width: 6, heads: 3, units: 5 },
  { steps: 60, count: 4, width: 33, heads: 1, units: 70 },
  { steps: 9, count: 20, width: 64, heads: 4, units: 40 },
];

let tf: TensorflowJs;
beforeAll(async () => {
  ({ tf } = await loadTensorflow());
});

/** Uniform draws, of variance 1/width where they multiply a row, away from 0 where they are gains. */
function arraysOf({ width, units }: Sizes): Readonly<Record<BlockArray, Tensor>> {
  const random = seededRandom(7, "arrays");
  const entries = BLOCK_ARRAYS.map((name) => {
    const rows = name === "units.output.kernel" ? units : width;
    const columns = name.startsWith("units.input") ? units : width;
    const shape = name.endsWith("kernel") ? [rows, columns] : [columns];
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const scale = name.endsWith("kernel") ? Math.sqrt(3 / rows) : 0.5;
    const centre = name.endsWith("gain") ? 1 : 0;
    return [
      name,
      tf.tensor(
        values.map(() => centre + scale * (2 * random.uniform() - 1)),
        shape,
      ),
    ];
  });
  return Object.fromEntries(entries) as Record<BlockArray, Tensor>;
}

/** What comes out, and gradients of Σ slope·out by x and all arrays. */
function pass(
  how: BlockKernel,
  sizes: Sizes,
  { isLast, isDropped }: { readonly isLast: boolean; readonly isDropped: boolean },
): readonly Float32Array[] {
  const { steps, count, width, heads } = sizes;
  const random = seededRandom(11, "stream");
  const normals = (shape: [number, number, number]): Tensor3D =>
    tf.tensor3d(
      new Float32Array(shape[0] * shape[1] * shape[2]).map(() => random.normal()),
      shape,
    );
  return tf.tidy(() => {
    const x = normals([steps, count, width]);
    const slope = normals([isLast ? 1 : steps, count, width]);
    const keep = tf.mul(2, tf.step(normals([2, count, width]))) as Tensor3D;
    const arrays = arraysOf(sizes);
    let out: Float32Array = new Float32Array(0);
    const gradients = tf.grads((...given: Tensor[]) => {
      const own = BLOCK_ARRAYS.map((name, i) => [name, given[i + 1]!]);
      const stream = encoderBlock(tf, how, {
        x: given[0] as Tensor3D,
        arrays: Object.fromEntries(own) as Record<BlockArray, Tensor>,
        heads,
        isLast,
        keep: isDropped ? keep : undefined,
        weights: undefined,
      });
      out = stream.dataSync<"float32">() as Float32Array;
      return tf.sum(tf.mul(stream, slope));
    })([x, ...Object.values(arrays)]);
    return [out, ...gradients.map((one) => one.dataSync<"float32">() as Float32Array)];
  });
}

test("the fused operation gives what plain ones give, forward and backward, at every size", () => {
  expect(blockKernel(tf)).toBe("fused");
  for (const sizes of SIZES) {
    for (const isLast of [false, true]) {
      for (const isDropped of [false, true]) {
        const options = { isLast, isDropped };
        const plain = pass("plain", sizes, options);
        const fused = pass("fused", sizes, options);
        plain.forEach((values, i) => {
          const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
          const gap = values.reduce((most, v, j) => Math.max(most, Math.abs(v - fused[i]![j]!)), 0);
          const what = `${JSON.stringify({ ...sizes, ...options })} ${BLOCK_ARRAYS[i - 2] ?? i}`;
          expect(gap / largest, what).toBeLessThan(2e-5);
        });
      }
    }
  }
});

test("the last step's result is that of all steps, and so is its gradient", () => {
  const sizes = SIZES[1]!;
  const { count, width, steps } = sizes;
  const [all] = pass("fused", sizes, { isLast: false, isDropped: false });
  const [last] = pass("fused", sizes, { isLast: true, isDropped: false });
  expect([...last!]).toEqual([...all!.subarray((steps - 1) * count * width)]);
});

test("a window's result does not depend on the windows beside it", () => {
  const sizes = SIZES[2]!;
  const arrays = arraysOf(sizes);
  const x = tf.randomNormal(
    [sizes.steps, sizes.count, sizes.width],
    0,
    1,
    "float32",
    3,
  ) as Tensor3D;
  const run = (of: Tensor3D): Tensor3D =>
    encoderBlock(tf, "fused", {
      ...{ x: of, arrays, heads: sizes.heads },
      ...{ isLast: false, keep: undefined, weights: undefined },
    });
  const together = run(x);
  for (const b of [0, 7, 16]) {
    const own = [sizes.steps, 1, sizes.width] as [number, number, number];
    const alone = run(tf.slice(x, [0, b, 0], own));
    expect([...alone.dataSync()]).toEqual([...tf.slice(together, [0, b, 0], own).dataSync()]);
  }
});

test("the fused operation refuses shapes that do not belong together, and says which", () => {
  const sizes = SIZES[1]!;
  const arrays = arraysOf(sizes);
  const run = (change: object) => () =>
    encoderBlock(tf, "fused", {
      ...{ x: tf.zeros([5, 3, 8]) as Tensor3D, arrays, heads: 2, isLast: false },
      ...{ keep: undefined, weights: undefined, ...change },
    });
  expect(run({})).not.toThrow();
  expect(run({ heads: 3 })).toThrow("heads that divide the width");
  expect(run({ keep: tf.zeros([2, 4, 8]) })).toThrow("2 × batch × width");
  const none = tf.zeros([0, 3, 8]);
  expect(run({ x: none })).not.toThrow();
  expect(run({ x: none, isLast: true })).toThrow("a last step where it alone is asked for");
  const other = { ...arrays, "units.output.kernel": tf.zeros([8, 12]) };
  expect(run({ arrays: other })).toThrow("arrays of a block of that width");
});
