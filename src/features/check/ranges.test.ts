import { expect, test } from "vitest";
import { FEATURES } from "../catalogue.js";
import type { FeatureEntry } from "../feature.js";
import { rangeComplaints, ranges } from "./ranges.js";

const entry = (range: readonly [number, number]): FeatureEntry => ({
  ...FEATURES[0]!,
  ...{ number: 3, range },
});
const BIT = 1n << 2n;
const column = Float64Array.of(0.5, -1, 1, 1.01, Number.NaN, Number.NaN, 0);
// The fifth has a bit without a value, the last a value without a bit.
const valid = BigUint64Array.of(BIT, BIT, BIT, BIT | 1n, BIT, 1n, ~BIT & 0xffn);
const messages = (range: readonly [number, number], values: Float64Array): readonly string[] =>
  rangeComplaints(
    entry(range),
    ranges(
      entry(range),
      values,
      BigUint64Array.from(values, (value) => (Number.isNaN(value) ? 0n : BIT)),
    ),
  ).map(({ severity, message }) => `${severity}: ${message}`);

test("bounds belong to the range, and each row's own bit says whether it has a value", () => {
  expect(ranges(entry([-1, 1]), column, valid)).toEqual({
    ...{ values: 5, least: -1, largest: 1.01, outside: 1, wrongBits: 2 },
  });
});

test("without any value there is no extreme", () => {
  const none = new Float64Array(2).fill(Number.NaN);
  expect(ranges(entry([-1, 1]), none, new BigUint64Array(2))).toEqual({
    ...{ values: 0, least: null, largest: null, outside: 0, wrongBits: 0 },
  });
});

test("sentences say which bound was left, and infinity leaves even no bounds", () => {
  const endless = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  expect(messages([-1, 1], Float64Array.of(-2, 0.123456, 3))).toEqual([
    "fault: has 2 of 3 values outside -1 to 1: they go from -2 to 3",
  ]);
  expect(messages([0, endless[1]], Float64Array.of(-2, 1))[0]).toContain("below 0 or infinite");
  expect(messages(endless, Float64Array.of(1, endless[1]))[0]).toContain("that are infinite");
  expect(messages(endless, Float64Array.of(1, -1e300))).toEqual([]);
  expect(rangeComplaints(entry(endless), ranges(entry(endless), column, valid))).toMatchObject([
    { check: "mask", severity: "fault", message: "has 2 mask bits that disagree with their value" },
  ]);
});
