import fc from "fast-check";
import { expect, test } from "vitest";
import { priceGrid } from "./price-grid.js";

test("the grid has as many decimals as prices need and the greatest step that meets them", () => {
  expect(priceGrid([61_800.2, 61_800.1, 61_799])).toEqual({ step: 1, scale: 10 });
  expect(priceGrid([59_997.5, 59_995, 60_010])).toEqual({ step: 25, scale: 10 });
  expect(priceGrid([0.000_012_34, 0.000_012_36])).toEqual({ step: 2, scale: 1e8 });
  expect(priceGrid([7000, 7500, 9000])).toEqual({ step: 500, scale: 1 });
});

test("one odd price among twenty neither makes the grid finer nor takes it away", () => {
  const prices = Array.from({ length: 19 }, (_, i) => (1000 + i) / 10);
  for (const odd of [100.000_000_01, 0.1 * 3, Math.PI, 0, -1]) {
    expect(priceGrid([...prices, odd])).toEqual({ step: 1, scale: 10 });
  }
});

test("prices that are no short decimals have no grid, nor has none at all", () => {
  expect(priceGrid([])).toBeUndefined();
  expect(priceGrid([Math.PI, Math.E, 100.5])).toBeUndefined();
  expect(priceGrid([0.1 * 3, 0.1 * 6, 0.1 * 7])).toBeUndefined();
  expect(priceGrid([1e300, 1e-300])).toBeUndefined();
});

test("every price of a grid is given back as its exact double", () => {
  const decimals = fc.integer({ min: 0, max: 8 });
  const ticks = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(decimals, fc.integer({ min: 1, max: 50 }), ticks, (places, step, list) => {
      // Read from text, as a feed's prices are.
      const prices = list.map((tick) => Number(`${tick * step}e-${places}`));
      const grid = priceGrid(prices)!;
      for (const price of prices) {
        if (!Number.isInteger(price * grid.scale)) continue;
        const tick = Math.round((price * grid.scale) / grid.step);
        expect((tick * grid.step) / grid.scale).toBe(price);
      }
    }),
    { seed: 5, numRuns: 200 },
  );
});
