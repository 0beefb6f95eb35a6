import { expect, test } from "vitest";
import { fitConstant } from "./constant.js";
import { sigmoid } from "./logistic.js";

test("a constant is the log-odds of the share of ups, a tie counting half", () => {
  // (1 + 1 + ½ + 0) / 4 = 5/8, odds 5 to 3
  expect(fitConstant([1, 1, 0.5, 0])).toEqual({ kind: "constant", logit: Math.log(5 / 3) });
  expect(sigmoid(fitConstant([1, 1, 0.5, 0]).logit)).toBeCloseTo(0.625, 15);
  expect(fitConstant([0.5, 0.5]).logit).toBe(0);
});

test.each([
  ["no outcomes", [], "among 0 training outcomes was NaN"],
  ["ups alone", [1, 1], "was 1, expected ups and downs"],
  ["downs alone", [0, 0, 0], "was 0, expected ups and downs"],
])("a constant of %s is refused", (_, outcome, message) => {
  expect(() => fitConstant(outcome)).toThrow(message);
});
