import { expect, test } from "vitest";
import { counted } from "./counted.js";

test("one is singular, none and many are plural", () => {
  expect([0, 1, 2, 12_345].map((count) => counted(count, "trade"))).toEqual([
    "0 trades",
    "1 trade",
    "2 trades",
    "12,345 trades",
  ]);
  expect(counted(3, "row was", "rows were")).toBe("3 rows were");
});
