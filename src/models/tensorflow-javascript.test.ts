// In a file of its own: one process has one TensorFlow.
import { beforeAll, expect, test, vi } from "vitest";
import { seededRandom } from "../core/random.js";
import { fitLogistic } from "./logistic.js";
import { buildLstm, type Lstm, lstmLayout, lstmLogits, lstmLossAndGradient } from "./lstm.js";
import { loadTensorflow } from "./tensorflow.js";

const warn = vi.spyOn(console, "warn");

beforeAll(() => {
  vi.stubEnv("TICKBOOK_TENSORFLOW", "javascript");
});

test("without the native library the JavaScript backend serves quietly and says why", async () => {
  const { tf, backend, reason } = await loadTensorflow();
  const product = tf.tidy(() => Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync()));
  expect(product).toEqual([11]);
  expect(backend).toBe("javascript");
  expect(reason).toContain("JavaScript");
  expect(warn).not.toHaveBeenCalled();
});

const SHAPE = { inputSize: 2, steps: 5, units: 3, layers: 1, layerNorm: false };

/** Independent oracle: one window through the LSTM's equations in plain loops and doubles. */
function logitByHand(parameters: Float64Array, window: ArrayLike<number>): number {
  const { inputSize, steps, units } = SHAPE;
  const at = (name: string): Float64Array => {
    const slot = lstmLayout(SHAPE).find((one) => one.name === name)!;
    return parameters.subarray(slot.start, slot.end);
  };
  const sigma = (x: number): number => 1 / (1 + Math.exp(-x));
  let hidden = new Array<number>(units).fill(0);
  let cell = new Array<number>(units).fill(0);
  for (let t = 0; t < steps; t++) {
    const read = [window[t * inputSize]!, window[t * inputSize + 1]!, ...hidden];
    const gate = (which: number, j: number): number =>
      read.reduce(
        (sum, value, i) => sum + value * at("layer0.kernel")[i * 4 * units + which * units + j]!,
        at("layer0.bias")[which * units + j]!,
      );
    cell = cell.map((c, j) => sigma(gate(1, j)) * c + sigma(gate(0, j)) * Math.tanh(gate(2, j)));
    hidden = cell.map((c, j) => sigma(gate(3, j)) * Math.tanh(c));
  }
  const newest = [0, 1].map((i) => window[(steps - 1) * inputSize + i]!);
  return (
    hidden.reduce((sum, h, j) => sum + h * at("head.kernel")[j]!, at("head.bias")[0]!) +
    newest.reduce((sum, x, i) => sum + x * at("head.skip")[i]!, 0)
  );
}

test("its LSTM gives the log-odds and the gradient of the equations in plain loops", async () => {
  const { tf } = await loadTensorflow();
  const random = seededRandom(1, "equations");
  const fresh = buildLstm(SHAPE, 1);
  const model: Lstm = { ...fresh, parameters: fresh.parameters.map(() => 0.7 * random.normal()) };
  const values = new Float32Array(SHAPE.steps * SHAPE.inputSize).map(() => random.normal());
  const doubles = Float64Array.from(model.parameters);

  const [logit] = await lstmLogits(model, { values, count: 1 });
  expect(logit).toBeCloseTo(logitByHand(doubles, values), 5);

  // For outcome 1 the loss is ln(1 + e^−z).
  const { loss, gradient } = lstmLossAndGradient(
    tf,
    model,
    { values, count: 1 },
    Float32Array.of(1),
  );
  const lossByHand = (at: Float64Array): number => Math.log1p(Math.exp(-logitByHand(at, values)));
  expect(loss).toBeCloseTo(lossByHand(doubles), 5);
  gradient.forEach((slope, i) => {
    const [up, down] = [1e-5, -1e-5].map((step) =>
      lossByHand(doubles.map((value, k) => (k === i ? value + step : value))),
    );
    expect(slope).toBeCloseTo((up! - down!) / 2e-5, 5);
  });
});

test("a large logistic regression is fitted by plain code", async () => {
  const random = seededRandom(4, "inputs");
  const names = Array.from({ length: 60 }, (_, j) => `x${j}`);
  const inputs = new Float64Array(15_000 * 60).map(() => random.normal());
  const outcome = new Float64Array(15_000).map((_, i) =>
    Number(inputs[60 * i]! + random.normal() > 0),
  );
  const { weights } = await fitLogistic({ inputs, outcome, names, overlapBars: 1 }, 1);
  // A probit slope of 1 is a logistic one of about 1.7.
  expect(weights[0]).toBeGreaterThan(1.5);
  expect(weights[0]).toBeLessThan(1.9);
});
