import fc from "fast-check";
import { expect, test } from "vitest";
import { arrivalClock } from "./arrival-clock.js";

test("the clock tells whole µs of the wall clock and never goes back, however that is set", () => {
  const step = fc.record({
    passedMs: fc.double({ min: 0, max: 50, noNaN: true }),
    // Nearly always right; sometimes set to another time.
    setMs: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -5000, max: 5000 }) },
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let [wall, steady] = [1.7e12, 5];
      const nowUs = arrivalClock({ wallMs: () => Math.floor(wall), steadyMs: () => steady });
      let last = 0;
      let latestWall = wall;
      for (const { passedMs, setMs } of steps) {
        wall += passedMs + setMs;
        steady += passedMs;
        latestWall = Math.max(latestWall, wall);
        const us = nowUs();
        expect(Number.isInteger(us)).toBe(true);
        expect(us).toBeGreaterThanOrEqual(last);
        if (wall >= latestWall) expect(Math.abs(us - wall * 1000)).toBeLessThan(5000);
        last = us;
      }
    }),
    { numRuns: 200, seed: 4 },
  );
});

test("between two ms of the wall clock the steady one tells the µs", () => {
  let steady = 0;
  const nowUs = arrivalClock({ wallMs: () => 1.7e12, steadyMs: () => steady });
  expect(nowUs()).toBe(1.7e15);
  steady = 0.25;
  expect(nowUs()).toBe(1.7e15 + 250);
});
