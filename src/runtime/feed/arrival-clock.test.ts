import fc from "fast-check";
import { expect, test } from "vitest";
import { arrivalClock } from "./arrival-clock.js";

/** What a clock may be off by, µs: the drift that it lets be, and the ms that the wall clock is read in. */
const OFF_US = 3001;

test("however the wall clock is set, time goes on at least at half pace and is right again within twice the step", () => {
  const step = fc.record({
    passedMs: fc.double({ min: 0, max: 50, noNaN: true }),
    // Nearly always right; sometimes set to another time.
    setMs: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -5000, max: 5000 }) },
    ),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (steps, looks) => {
        let [wall, steady] = [1.7e12, 5];
        const { nowUs, aheadUs } = arrivalClock({
          wallMs: () => Math.floor(wall),
          steadyMs: () => steady,
        });
        let last = nowUs();
        const pass = (passedMs: number, setMs: number): void => {
          wall += passedMs + setMs;
          steady += passedMs;
          const us = nowUs();
          expect(Number.isInteger(us)).toBe(true);
          expect(us).toBeGreaterThanOrEqual(last + Math.floor(passedMs * 500) - 1);
          expect(us).toBeGreaterThan(wall * 1000 - OFF_US);
          expect(Math.abs(aheadUs() - Math.max(0, us - wall * 1000))).toBeLessThan(OFF_US);
          last = us;
        };
        for (const { passedMs, setMs } of steps) pass(passedMs, setMs);
        const leadMs = Math.max(0, last / 1000 - wall);
        for (let look = 0; look < looks; look++) pass((2 * leadMs) / looks, 0);
        expect(Math.abs(last - wall * 1000)).toBeLessThan(OFF_US);
      },
    ),
    { numRuns: 200, seed: 4 },
  );
});

test("set back by a minute, time goes on from where it was, and the wall clock catches up in two", () => {
  let [wall, steady] = [1.7e12, 0];
  const { nowUs, aheadUs } = arrivalClock({ wallMs: () => wall, steadyMs: () => steady });
  const after = (seconds: number): number => {
    wall += 1000 * seconds;
    steady += 1000 * seconds;
    return nowUs() - 1.7e15;
  };
  expect(after(0)).toBe(0);
  wall -= 60_000;
  expect(after(1)).toBe(0.5e6);
  expect(aheadUs()).toBe(59.5e6);
  expect(after(59)).toBe(30e6);
  expect(after(60)).toBe(60e6);
  expect(aheadUs()).toBe(0);
  expect(after(1)).toBe(61e6);
});

test("between two ms of the wall clock the steady one tells the µs", () => {
  let steady = 0;
  const { nowUs } = arrivalClock({ wallMs: () => 1.7e12, steadyMs: () => steady });
  expect(nowUs()).toBe(1.7e15);
  steady = 0.25;
  expect(nowUs()).toBe(1.7e15 + 250);
});
