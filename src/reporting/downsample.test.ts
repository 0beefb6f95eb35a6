import fc from "fast-check";
import { expect, test } from "vitest";
import { everyNthRow, extremeRows, plotNumber, plotNumbers } from "./downsample.js";

test("a thinned line keeps first, last, lowest and highest row, in order, within the limit", () => {
  const column = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
    minLength: 1,
    maxLength: 400,
  });
  fc.assert(
    fc.property(column, fc.integer({ min: 4, max: 60 }), (values, limit) => {
      const rows = extremeRows(values, limit);
      const kept = rows.map((i) => values[i]!);
      expect(rows.length).toBeLessThanOrEqual(Math.max(limit, 4));
      expect([...new Set(rows)].sort((a, b) => a - b)).toEqual(rows);
      expect([rows[0], rows.at(-1)]).toEqual([0, values.length - 1]);
      expect(Math.max(...kept)).toBe(Math.max(...values));
      expect(Math.min(...kept)).toBe(Math.min(...values));
    }),
    { seed: 1 },
  );
});

test("missing values become null and do not hide the values beside them", () => {
  const values = [Number.NaN, 5, Number.NaN, 1, Number.POSITIVE_INFINITY, 2];
  expect(plotNumbers(values)).toEqual([null, 5, null, 1, null, 2]);
  const long = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? Number.NaN : i));
  expect(extremeRows(long, 10).map((i) => long[i])).toContain(99);
});

test("every n-th row starts with the first and stays within the limit", () => {
  expect(everyNthRow(10, 4)).toEqual([0, 3, 6, 9]);
  expect(everyNthRow(0, 4)).toEqual([]);
  expect(everyNthRow(100_001, 5000).length).toBeLessThanOrEqual(5000);
});

test("a plotted number has so many digits, no negative zero and no NaN", () => {
  expect([1.23456, -1.23456].map((value) => plotNumber(value, 3))).toEqual([1.235, -1.235]);
  expect(Object.is(plotNumber(-1e-9, 3), 0)).toBe(true);
  expect([Number.NaN, Number.POSITIVE_INFINITY].map((value) => plotNumber(value, 3))).toEqual([
    null,
    null,
  ]);
});
