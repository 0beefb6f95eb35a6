import { expect, test } from "vitest";
import { parameterCount, parameterLayout } from "./parameter-layout.js";

test("arrays lie one after the other without holes, and only matrices decay", () => {
  const layout = parameterLayout([
    ["kernel", [3, 2]],
    ["bias", [2]],
    ["head", [2, 1]],
  ]);
  expect(layout.map(({ start, end }) => [start, end])).toEqual([
    [0, 6],
    [6, 8],
    [8, 10],
  ]);
  expect(layout.map(({ isDecayed }) => isDecayed)).toEqual([true, false, true]);
  expect(parameterCount(layout)).toBe(10);
  expect(parameterCount([])).toBe(0);
});
