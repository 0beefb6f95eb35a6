import fc from "fast-check";
import { expect, test } from "vitest";
import { BarClock } from "./bar-clock.js";

const ends = (times: readonly number[], barUs: number): number[] => {
  const closed: number[] = [];
  const clock = new BarClock(barUs);
  for (const time of times) clock.advance(time, (endUs) => closed.push(endUs));
  clock.finish((endUs) => closed.push(endUs));
  return closed;
};

test("an event at a bar's end belongs to the next bar: bars are [t − Δ, t)", () => {
  expect(ends([0, 59], 60)).toEqual([60]);
  expect(ends([0, 60], 60)).toEqual([60, 120]);
  expect(ends([], 60)).toEqual([]);
});

test("bars run without a gap from the first event's to the last event's", () => {
  const times = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1 });
  fc.assert(
    fc.property(times, (list) => {
      const sorted = list.sort((a, b) => a - b);
      const first = Math.floor(sorted[0]! / 60) * 60 + 60;
      const last = Math.floor(sorted.at(-1)! / 60) * 60 + 60;
      const bars = Array.from({ length: (last - first) / 60 + 1 }, (_, i) => first + 60 * i);
      expect(ends(sorted, 60)).toEqual(bars);
    }),
    { seed: 5 },
  );
});

test("a clock goes on from where it was saved, and begins anew after finish", () => {
  const clock = new BarClock(60);
  expect(clock.save()).toBe(null);
  clock.advance(61, () => {});
  const copy = new BarClock(60);
  copy.restore(clock.save());
  const closed: number[] = [];
  copy.advance(240, (endUs) => closed.push(endUs));
  expect(closed).toEqual([120, 180, 240]);
  expect(copy.barEndUs).toBe(300);
  copy.finish(() => {});
  expect(copy.save()).toBe(null);
});
