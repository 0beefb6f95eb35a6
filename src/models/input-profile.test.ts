import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import {
  countRow,
  fitInputProfile,
  inputDistance,
  inputShift,
  PROFILE_BINS,
  profileFromBytes,
  profileToBytes,
} from "./input-profile.js";

const NAMES = ["a", "b", "c"];
const DAY = 500;

/** Rows of independent normals around a mean, one in twenty missing. */
function normals(rows: number, seed: number, mean = 0, deviation = 1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: rows * NAMES.length }, () =>
    random.uniform() < 0.05 ? Number.NaN : mean + deviation * random.normal(),
  );
}

const allRows = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

const fitted = (inputs = normals(5000, 1)): ReturnType<typeof fitInputProfile> =>
  fitInputProfile(inputs, NAMES, allRows(inputs.length / NAMES.length), {
    dayOf: (row) => Math.floor(row / DAY),
    threshold: 0.05,
  });

const countsOf = (edges: Float64Array, inputs: Float32Array): Float64Array => {
  const counts = new Float64Array(NAMES.length * PROFILE_BINS);
  for (let at = 0; at < inputs.length; at += NAMES.length) countRow(edges, inputs, at, counts);
  return counts;
};

test("each bin holds a tenth of the training values, and rows without a value are in none", () => {
  const inputs = normals(5000, 1);
  const { counts } = fitted(inputs);
  NAMES.forEach((_, j) => {
    const known = allRows(5000).filter((row) => !Number.isNaN(inputs[row * 3 + j]!)).length;
    const own = counts.slice(j * PROFILE_BINS, (j + 1) * PROFILE_BINS);
    expect(own.reduce((sum, count) => sum + count)).toBe(known);
    for (const count of own) expect(Math.abs(count - known / 10)).toBeLessThanOrEqual(1);
  });
});

test("rows of the same distribution stay within both limits, moved ones do not", () => {
  const profile = fitted();
  const shiftOf = (inputs: Float32Array): number =>
    inputShift(profile.counts, countsOf(profile.edges, inputs));
  expect(shiftOf(normals(DAY, 2))).toBeLessThan(profile.shiftLimit);
  expect(shiftOf(normals(DAY, 3, 1))).toBeGreaterThan(profile.shiftLimit);
  expect(shiftOf(normals(DAY, 4, 0, 3))).toBeGreaterThan(profile.shiftLimit);
  const distance = (mean: number): number =>
    inputDistance(profile.scaler, Float32Array.of(mean, mean, mean), 0);
  expect(distance(1)).toBeLessThan(profile.distanceLimit);
  expect(distance(6)).toBeGreaterThan(profile.distanceLimit);
});

test("one row in two thousand of the training rows at most is farther than the limit", () => {
  const inputs = normals(5000, 1);
  const { scaler, distanceLimit } = fitted(inputs);
  const foreign = allRows(5000).filter((row) => inputDistance(scaler, inputs, row) > distanceLimit);
  expect(foreign.length).toBeLessThanOrEqual(5000 * 0.0005);
});

test("days that differ among themselves in training raise the limit of what counts as a shift", () => {
  const days = Array.from({ length: 10 }, (_, day) => normals(DAY, day, day % 2 === 0 ? 0 : 3));
  const inputs = Float32Array.from(days.flatMap((day) => [...day]));
  expect(fitted(inputs).shiftLimit).toBeGreaterThan(2 * fitted().shiftLimit);
});

test("an input without any value in training is no reason to fail, and moves nothing", () => {
  const inputs = normals(1000, 1).map((value, i) => (i % 3 === 1 ? Number.NaN : value));
  const profile = fitted(inputs);
  expect(profile.counts.slice(PROFILE_BINS, 2 * PROFILE_BINS)).toEqual(new Float64Array(10));
  expect(inputShift(profile.counts, countsOf(profile.edges, normals(DAY, 2)))).toBeLessThan(0.25);
});

test("a profile is read back as it was written, and a damaged file is refused", () => {
  const profile = fitted();
  const bytes = profileToBytes(profile);
  expect(profileFromBytes(bytes, "profile")).toEqual(profile);
  const flipped = bytes.slice();
  flipped[flipped.length - 9]! ^= 1;
  expect(() => profileFromBytes(flipped, "profile")).toThrow(/profile/);
});
