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
  expect(clock.save()).toEqual([]);
  clock.advance(61, () => {});
  const copy = new BarClock(60);
  copy.restore(clock.save());
  const closed: number[] = [];
  copy.advance(240, (endUs) => closed.push(endUs));
  expect(closed).toEqual([120, 180, 240]);
  expect(copy.barEndUs).toBe(300);
  copy.finish(() => {});
  expect(copy.save()).toEqual([]);
});

test("parts of a bar end in order, the last with the bar, also those before the first event and behind the last", () => {
  const told: (readonly [string, number])[] = [];
  const close = (endUs: number): unknown => told.push(["bar", endUs]);
  const endPart = (endUs: number): unknown => told.push(["part", endUs]);
  const clock = new BarClock(100, 3);
  clock.advance(50, close, endPart);
  expect(told).toEqual([["part", 34]]);
  clock.advance(66, close, endPart);
  expect(told).toHaveLength(1);
  // A third of 100 is no whole number: 67 is the first µs that is not before 66⅔.
  clock.advance(67, close, endPart);
  const copy = new BarClock(100, 3);
  copy.restore(clock.save());
  copy.advance(134, close, endPart);
  copy.finish(close, endPart);
  const parts = [67, 100, "bar", 134, 167, 200, "bar"];
  const ends = parts.map((part, i) => (part === "bar" ? ["bar", parts[i - 1]] : ["part", part]));
  expect(told).toEqual([["part", 34], ...ends]);
});

test("however a stream's times are cut into calls, each part and each bar ends once", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 7 }), (gaps, parts) => {
      const count = { bars: 0, parts: 0 };
      const close = (): unknown => count.bars++;
      const endPart = (): unknown => count.parts++;
      const clock = new BarClock(100, parts);
      let timeUs = 0;
      for (const gap of [0, ...gaps]) {
        timeUs += gap;
        clock.advance(timeUs, close, endPart);
      }
      clock.finish(close, endPart);
      const bars = Math.floor(timeUs / 100) + 1;
      expect(count).toEqual({ bars, parts: bars * parts });
    }),
    { seed: 6 },
  );
});
