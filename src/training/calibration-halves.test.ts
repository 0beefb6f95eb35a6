import fc from "fast-check";
import { expect, test } from "vitest";
import { calibrationHalves } from "./calibration-halves.js";

test("ten bars of two symbols are cut at the sixth, and labels of two bars cost the last two before it", () => {
  // Symbol by symbol, as a dataset orders its rows; bar k ends at k and its label at k + 2.
  const bars = Array.from({ length: 20 }, (_, row) => (row % 10) + 1);
  const dataset = {
    barEndUs: Float64Array.from(bars),
    labelEndUs: Float64Array.from(bars, (bar) => bar + 2),
  };
  const { first, second, purged } = calibrationHalves(dataset, Uint32Array.from(bars.keys()));
  expect([...first]).toEqual([0, 1, 2, 10, 11, 12]);
  expect([...second]).toEqual([5, 6, 7, 8, 9, 15, 16, 17, 18, 19]);
  expect(purged).toBe(4);
});

test("halves share no bar, no label of the first reaches the second, and what is in neither is purged", () => {
  const bar = fc.record({
    endUs: fc.integer({ min: 0, max: 60 }),
    labelUs: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Number.NaN)),
    isIn: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(bar, { maxLength: 80 }), (bars) => {
      const barEndUs = Float64Array.from(bars, ({ endUs }) => endUs);
      const labelEndUs = Float64Array.from(bars, ({ endUs, labelUs }) => endUs + labelUs);
      const rows = Uint32Array.from(bars.keys()).filter((row) => bars[row]!.isIn);
      const { first, second, purged } = calibrationHalves({ barEndUs, labelEndUs }, rows);
      expect(first.length + second.length + purged).toBe(rows.length);
      expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
      const beginUs = Math.min(...Array.from(second, (row) => barEndUs[row]!));
      for (const row of first) expect(labelEndUs[row]!).toBeLessThan(beginUs);
      for (const row of first) expect(barEndUs[row]!).toBeLessThan(beginUs);
      // Half of the rows lie before the cut, but for those of its very bar.
      const before = rows.filter((row) => barEndUs[row]! < beginUs).length;
      const until = rows.filter((row) => barEndUs[row]! <= beginUs).length;
      expect(before).toBeLessThanOrEqual(rows.length / 2);
      if (rows.length > 0) expect(until).toBeGreaterThan(rows.length / 2 - 1);
    }),
    { seed: 1 },
  );
});
