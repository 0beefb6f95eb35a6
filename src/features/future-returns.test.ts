import { expect, test } from "vitest";
import { futureReturns } from "./future-returns.js";

const BARS = { horizonBars: 2, barUs: 10 };

test("a return spans the horizon, and the last rows have none", () => {
  const returns = futureReturns(Float64Array.of(1, 2, 4, 2), Float64Array.of(10, 20, 30, 40), BARS);
  expect([...returns]).toEqual([Math.log(4), 0, Number.NaN, Number.NaN]);
});

test("there is none over a missing bar, nor from or to a missing price", () => {
  const price = Float64Array.of(1, 2, Number.NaN, 4, 5, 6);
  const ends = Float64Array.of(10, 20, 30, 40, 60, 70);
  // From 10 to a missing price, from 20 to 40, from a missing price, from 40 over the missing bar at 50.
  const expected = [Number.NaN, Math.log(2), Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  expect([...futureReturns(price, ends, BARS)]).toEqual(expected);
});

test("prices that differ by their rounding alone have not moved", () => {
  const [narrow, wide] = [(2400.1 + 2400.2) / 2, (2400 + 2400.3) / 2];
  expect(narrow).not.toBe(wide);
  const options = { horizonBars: 1, barUs: 10 };
  expect(futureReturns(Float64Array.of(narrow, wide), Float64Array.of(10, 20), options)[0]).toBe(0);
});

test("columns of different lengths do not match", () => {
  expect(() => futureReturns(Float64Array.of(1), Float64Array.of(10, 20), BARS)).toThrow(/rows/);
});
