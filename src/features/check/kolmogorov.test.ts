import { expect, test } from "vitest";
import { kolmogorovTail } from "./kolmogorov.js";

test("the tail is that of scipy.special.kolmogorov", () => {
  expect(kolmogorovTail(0.5)).toBeCloseTo(0.9639452436648751, 12);
  expect(kolmogorovTail(1)).toBeCloseTo(0.26999967167735456, 12);
  expect(kolmogorovTail(2)).toBeCloseTo(0.0006709252557796953, 14);
  expect([kolmogorovTail(0), kolmogorovTail(100)]).toEqual([1, 0]);
});

test("both series of the law agree", () => {
  // 1 − √(2π)/λ Σ exp(−(2k − 1)²π²/(8λ²)) converges where the other series does not.
  for (let lambda = 0.2; lambda < 2; lambda += 0.05) {
    let sum = 0;
    for (let k = 1; k < 50; k++)
      sum += Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * lambda ** 2));
    expect(kolmogorovTail(lambda)).toBeCloseTo(1 - (Math.sqrt(2 * Math.PI) / lambda) * sum, 6);
  }
});
