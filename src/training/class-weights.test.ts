import { expect, test } from "vitest";
import { mean } from "../core/statistics.js";
import { classWeights } from "./class-weights.js";

/** Three up, one down, a tie; the rows after them are not for training. */
const OUTCOME = Float32Array.of(1, 1, 1, 0, 0.5, 0, 0, 0, 0, Number.NaN);
const TRAIN = Uint32Array.of(0, 1, 2, 3, 4);

test("balanced weights are those of the formula worked by hand", () => {
  const weight = classWeights("balanced", OUTCOME, TRAIN)!;
  // 3.5 up and 1.5 down of 5, as scikit-learn's compute_class_weight("balanced") has n/(2·count).
  expect(weight(1)).toBeCloseTo(5 / 7, 15);
  expect(weight(0)).toBeCloseTo(5 / 3, 15);
  expect(weight(0.5)).toBeCloseTo((5 / 7 + 5 / 3) / 2, 15);
});

test("the mean weight is 1 and both sides weigh the same in all", () => {
  const weight = classWeights("balanced", OUTCOME, TRAIN)!;
  const weights = Float64Array.from(TRAIN, (row) => weight(OUTCOME[row]!));
  expect(mean(weights)).toBeCloseTo(1, 15);
  const without = Uint32Array.of(0, 1, 2, 3);
  const sided = classWeights("balanced", OUTCOME, without)!;
  expect(3 * sided(1)).toBeCloseTo(sided(0), 15);
});

test("rows outside the training slice change no weight", () => {
  const other = OUTCOME.slice();
  other.fill(1, 5);
  const [one, two] = [OUTCOME, other].map((outcome) => classWeights("balanced", outcome, TRAIN)!);
  expect([0, 0.5, 1].map(one!)).toEqual([0, 0.5, 1].map(two!));
});

test("without weights there are none, and one side alone cannot be balanced", () => {
  expect(classWeights("none", OUTCOME, TRAIN)).toBeUndefined();
  expect(() => classWeights("balanced", OUTCOME, Uint32Array.of(0, 1))).toThrow(
    /all 2 training rows went up: .*; give more days, or classWeights none/,
  );
  expect(() => classWeights("balanced", OUTCOME, Uint32Array.of(3, 5))).toThrow(/went down/);
});
