import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US, MINUTE_US, SECOND_US } from "../core/time.js";
import { logTicks } from "./log-ticks.js";
import { binStarts, binWords, timeBins } from "./time-bins.js";

test("at most 300 round bins cover a span, whatever it is", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2e15 }),
      fc.integer({ min: 0, max: 3e13 }),
      (from, length) => {
        const bins = timeBins(from, from + length);
        expect(bins.count).toBeLessThanOrEqual(Math.max(300, 2 + length / DAY_US));
        expect(bins.startUs % bins.binUs).toBe(0);
        expect(bins.startUs).toBeLessThanOrEqual(from);
        const end = bins.startUs + bins.count * bins.binUs;
        expect(end).toBeGreaterThan(from + length);
        expect(end - bins.binUs).toBeLessThanOrEqual(from + length);
        expect(binStarts(bins).at(-1)).toBe(end - bins.binUs);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

test("a day has bins of five minutes, eleven minutes have bins of five seconds", () => {
  const day = timeBins(0, DAY_US - 1);
  expect([day.count, binWords(day)]).toEqual([288, "5 minutes"]);
  const short = timeBins(0, 11 * MINUTE_US);
  expect([short.count, binWords(short)]).toEqual([133, "5 seconds"]);
  expect(binWords(timeBins(0, 30 * SECOND_US))).toBe("1 second");
});

test("ticks of a log axis enclose what is drawn and say their whole number", () => {
  const { tickvals, ticktext } = logTicks([0.3, 4.2, Number.NaN, 0, -1]);
  expect(tickvals).toEqual([0.2, 0.5, 1, 2, 5]);
  expect(ticktext).toEqual(["0.2", "0.5", "1", "2", "5"]);
  expect(logTicks([1500, 90_000]).ticktext).toEqual([
    "1 k",
    "2 k",
    "5 k",
    "10 k",
    "20 k",
    "50 k",
    "100 k",
  ]);
  expect(logTicks([])).toEqual({ tickvals: [], ticktext: [] });
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      fc.double({ min: 1, max: 1e8, noNaN: true }),
      (low, ratio) => {
        const ticks = logTicks([low, low * ratio]).tickvals;
        expect(ticks[0]).toBeLessThanOrEqual(low);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(low * ratio);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThan(20);
      },
    ),
    { seed: 2, numRuns: 300 },
  );
});
