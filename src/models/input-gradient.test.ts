import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { inputGradient, isSloped, type SlopedModel } from "./input-gradient.js";
import { buildLstm, lstmInputGradient } from "./lstm.js";
import { predictLogits } from "./predictor.js";
import { identityScaler } from "./standard-scaler.js";
import { loadTensorflow } from "./tensorflow.js";
import { buildTransformer } from "./transformer.js";

const WIDTH = 3;
const STEPS = 6;
const ROWS = Uint32Array.of(7, 12, 29, 19);

function normals(length: number, name: string, scale = 1): Float32Array {
  const random = seededRandom(8, name);
  return new Float32Array(length).map(() => scale * random.normal());
}

const inputs = normals(30 * WIDTH, "inputs");
const scaler = { mean: Float64Array.of(0.2, -0.1, 0), deviation: Float64Array.of(1.5, 0.5, 1) };

/** All parameters away from zero. */
function lstm(layers: number, layerNorm: boolean): SlopedModel {
  const shape = { inputSize: WIDTH, steps: STEPS, units: 4, layers, layerNorm };
  const built = buildLstm(shape, 1);
  return { ...built, parameters: normals(built.parameters.length, "parameters", 0.6) };
}

function transformer(positions: "learned" | "sinusoidal", layers: number): SlopedModel {
  const sizes = { width: 6, heads: 2, layers, feedForward: 7, positions };
  const built = buildTransformer({ inputSize: WIDTH, steps: STEPS, ...sizes }, 1);
  return { ...built, parameters: normals(built.parameters.length, "parameters", 0.6) };
}

const NETWORKS: readonly (readonly [name: string, model: SlopedModel])[] = [
  ["an LSTM of one layer", lstm(1, false)],
  ["an LSTM of two layers", lstm(2, false)],
  ["an LSTM with layer norms", lstm(2, true)],
  ["a Transformer of one block", transformer("sinusoidal", 1)],
  ["a Transformer of two blocks", transformer("learned", 2)],
];

test.each(NETWORKS)("slopes of %s are those of central differences", async (_, model) => {
  const { steps, values } = await inputGradient({ scaler, model }, inputs, ROWS);
  expect([steps, values.length]).toEqual([STEPS, STEPS * ROWS.length * WIDTH]);
  // Log-odds are single precision: a step of a twentieth keeps their rounding below 1e-5 of the slope.
  const step = 0.05;
  const random = seededRandom(2, "which");
  for (let draw = 0; draw < 40; draw++) {
    const [i, back, j] = [random.below(ROWS.length), random.below(STEPS), random.below(WIDTH)];
    const at = (ROWS[i]! - back) * WIDTH + j;
    const logitsAt = async (shift: number): Promise<number> => {
      const moved = inputs.slice();
      moved[at]! += shift * scaler.deviation[j]!;
      return (await predictLogits({ scaler, model }, moved, ROWS.subarray(i, i + 1)))[0]!;
    };
    const slope = ((await logitsAt(step)) - (await logitsAt(-step))) / (2 * step);
    const found = values[((STEPS - 1 - back) * ROWS.length + i) * WIDTH + j]!;
    expect(Math.abs(found - slope)).toBeLessThan(0.002 + 0.01 * Math.abs(slope));
  }
});

test("all kernels give the same slopes", async () => {
  const model = lstm(2, true) as Parameters<typeof lstmInputGradient>[0];
  const windows = { values: normals(STEPS * 4 * WIDTH, "windows"), count: 4 };
  const loops = await lstmInputGradient(model, windows, { kernel: "loops" });
  for (const kernel of ["fused", "block"] as const) {
    const fast = await lstmInputGradient(model, windows, { kernel });
    const gaps = fast.map((slope, i) => Math.abs(slope - loops[i]!));
    expect(Math.max(...gaps)).toBeLessThan(5e-6);
  }
});

test("slopes of a line are its weights, as of a network that is a line so far, at the newest step", async () => {
  const line = { weights: Float64Array.of(0.3, -0.2, 0.05), intercept: 0.1 };
  const weights = Float32Array.from(line.weights);
  const scaler = identityScaler(WIDTH);
  const model = { ...line, kind: "logistic" } as const;
  const own = await inputGradient({ scaler, model }, inputs, ROWS);
  expect(own.steps).toBe(1);
  expect(own.values).toEqual(Float32Array.from({ length: 12 }, (_, i) => weights[i % WIDTH]!));
  const shape = { inputSize: WIDTH, steps: STEPS, units: 5, layers: 2, layerNorm: false };
  const fresh = await inputGradient({ scaler, model: buildLstm(shape, 1, line) }, inputs, ROWS);
  const newest = (STEPS - 1) * ROWS.length * WIDTH;
  expect(fresh.values.subarray(newest)).toEqual(own.values);
  expect(fresh.values.subarray(0, newest).every((slope) => slope === 0)).toBe(true);
});

test("rules and constants have no slopes", () => {
  expect(isSloped({ kind: "constant", logit: 0.1 })).toBe(false);
  expect(isSloped({ kind: "sign", input: 0 })).toBe(false);
  expect(NETWORKS.every(([, model]) => isSloped(model))).toBe(true);
});

test("slopes leave no tensor behind, and neither do those that fail half-way", async () => {
  const { tf } = await loadTensorflow();
  const all = async (): Promise<void> => {
    for (const [, model] of NETWORKS) await inputGradient({ scaler, model }, inputs, ROWS);
  };
  await all();
  const before = tf.memory().numTensors;
  await all();
  expect(tf.memory().numTensors).toBe(before);
  // The first block refuses the heads, when the embedding has left what the way back needs.
  const wrong = { ...transformer("learned", 2), heads: 4 } as SlopedModel;
  await expect(inputGradient({ scaler, model: wrong }, inputs, ROWS)).rejects.toThrow("heads");
  expect(tf.memory().numTensors).toBe(before);
});
