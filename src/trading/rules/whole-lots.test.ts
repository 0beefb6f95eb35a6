import fc from "fast-check";
import { expect, test } from "vitest";
import { inWholeLots } from "./whole-lots.js";

test("what a reduction leaves is whole lots that could be ordered, or nothing, whatever was held", () => {
  const held = fc.record({
    position: fc.double({ min: -5, max: 5, noNaN: true }).filter((one) => Math.abs(one) > 1e-9),
    share: fc.oneof(
      fc.constant(1),
      fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
    ),
    step: fc.constantFrom(0.01, 0.1, 1),
    steps: fc.constantFrom(1, 1, 5),
  });
  fc.assert(
    fc.property(held, ({ position, share, step, steps }) => {
      const rules = { lots: { BTC: { most: 50, least: steps * step, step } } };
      const amount = inWholeLots(rules, "BTCUSDT", { position, amount: -position * share });
      const left = Math.abs(position + amount);
      expect(amount * position).toBeLessThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(Math.abs(position));
      if (share === 1) expect(left).toBe(0);
      if (left === 0 || amount === 0) return;
      expect(left / step).toBeCloseTo(Math.round(left / step), 6);
      expect(left).toBeGreaterThan(steps * step * (1 - 1e-6));
      expect(Math.abs(left - Math.abs(position) * (1 - share))).toBeLessThanOrEqual(step);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("what opens, what closes and what trades nothing is left as it is", () => {
  const rules = { lots: { BTC: { most: 50, least: 0.01, step: 0.01 } } };
  for (const [position, amount] of [
    [0.004, -0.004],
    [-0.0371, 0.0371],
    [0.004, -0.034],
    [0.004, 0.03],
    [0.0371, 0],
  ] as const) {
    expect(inWholeLots(rules, "BTCUSDT", { position, amount })).toBe(amount);
  }
  expect(inWholeLots({ lots: {} }, "BTCUSDT", { position: 0.0371, amount: -0.01 })).toBe(-0.01);
});
