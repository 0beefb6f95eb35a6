import { expect, test } from "vitest";
import type { DecidedBar } from "./latency-job.js";
import { latencyTimes, sentPerSecond, WARM_UP_BARS } from "./latency-times.js";

const bar = (barEndUs: number, madeMs: number, durableMs: number): DecidedBar => {
  return { barEndUs, symbols: 1, madeMs, durableMs, isEntry: false, isInDatabase: false };
};

/** Bars of a process that has warmed up. */
const warm = (...bars: readonly DecidedBar[]): readonly DecidedBar[] => [
  ...Array.from({ length: WARM_UP_BARS }, (_, i) => bar(i, 0, 0)),
  ...bars,
];

test("a bar's decisions are timed from the first message that arrives at its end or later", () => {
  const sent = Float64Array.of(90, 1, 99, 2, 100, 3, 100, 4, 150, 5, 210, 8);
  const { decided, durable } = latencyTimes(
    sent,
    Float64Array.of(),
    warm(bar(100, 10, 11), bar(101, 20, 24), bar(200, 30, 39)),
  );
  expect(decided).toEqual([10 - 3, 20 - 5, 30 - 8]);
  expect(durable).toEqual([1, 4, 9]);
});

test("an event is timed from the first message of its arrival time; one that was not sent, as a whole book, is not", () => {
  const sent = Float64Array.of(100, 3, 100, 4, 150, 5);
  const taken = Float64Array.of(100, 3.5, 120, 9, 150, 7);
  expect(latencyTimes(sent, taken, warm(bar(100, 9, 9))).taken).toEqual([0.5, 2]);
});

test("the first bars, and what came before the end of the first that counts, are not timed", () => {
  const sent = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? i / 2 : 0));
  const bars = Array.from({ length: 40 }, (_, i) => bar(2 * i, 1, 1));
  const { taken, decided } = latencyTimes(sent, sent, bars);
  expect(decided).toHaveLength(40 - WARM_UP_BARS);
  expect(taken).toHaveLength(100 - 2 * WARM_UP_BARS);
  expect(latencyTimes(sent, sent, bars.slice(0, WARM_UP_BARS)).taken).toEqual([]);
});

test("what waits for the database is timed apart", () => {
  const bars = warm(
    { ...bar(10, 1, 2), isEntry: true, isInDatabase: true },
    { ...bar(20, 3, 9), isEntry: true },
    bar(30, 4, 5),
  );
  const { committed, durable } = latencyTimes(Float64Array.of(), Float64Array.of(), bars);
  expect([committed, durable]).toEqual([[1], [1, 6, 1]]);
});

test("messages a second are those of the time in which bars are timed", () => {
  // One in 10 ms while the process warms up, one in 0.25 ms from then on, and none that comes after the last bar.
  const times = Array.from({ length: 12 }, (_, i) => [90 + i, 10 * i]);
  const timed = Array.from({ length: 400 }, (_, i) => [100 + i / 4, 1000 + i / 4]);
  const late = [200, 9000];
  const sent = Float64Array.from([...times.slice(0, 10), ...timed, late].flat());
  const bars = warm(bar(100, 0, 0), bar(150, 0, 0), bar(200, 0, 0));
  expect(sentPerSecond(sent, bars)).toBeCloseTo(4000, 8);
  expect(sentPerSecond(sent, bars.slice(0, -2))).toBeNaN();
});
