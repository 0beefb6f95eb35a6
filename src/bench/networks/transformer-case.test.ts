import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { type Transformer, transformerLogits } from "../../models/transformer.js";
import { transformerLayout } from "../../models/transformer-shape.js";
import { transformerToTorch } from "./transformer-case.js";

const SHAPE = {
  inputSize: 3,
  steps: 5,
  width: 6,
  heads: 2,
  layers: 2,
  feedForward: 7,
  positions: "learned",
} as const;
const COUNT = 4;
const PARAMETERS = transformerLayout(SHAPE).at(-1)!.end;
const random = seededRandom(8, "an exported Transformer");
const normals = (length: number): Float32Array =>
  new Float32Array(length).map(() => random.normal());

type Arrays = ReturnType<typeof transformerToTorch>;
type Row = readonly number[];

const dot = (a: Row, b: Row): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const plus = (a: Row, b: Row): Row => a.map((value, i) => value + b[i]!);
const valuesOf = (arrays: Arrays, name: string): Row => [...arrays[name]!.values];

/** Rows of a matrix · x + bias, as nn.Linear has it. */
function linear(arrays: Arrays, weight: string, bias: string | undefined, x: Row): Row {
  const { shape, values } = arrays[weight]!;
  expect(shape[1]).toBe(x.length);
  const from = (i: number): Row => [...values.subarray(i * x.length, (i + 1) * x.length)];
  const added = bias === undefined ? undefined : valuesOf(arrays, bias);
  return Array.from({ length: shape[0]! }, (_, i) => dot(from(i), x) + (added?.[i] ?? 0));
}

/** As nn.LayerNorm has it. */
function norm(arrays: Arrays, name: string, x: Row): Row {
  const mean = dot(
    x,
    x.map(() => 1 / x.length),
  );
  const variance = dot(
    x.map((value) => (value - mean) ** 2),
    x.map(() => 1 / x.length),
  );
  const [gain, bias] = ["weight", "bias"].map((part) => valuesOf(arrays, `${name}.${part}`));
  return x.map((value, j) => ((value - mean) / Math.sqrt(variance + 1e-5)) * gain![j]! + bias![j]!);
}

/** As nn.MultiheadAttention has it, each step on those up to its own: one matrix for query, key and value. */
function attention(arrays: Arrays, name: string, steps: readonly Row[]): readonly Row[] {
  const { width, heads } = SHAPE;
  const size = width / heads;
  const all = steps.map((x) => linear(arrays, `${name}.in_proj_weight`, `${name}.in_proj_bias`, x));
  const part = (row: Row, chunk: number, head: number): Row =>
    row.slice(chunk * width + head * size, chunk * width + (head + 1) * size);
  return all.map((asking, at) => {
    const read = Array.from({ length: heads }, (_, head) => {
      const seen = all.slice(0, at + 1);
      const scores = seen.map((row) =>
        Math.exp(dot(part(asking, 0, head), part(row, 1, head)) / Math.sqrt(size)),
      );
      const sum = dot(
        scores,
        scores.map(() => 1),
      );
      return Array.from({ length: size }, (_, j) =>
        dot(
          scores,
          seen.map((row) => part(row, 2, head)[j]! / sum),
        ),
      );
    });
    return linear(arrays, `${name}.out_proj.weight`, `${name}.out_proj.bias`, read.flat());
  });
}

/** nn.TransformerEncoder with norm_first, causal, ReLU, and the lines around it. */
function plainLogit(arrays: Arrays, window: readonly Row[]): number {
  const positions = valuesOf(arrays, "positions");
  let x = window.map((inputs, t) =>
    plus(
      linear(arrays, "input.weight", "input.bias", inputs),
      positions.slice(t * SHAPE.width, (t + 1) * SHAPE.width),
    ),
  );
  for (let layer = 0; layer < SHAPE.layers; layer++) {
    const name = `encoder.layers.${layer}`;
    const read = attention(
      arrays,
      `${name}.self_attn`,
      x.map((row) => norm(arrays, `${name}.norm1`, row)),
    );
    x = x.map((row, t) => plus(row, read[t]!));
    x = x.map((row) => {
      const normed = norm(arrays, `${name}.norm2`, row);
      const units = linear(arrays, `${name}.linear1.weight`, `${name}.linear1.bias`, normed);
      const rectified = units.map((z) => Math.max(0, z));
      return plus(row, linear(arrays, `${name}.linear2.weight`, `${name}.linear2.bias`, rectified));
    });
  }
  const last = norm(arrays, "encoder.norm", x.at(-1)!);
  const [fromState] = linear(arrays, "head.weight", "head.bias", last);
  return fromState! + linear(arrays, "skip.weight", undefined, window.at(-1)!)[0]!;
}

test("the exported parameters give the same log-odds by PyTorch's equations", async () => {
  const model: Transformer = { ...SHAPE, kind: "transformer", parameters: normals(PARAMETERS) };
  const values = normals(SHAPE.steps * COUNT * SHAPE.inputSize);
  const logits = await transformerLogits(model, { values, count: COUNT });
  const arrays = transformerToTorch(SHAPE, model.parameters);
  for (let b = 0; b < COUNT; b++) {
    const window = Array.from({ length: SHAPE.steps }, (_, step) => {
      const at = (step * COUNT + b) * SHAPE.inputSize;
      return [...values.subarray(at, at + SHAPE.inputSize)];
    });
    expect(logits[b]).toBeCloseTo(plainLogit(arrays, window), 4);
  }
});

test("every parameter is exported once, and the biases that PyTorch alone has are zero", () => {
  const parameters = Float32Array.from({ length: PARAMETERS }, (_, i) => i + 1);
  const arrays = Object.entries(transformerToTorch(SHAPE, parameters));
  const [theirs, shared] = [true, false].map((isTheirs) =>
    arrays
      .filter(([name]) => name.endsWith("in_proj_bias") === isTheirs)
      .flatMap(([, { values }]) => [...values]),
  ) as [number[], number[]];
  expect(shared.sort((a, b) => a - b)).toEqual([...parameters]);
  expect(theirs).toEqual(new Array(2 * 3 * SHAPE.width).fill(0));
});
