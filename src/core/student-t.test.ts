import { expect, test } from "vitest";
import { normalCdf } from "./statistics.js";
import { studentCritical, studentTails } from "./student-t.js";

test("critical values are those of the printed tables", () => {
  // Abramowitz & Stegun, table 26.10: two-sided 95 % and 99 %.
  const table: readonly (readonly [number, number, number])[] = [
    [1, 12.706, 63.657],
    [2, 4.303, 9.925],
    [3, 3.182, 5.841],
    [5, 2.571, 4.032],
    [10, 2.228, 3.169],
    [30, 2.042, 2.75],
    [120, 1.98, 2.617],
  ];
  for (const [freedom, at95, at99] of table) {
    expect(studentCritical(0.05, freedom)).toBeCloseTo(at95, 3);
    expect(studentCritical(0.01, freedom)).toBeCloseTo(at99, 3);
  }
});

test("one degree is Cauchy's law, and many are the normal one", () => {
  for (const t of [0, 0.3, 1, -4, 60]) {
    expect(studentTails(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(Math.abs(t)), 12);
    expect(studentTails(t, 100_001)).toBeCloseTo(2 * normalCdf(-Math.abs(t)), 4);
  }
});

test("infinitely far is never exceeded; nothing is known of NaN", () => {
  expect(studentTails(Number.NEGATIVE_INFINITY, 7)).toBe(0);
  expect(studentTails(Number.NaN, 7)).toBeNaN();
});
