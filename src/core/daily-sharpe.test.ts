import { expect, test } from "vitest";
import { dailySharpe, FEWEST_SHARPE_DAYS } from "./daily-sharpe.js";
import { seededRandom } from "./random.js";
import { meanOverDeviation } from "./statistics.js";

test("days enough have a ratio, and few have none, which luck could make of any size", () => {
  const { normal } = seededRandom(5);
  const returns = Array.from({ length: 40 }, () => normal());
  for (let days = 0; days <= returns.length; days++) {
    const some = returns.slice(0, days);
    const expected = days < FEWEST_SHARPE_DAYS ? Number.NaN : meanOverDeviation(some);
    expect(dailySharpe(some)).toBe(expected);
  }
  expect(Math.abs(meanOverDeviation([0.01, 0.01 + 1e-9]))).toBeGreaterThan(1e6);
  expect(dailySharpe([0.01, 0.01 + 1e-9])).toBeNaN();
});

test("returns that do not vary have none", () => {
  expect(dailySharpe(new Array(30).fill(0.01))).toBeNaN();
});
