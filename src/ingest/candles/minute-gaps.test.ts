import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { DAY_MINUTES, type KnownRun, knowGaps, minuteGaps } from "./minute-gaps.js";

const START_US = dayStartUs("2024-08-08");

/** Minutes of a day, some in runs and some alone. */
const someMinutes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 400 })), {
    maxLength: 12,
  })
  .map(
    (runs) =>
      new Set(
        runs.flatMap(([first, count]) =>
          Array.from({ length: count }, (_, i) => first + i).filter((minute) => minute < 1440),
        ),
      ),
  );

const columnOf = (minutes: ReadonlySet<number>): Float64Array =>
  Float64Array.from(
    [...minutes].sort((a, b) => a - b),
    (minute) => START_US + minute * MINUTE_US,
  );

test("gaps are the set of minutes that no candle has, in longest runs", () => {
  fc.assert(
    fc.property(someMinutes, (present) => {
      const runs = minuteGaps(columnOf(present), START_US);
      const found = runs.flatMap(([first, minutes]) =>
        Array.from({ length: minutes }, (_, i) => first + i),
      );
      const all = Array.from({ length: DAY_MINUTES }, (_, i) => i);
      expect(found).toEqual(all.filter((minute) => !present.has(minute)));
      runs.slice(1).forEach(([first], i) => {
        expect(first).toBeGreaterThan(runs[i]![0] + runs[i]![1]);
      });
    }),
    { seed: 2, numRuns: 200 },
  );
});

test("each minute of a gap is known by the trades in it and around it, by brute force", () => {
  fc.assert(
    fc.property(someMinutes, someMinutes, (present, trades) => {
      const traded = Uint8Array.from({ length: DAY_MINUTES }, (_, i) => (trades.has(i) ? 1 : 0));
      const known = knowGaps(minuteGaps(columnOf(present), START_US), traded);
      const kinds = new Map<number, KnownRun["kind"]>();
      for (const { run, kind } of known) {
        for (let i = 0; i < run[1]; i++) kinds.set(run[0] + i, kind);
      }
      for (let minute = 0; minute < DAY_MINUTES; minute++) {
        const isNear = [...trades].some((other) => Math.abs(other - minute) <= 60);
        const kind = trades.has(minute) ? "missing" : isNear ? "no trade" : "unknown";
        expect(kinds.get(minute)).toBe(present.has(minute) ? undefined : kind);
      }
    }),
    { seed: 3, numRuns: 40 },
  );
});

test("without trades at hand every gap is unknown", () => {
  expect(
    knowGaps(
      [
        [5, 2],
        [9, 1],
      ],
      undefined,
    ),
  ).toEqual([
    { run: [5, 2], kind: "unknown" },
    { run: [9, 1], kind: "unknown" },
  ]);
});
