import { expect, test } from "vitest";
import { normalQuantile } from "./normal-quantile.js";
import { normalCdf } from "./statistics.js";

test("the quantiles are those of Python's statistics.NormalDist().inv_cdf", () => {
  const known: readonly (readonly [number, number])[] = [
    [0.975, 1.9599639845400536],
    [0.99, 2.3263478740408408],
    [0.6, 0.2533471031357998],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0470962993612],
  ];
  for (const [probability, quantile] of known) {
    expect(Math.abs(normalQuantile(probability) / quantile - 1)).toBeLessThan(1e-15);
  }
});

test("normalQuantile is the inverse of normalCdf and odd about one half", () => {
  for (let x = -4; x <= 4; x += 0.125) {
    expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 10);
    const probability = normalCdf(-Math.abs(x));
    expect(normalQuantile(1 - probability)).toBeCloseTo(-normalQuantile(probability), 10);
  }
  expect(normalQuantile(0.5)).toBe(0);
});

test("the quantiles of 0 and 1 are infinite, those of no probability missing", () => {
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  for (const none of [-0.1, 1.1, Number.NaN]) expect(normalQuantile(none)).toBeNaN();
});
