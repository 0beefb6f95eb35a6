import fc from "fast-check";
import { expect, test } from "vitest";
import { SlidingQuantile } from "./sliding-quantile.js";

/** From 1e-9 to 1e9, many of them equal. */
const VALUE = fc
  .record({ digits: fc.integer({ min: 1, max: 30 }), power: fc.integer({ min: -9, max: 8 }) })
  .map(({ digits, power }) => digits * 10 ** power);

test("whatever is added and removed, the quantile is that of a sorted plain array", () => {
  const step = fc.record({ value: VALUE, removes: fc.integer({ min: 0, max: 2 }), pick: fc.nat() });
  const steps = fc.array(step, { minLength: 1, maxLength: 800, size: "max" });
  const share = fc.constantFrom(0.05, 0.5, 0.95, 1);
  fc.assert(
    fc.property(steps, share, (list, asked) => {
      let plain: number[] = [];
      const quantile = new SlidingQuantile(asked, () => Float64Array.from(plain));
      expect(quantile.value()).toBeNaN();
      for (const { value, removes, pick } of list) {
        if (removes === 0 && plain.length > 0) {
          const removed = plain[pick % plain.length]!;
          plain = plain.filter((_, i) => i !== pick % plain.length);
          quantile.remove(removed);
        } else {
          plain.push(value);
          quantile.add(value);
        }
        const sorted = [...plain].sort((a, b) => a - b);
        const place = sorted[Math.ceil(asked * sorted.length) - 1] ?? Number.NaN;
        expect(quantile.value()).toBe(place);
      }
      const last = quantile.value();
      quantile.reset();
      expect(quantile.value()).toBe(last);
    }),
    { seed: 8, numRuns: 60 },
  );
});
