import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { FEATURES } from "../catalogue.js";
import type { FeatureEntry } from "../feature.js";
import { type Drift, drift, driftComplaints } from "./drift.js";
import { rankCodes } from "./rank-codes.js";
import { autoregression } from "./test-series.js";

const entry = (name: string): FeatureEntry => FEATURES.find((feature) => feature.name === name)!;
const of = (column: Float64Array): Drift | undefined => drift(column, rankCodes(column));
const isFlagged = (column: Float64Array, name = "tfi"): boolean =>
  driftComplaints(entry(name), of(column)).length > 0;

/** The second half shifted by some deviations, and stretched. */
function changed(series: Float64Array, deviations: number, factor = 1): Float64Array {
  return series.map((value, i) => (i < series.length / 2 ? value : factor * value + deviations));
}

test("the distance is the largest gap between the halves' distribution functions", () => {
  // 1…100 against 41…140: up to 40 lie only the first 40 of the first half.
  const column = Float64Array.from({ length: 200 }, (_, i) => (i < 100 ? i + 1 : i - 59));
  const found = of(column)!;
  expect(found.distance).toBeCloseTo(0.4, 12);
  // 41…100 are there twice. Quartiles of all by type 7: 45.75 and 95.25; medians 50.5 and 90.5.
  expect(found.medianShift).toBeCloseTo(40 / 49.5, 12);
  // What lies outside the order of the values is of no matter.
  expect(of(column.map(Math.exp))!.distance).toBe(found.distance);
  expect(of(column.map((value) => -value))!.medianShift).toBeCloseTo(-found.medianShift, 12);
});

test("halves of one law are hardly ever flagged, however long the series remembers", () => {
  const random = seededRandom(1, "no drift");
  for (const memory of [0, 0.9, 0.98, 0.997]) {
    let flagged = 0;
    for (let i = 0; i < 100; i++) {
      if (isFlagged(autoregression(1440, memory, random.normal))) flagged++;
    }
    expect([memory, flagged <= 2]).toEqual([memory, true]);
  }
});

test("slow swings in size around nothing are not taken for drift", () => {
  const random = seededRandom(3, "swings");
  let flagged = 0;
  for (let i = 0; i < 60; i++) {
    const size = autoregression(1440, 0.995, random.normal).map((value) => Math.exp(value / 5));
    if (isFlagged(size.map((scale) => scale * random.normal()))) flagged++;
  }
  expect(flagged).toBe(0);
});

test("a shift is flagged, and so is a change of spread alone", () => {
  const random = seededRandom(2, "drift");
  const noise = autoregression(1440, 0, random.normal);
  expect(isFlagged(noise)).toBe(false);
  expect(isFlagged(changed(noise, 1))).toBe(true);
  expect(isFlagged(changed(noise, 0, 4))).toBe(true);
  const [complaint] = driftComplaints(entry("tfi"), of(changed(noise, -3)));
  expect(complaint).toMatchObject({ check: "drift", severity: "review" });
  expect(complaint!.message).toMatch(
    /distance 0\.8\d of 1, its median 0\.9\d interquartile ranges lower/,
  );
});

test("the clock may drift with the range that was asked for", () => {
  const far = { distance: 1, medianShift: 1, effectiveRows: 100, chance: 0 };
  expect(driftComplaints(entry("hour_sin"), far)).toEqual([]);
  expect(driftComplaints(entry("tfi"), far)).toHaveLength(1);
  expect(driftComplaints(entry("tfi"), { ...far, effectiveRows: 9 })).toEqual([]);
});

test("too few values in a half, or none, are not compared; a constant has not drifted", () => {
  const column = new Float64Array(200).fill(Number.NaN);
  expect(of(column)).toBeUndefined();
  expect(of(new Float64Array(0))).toBeUndefined();
  column.fill(1, 0, 149);
  expect(of(column)).toBeUndefined();
  expect(of(column.fill(1))).toMatchObject({ distance: 0, medianShift: Number.NaN, chance: 1 });
});
