import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { buildLstm, type Lstm, lstmLayout, lstmLogits } from "../../models/lstm.js";
import { lstmCase, lstmToTorch } from "./lstm-case.js";
import { arrayNamed } from "./torch-arrays.js";

const SHAPE = { inputSize: 3, steps: 6, units: 4, layers: 2, layerNorm: false } as const;
const COUNT = 5;
const random = seededRandom(7, "an exported LSTM");
const normals = (length: number): Float32Array =>
  new Float32Array(length).map(() => random.normal());

type Arrays = ReturnType<typeof lstmToTorch>;

/** Rows of a matrix · x + bias, as nn.Linear has it. */
function linear(arrays: Arrays, weight: string, x: readonly number[], bias?: string): number[] {
  const { shape, values } = arrays[weight]!;
  const [rows, columns] = shape as [number, number];
  expect(x.length).toBe(columns);
  return Array.from({ length: rows }, (_, i) =>
    x.reduce(
      (sum, value, j) => sum + values[i * columns + j]! * value,
      bias === undefined ? 0 : arrays[bias]!.values[i]!,
    ),
  );
}

/** The equations of nn.LSTM's documentation, one window and one unit at a time. */
function plainLogit(arrays: Arrays, window: readonly (readonly number[])[]): number {
  const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
  let x = window;
  for (let layer = 0; layer < SHAPE.layers; layer++) {
    let h: number[] = new Array(SHAPE.units).fill(0);
    let c: number[] = new Array(SHAPE.units).fill(0);
    x = x.map((input) => {
      const fromInput = linear(arrays, `lstm.weight_ih_l${layer}`, input, `lstm.bias_ih_l${layer}`);
      const fromState = linear(arrays, `lstm.weight_hh_l${layer}`, h, `lstm.bias_hh_l${layer}`);
      const gate = (chunk: number, j: number): number =>
        fromInput[chunk * SHAPE.units + j]! + fromState[chunk * SHAPE.units + j]!;
      // Chunks: input, forget, cell (g), output.
      c = c.map((cell, j) => sigma(gate(1, j)) * cell + sigma(gate(0, j)) * Math.tanh(gate(2, j)));
      h = c.map((cell, j) => sigma(gate(3, j)) * Math.tanh(cell));
      return h;
    });
  }
  const fromState = linear(arrays, "head.weight", x.at(-1)!, "head.bias");
  return fromState[0]! + linear(arrays, "skip.weight", window.at(-1)!)[0]!;
}

test("the exported parameters give the same log-odds by PyTorch's equations", async () => {
  const { parameters } = buildLstm(SHAPE, 1);
  const model: Lstm = { ...SHAPE, kind: "lstm", parameters: normals(parameters.length) };
  const values = normals(SHAPE.steps * COUNT * SHAPE.inputSize);
  const logits = await lstmLogits(model, { values, count: COUNT });
  const arrays = lstmToTorch(SHAPE, model.parameters);
  for (let b = 0; b < COUNT; b++) {
    const window = Array.from({ length: SHAPE.steps }, (_, step) => [
      ...values.subarray(
        (step * COUNT + b) * SHAPE.inputSize,
        (step * COUNT + b + 1) * SHAPE.inputSize,
      ),
    ]);
    expect(logits[b]).toBeCloseTo(plainLogit(arrays, window), 5);
  }
});

test("every parameter is exported once, and PyTorch's second bias is zero", () => {
  const parameters = Float32Array.from({ length: lstmLayout(SHAPE).at(-1)!.end }, (_, i) => i + 1);
  const arrays = Object.entries(lstmToTorch(SHAPE, parameters));
  const exported = arrays
    .filter(([name]) => !name.includes("bias_hh"))
    .flatMap(([, { values }]) => [...values]);
  expect(exported.sort((a, b) => a - b)).toEqual([...parameters]);
  for (const [name, { values }] of arrays) {
    if (name.includes("bias_hh")) expect(values.every((value) => value === 0)).toBe(true);
  }
});

test("an array that the network does not have is an error", () => {
  const { layout, fresh } = lstmCase;
  expect(() => arrayNamed(layout, fresh(1), "layer2.kernel")).toThrow(/no array "layer2.kernel"/);
});
