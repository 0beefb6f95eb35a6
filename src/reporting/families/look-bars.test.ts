import { expect, test } from "vitest";
import { DAY_US, MINUTE_US } from "../../core/time.js";
import { FRAME_START_US, frameOf } from "../features/test-frames.js";
import { busiestBars, widestHours } from "./look-bars.js";

/** Numbers 0 to n − 1 through a function. */
const series = (n: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => of(i));

test("the hours that are shown range farthest among those whose features are there", () => {
  const close = series(1000, (i) => 100 + (i >= 300 && i < 320 ? 9 : 0) + (i >= 900 ? 5 : 0));
  const warm = (from: number): Float64Array => series(1000, (i) => (i < from ? Number.NaN : 1));
  const hours = widestHours(frameOf({ close, tfi: warm(0), cvd_z: warm(0) }));
  expect(hours.to - hours.from).toBe(240);
  expect(hours.from).toBeLessThanOrEqual(300);
  expect(hours.to).toBeGreaterThan(300);
  // The first wide stretch is before what warms up long.
  expect(widestHours(frameOf({ close, tfi: warm(0), cvd_z: warm(500) })).to).toBeGreaterThan(900);
  expect(widestHours(frameOf({ close: [100, 101] }))).toMatchObject({ from: 0, to: 2 });
});

test("the minutes that are shown trade most, within a day and without a hole", () => {
  const volume = series(60, (i) => (i >= 28 && i < 33 ? 5 : 1));
  // The day ends after row 30.
  const late = frameOf({ volume }, { startUs: FRAME_START_US + DAY_US - 30 * MINUTE_US });
  const found = busiestBars(late, 10);
  expect([found.from, found.to]).toEqual([30, 40]);
  const hole = {
    ...late,
    barEndUs: late.barEndUs.map((endUs, i) => endUs + (i >= 35 ? MINUTE_US : 0)),
  };
  expect(busiestBars(hole, 10)).toMatchObject({ from: 20, to: 30 });
});
