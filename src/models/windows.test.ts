import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { type StandardScaler, scaleRow } from "./standard-scaler.js";
import { gatherWindows } from "./windows.js";

const WIDTH = 5;
const ROWS = 40;
const STEPS = 7;
const random = seededRandom(4, "windows");
/** Some missing, some far out. */
const inputs = new Float32Array(ROWS * WIDTH).map(() => {
  const draw = random.uniform();
  return draw < 0.1 ? Number.NaN : draw < 0.2 ? 1e4 * random.normal() : random.normal();
});
const scaler: StandardScaler = {
  mean: new Float64Array(WIDTH).map(() => random.normal()),
  deviation: new Float64Array(WIDTH).map(() => 0.5 + random.uniform()),
};
const ends = Uint32Array.of(30, 6, 7, 39, 30);

/** Each value where the definition puts it: step by step, window by window. */
function plainWindows(): Float32Array {
  const values = new Float32Array(STEPS * ends.length * WIDTH);
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < ends.length; i++) {
      const row = ends[i]! - (STEPS - 1 - step);
      for (let j = 0; j < WIDTH; j++) {
        const scaled = (inputs[row * WIDTH + j]! - scaler.mean[j]!) / scaler.deviation[j]!;
        const cut = Math.max(-8, Math.min(8, scaled));
        values[(step * ends.length + i) * WIDTH + j] = Number.isNaN(cut) ? 0 : cut;
      }
    }
  }
  return values;
}

test("windows hold what the definition puts at each step, to the bit", () => {
  const { values, count } = gatherWindows(scaler, inputs, ends, STEPS);
  expect(count).toBe(ends.length);
  expect(values).toEqual(plainWindows());
});

test("windows in memory that was used before, or is longer, are the same", () => {
  const into = new Float32Array(STEPS * ends.length * WIDTH + 9).fill(Number.NaN);
  const { values } = gatherWindows(scaler, inputs, ends, STEPS, { into });
  expect(values.buffer).toBe(into.buffer);
  expect(values).toEqual(plainWindows());
  expect([...into.subarray(values.length)]).toEqual(Array(9).fill(Number.NaN));
});

test("the last step of a window is its row as a model of single rows sees it", () => {
  const { values } = gatherWindows(scaler, inputs, ends, STEPS);
  ends.forEach((end, i) => {
    const row = new Float32Array(WIDTH);
    scaleRow(scaler, inputs, end, row, 0);
    const at = ((STEPS - 1) * ends.length + i) * WIDTH;
    expect(values.slice(at, at + WIDTH)).toEqual(row);
  });
});
