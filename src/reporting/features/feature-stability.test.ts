import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import { DAY_US, MINUTE_US } from "../../core/time.js";
import { driftingFeatures } from "./drifting-features.js";
import { type FeatureStability, featureStability } from "./feature-stability.js";
import { driftTable } from "./stability-table.js";
import { FRAME_START_US, frameOf } from "./test-frames.js";

const DAY_BARS = 1440;

/** 0 to 1 again and again, so that every block has the same quantiles. */
const saw = (rows: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => (i % 360) / 359);

test("a level that changes for a block is its shift, in units of the middle half of all", () => {
  // Four blocks of six hours: the third stands 10 higher, so that all together are wider.
  const values = saw(DAY_BARS).map((value, i) => value + (i >= 720 && i < 1080 ? 10 : 0));
  const [found] = stability({ tfi: values });
  expect(found!.block).toBe("6 hours");
  expect(found!.labels.map((label) => label.slice(11))).toEqual([
    "00:00",
    "06:00",
    "12:00",
    "18:00",
  ]);
  const sorted = [...values].sort((a, b) => a - b);
  const at = (level: number): number => {
    const place = level * (sorted.length - 1);
    const below = Math.floor(place);
    return sorted[below]! + (place - below) * ((sorted[below + 1] ?? 0) - sorted[below]!);
  };
  const unit = at(0.75) - at(0.25);
  const { shifts, widths, largest } = found!.features[0]!;
  expect(shifts[2]).toBeCloseTo((10.5 - at(0.5)) / unit, 9);
  expect(shifts[0]).toBeCloseTo((0.5 - at(0.5)) / unit, 9);
  expect(widths[2]).toBeCloseTo(0.5 / unit, 2);
  expect(largest).toBe(shifts[2]);
});

test("with four days or more blocks are days, each bar in the day that it began in", () => {
  const [found] = stability({ tfi: saw(4 * DAY_BARS) });
  expect(found!.block).toBe("day");
  expect(found!.labels).toEqual(["2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04"]);
  expect(found!.features[0]!.shifts.every((shift) => Math.abs(shift) < 1e-9)).toBe(true);
});

test("a bar that ends at midnight is the day's last", () => {
  // Thirty bars, the fewest that make a block, on either side of midnight.
  const startUs = FRAME_START_US + DAY_US - 30 * MINUTE_US;
  const [found] = featureStability([
    frameOf({ tfi: saw(60) }, { startUs }),
  ]) as readonly FeatureStability[];
  expect(found!.labels).toEqual(["2024-03-01 18:00", "2024-03-02 00:00"]);
});

test("a block without values is unknown, and does not stand for the others", () => {
  const values = saw(DAY_BARS).map((value, i) => (i < 340 ? Number.NaN : value));
  const [found] = stability({ tfi: values, obi_l1: saw(DAY_BARS).fill(Number.NaN) });
  expect(found!.features.map(({ name }) => name)).toEqual(["tfi"]);
  expect(Number.isNaN(found!.features[0]!.shifts[0])).toBe(true);
  expect(Number.isNaN(found!.features[0]!.largest)).toBe(false);
});

test("the table and the lines begin with what drifts most", () => {
  const frame = frameOf({
    obi_l1: saw(DAY_BARS),
    tfi: saw(DAY_BARS).map((value, i) => value + (i < 360 ? 3 : 0)),
  });
  const stabilities = featureStability([frame]) as readonly FeatureStability[];
  expect(driftTable(stabilities).rows[0]!.slice(0, 4)).toEqual([
    "BTCUSDT",
    "tfi",
    "trade flow",
    "2024-03-01 00:00",
  ]);
  const lines = driftingFeatures([frame], stabilities);
  if (isShortfall(lines)) throw new Error("there were no lines");
  expect(lines.names).toEqual(["tfi", "obi_l1"]);
  expect(lines.columns[0]).toEqual(frame.columns[1]);
});

test("one block, one row or nothing to compare is a shortfall", () => {
  for (const columns of [{ tfi: saw(300) }, { tfi: [1] }]) {
    expect(isShortfall(featureStability([frameOf(columns)]))).toBe(true);
  }
  // Two blocks across midnight, of ten bars each.
  const late = FRAME_START_US + DAY_US - 10 * MINUTE_US;
  expect(isShortfall(featureStability([frameOf({ tfi: saw(20) }, { startUs: late })]))).toBe(true);
});

function stability(columns: Readonly<Record<string, Float64Array>>): readonly FeatureStability[] {
  return featureStability([frameOf(columns)]) as readonly FeatureStability[];
}
