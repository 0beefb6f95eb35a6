import { expect, test } from "vitest";
import type { FeatureRow } from "../../features/feature-rows.js";
import { differingRows, textOfRow } from "./text-rows.js";

const row: FeatureRow = { barEndUs: 60e6, mid: 10, values: Float64Array.of(-0, 1), valid: 3n };

test("rows have one text where every bit is the same, and else another", () => {
  expect(textOfRow({ ...row, values: Float64Array.of(-0, 1) })).toBe(textOfRow(row));
  for (const other of [{ mid: 11 }, { valid: 2n }, { barEndUs: 120e6 }]) {
    expect(textOfRow({ ...row, ...other })).not.toBe(textOfRow(row));
  }
  expect(textOfRow({ ...row, values: Float64Array.of(0, 1) })).not.toBe(textOfRow(row));
});

test("rows that are missing at either end differ", () => {
  expect(differingRows(["a", "b"], ["a", "b"])).toBe(0);
  expect(differingRows(["a"], ["a", "b", "c"])).toBe(2);
  expect(differingRows(["a", "x", "c"], ["a", "b"])).toBe(2);
});
