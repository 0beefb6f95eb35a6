import fc from "fast-check";
import { expect, test } from "vitest";
import { LatencyBuckets } from "./latency-buckets.js";

/** Width of a bucket: 20 to a decade. */
const WIDTH = 10 ** (1 / 20);

test("a quantile is never below the true one, and at most a bucket above it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 9e7, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (durations) => {
        const buckets = new LatencyBuckets();
        for (const us of durations) buckets.add(us);
        const sorted = [...durations].sort((a, b) => a - b);
        const { p50Us, p99Us, maxUs, count } = buckets.view();
        for (const [level, found] of [
          [0.5, p50Us],
          [0.99, p99Us],
        ] as const) {
          const exact = sorted[Math.ceil(level * sorted.length) - 1]!;
          // The ends of buckets are rounded to four digits.
          expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-3));
          expect(found).toBeLessThanOrEqual(exact * WIDTH * (1 + 1e-3));
        }
        expect(maxUs).toBe(sorted.at(-1));
        expect(count).toBe(durations.length);
      },
    ),
    { seed: 1 },
  );
});

test("what is no duration is not counted, and what is too long goes into the last bucket", () => {
  const buckets = new LatencyBuckets();
  expect(buckets.view()).toMatchObject({ count: 0, p50Us: Number.NaN, maxUs: Number.NaN });
  for (const us of [Number.NaN, -1]) buckets.add(us);
  expect(buckets.view().count).toBe(0);
  for (const us of [0, 0.4, 1e12]) buckets.add(us);
  expect(buckets.view()).toMatchObject({ upToUs: [1, 1e8], counts: [2, 1], maxUs: 1e12 });
});
