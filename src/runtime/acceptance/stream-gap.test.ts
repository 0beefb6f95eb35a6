import { expect, test } from "vitest";
import { MINUTE_US } from "../../core/time.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { forgettingBars, StreamGap } from "./stream-gap.js";

const stored = (bars: number, beginsStream = false): Parameters<StreamGap["day"]>[0] => ({
  rows: new Array<FeatureRow>(bars),
  beginsStream,
});

const usesOf = (gap: StreamGap, days: readonly Parameters<StreamGap["day"]>[0][]): unknown =>
  days.map((day) => {
    const { use, beginsAnew } = gap.day(day);
    return beginsAnew ? `${use}, anew` : use;
  });

test("after a missing day a stream is compared again once so many bars were gone through", () => {
  const gap = new StreamGap(100);
  const days = [stored(60, true), undefined, undefined, stored(60, true), stored(60), stored(60)];
  expect(usesOf(gap, days)).toEqual([
    ...["compared", "missing", "missing", "apart, anew", "apart", "compared"],
  ]);
  expect(usesOf(gap, [stored(60, true), stored(30), stored(60)])).toEqual([
    ...["apart, anew", "apart", "apart"],
  ]);
  expect(usesOf(gap, [stored(60)])).toEqual(["compared"]);
});

test("a day that is missing at the very beginning, and one that was made while it was there, are gaps", () => {
  expect(usesOf(new StreamGap(50), [undefined, stored(60), stored(60)])).toEqual([
    ...["missing", "apart, anew", "compared"],
  ]);
});

test("bits never are equal after a gap", () => {
  const uses = usesOf(new StreamGap(Number.POSITIVE_INFINITY), [
    ...[stored(60), undefined, stored(1e6), stored(1e6)],
  ]);
  expect(uses).toEqual(["compared", "missing", "apart, anew", "apart, anew"]);
});

test("what forgets takes the longest warm-up, the longest input, the model's window and what is watched", () => {
  const minutes = { barUs: MINUTE_US, steps: 64, horizonBars: 15 };
  expect(forgettingBars(minutes)).toBe(2880 + 1440 + 64 + 1440);
  expect(forgettingBars({ ...minutes, horizonBars: 60 })).toBe(2880 + 1440 + 64 + 2400);
});
