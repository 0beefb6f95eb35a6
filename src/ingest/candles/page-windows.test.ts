import fc from "fast-check";
import { expect, test } from "vitest";
import { pageWindows } from "./page-windows.js";

test("pages hold every minute once and never ask for more than 300 candles, either end counted", () => {
  const minutes = fc.integer({ min: 0, max: 5000 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3e7 }), minutes, (startMinute, count) => {
      const startS = 60 * startMinute;
      const pages = pageWindows(startS, startS + 60 * count);
      const found: number[] = [];
      for (const { startS: from, endS: to } of pages) {
        expect(to).toBeGreaterThan(from);
        // Both ends asked, as a server that counts the end in understands it.
        expect((to - from) / 60 + 1).toBeLessThanOrEqual(300);
        for (let timeS = from; timeS < to; timeS += 60) found.push(timeS);
      }
      expect(found).toEqual(Array.from({ length: count }, (_, i) => startS + 60 * i));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("a day is five pages", () => {
  expect(pageWindows(0, 86_400)).toHaveLength(5);
  expect(pageWindows(60, 60)).toEqual([]);
});
