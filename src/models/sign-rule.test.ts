import { expect, test } from "vitest";
import { signLogits } from "./sign-rule.js";

test("a sign rule reads the sign of its own input and nothing else", () => {
  const inputs = Float64Array.of(9, 0.2, -9, -3e-9, 9, 0);
  expect([...signLogits({ kind: "sign", input: 1 }, inputs, 2)]).toEqual([1, -1, 0]);
  expect([...signLogits({ kind: "sign", input: 0 }, inputs, 2)]).toEqual([1, -1, 1]);
});
