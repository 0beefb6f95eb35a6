import { expect, test } from "vitest";
import { microsecondDate, microsecondsOf } from "./microsecond-date.js";

test("a time made a date and back is the same µs, also before the epoch", () => {
  for (const timeUs of [0, 1, 999, 1000, 1_709_280_000_123_456, 2 ** 52, -1, -999, -1001]) {
    const date = microsecondDate(timeUs);
    expect(microsecondsOf(date)).toBe(timeUs);
    expect(date.μs).toBeGreaterThanOrEqual(0);
    expect(date.μs).toBeLessThan(1000);
  }
});

test("a date without µs of its own is a whole millisecond, and one that is none is not a number", () => {
  expect(microsecondsOf(new Date(1_709_280_000_123))).toBe(1_709_280_000_123_000);
  expect(microsecondsOf(new Date(Number.NaN))).toBeNaN();
});
