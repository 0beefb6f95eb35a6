import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { DAY_US } from "../../core/time.js";
import { type InputProfile, PROFILE_BINS } from "../../models/input-profile.js";
import { InputWatch, type InputWatchState } from "./input-watch.js";

const NAMES = ["a", "b", "c"];
const WIDTH = NAMES.length;
const EDGES = PROFILE_BINS - 1;
/** Bars of a day. */
const WINDOW = 12;
const BAR_US = DAY_US / WINDOW;

/** Training that differs by input; edges are halves, so that values fall on them, too. */
function profileOf(seed: number): InputProfile {
  const random = seededRandom(seed, "profile");
  const halves = (): number => random.below(9) / 2 - 2;
  const edges = NAMES.flatMap(() => Array.from({ length: EDGES }, halves).sort((a, b) => a - b));
  return {
    featureNames: NAMES,
    scaler: {
      mean: Float64Array.from(NAMES, () => random.normal()),
      deviation: Float64Array.from(NAMES, () => 0.2 + random.uniform()),
    },
    edges: Float64Array.from(edges),
    counts: Float64Array.from({ length: WIDTH * PROFILE_BINS }, () => random.below(30)),
    distanceLimit: 2.5,
    shiftLimit: 0.8,
    threshold: 0.1,
  };
}

/** Rows of halves, some of them far away, one value in eight missing. */
function rowsOf(seed: number, count: number): readonly Float32Array[] {
  const random = seededRandom(seed, "rows");
  return Array.from({ length: count }, () =>
    Float32Array.from(NAMES, () => {
      if (random.uniform() < 0.125) return Number.NaN;
      return random.uniform() < 0.05 ? 100 * random.normal() : random.below(11) / 2 - 2.5;
    }),
  );
}

/** Root mean square of scaled inputs; what is missing is the mean, and nothing is beyond ±8. */
function plainDistance({ scaler }: InputProfile, row: Float32Array): number {
  const squares = Array.from(row, (value, j) => {
    if (Number.isNaN(value)) return 0;
    const scaled = (value - scaler.mean[j]!) / scaler.deviation[j]!;
    return Math.min(8, Math.abs(scaled)) ** 2;
  });
  return Math.sqrt(squares.reduce((sum, one) => sum + one) / WIDTH);
}

/** Rows in each bin of an input, counted one by one. */
function plainCounts(
  { edges }: InputProfile,
  j: number,
  rows: readonly Float32Array[],
): readonly number[] {
  const own = edges.slice(j * EDGES, (j + 1) * EDGES);
  const bins = rows
    .map((row) => row[j]!)
    .filter((value) => !Number.isNaN(value))
    .map((value) => own.filter((edge) => edge < value).length);
  return Array.from({ length: PROFILE_BINS }, (_, bin) => bins.filter((b) => b === bin).length);
}

/** Σ (a − e)·ln(a / e) of shares with half a row more in each bin, the mean over the inputs with rows on both sides. */
function plainShift(profile: InputProfile, rows: readonly Float32Array[]): number {
  const indices = NAMES.flatMap((_, j) => {
    const expected = [...profile.counts.slice(j * PROFILE_BINS, (j + 1) * PROFILE_BINS)];
    const actual = plainCounts(profile, j, rows);
    const [all, seen] = [expected, actual].map((counts) => counts.reduce((sum, n) => sum + n));
    if (all === 0 || seen === 0) return [];
    const terms = expected.map((count, bin) => {
      const e = (count + 0.5) / (all! + 0.5 * PROFILE_BINS);
      const a = (actual[bin]! + 0.5) / (seen! + 0.5 * PROFILE_BINS);
      return (a - e) * Math.log(a / e);
    });
    return [terms.reduce((sum, term) => sum + term)];
  });
  return indices.reduce((sum, index) => sum + index, 0) / Math.max(1, indices.length);
}

const seeds = fc.integer({ min: 0, max: 1e6 });
const counts = fc.integer({ min: 0, max: 3 * WINDOW });

test("after each row distance and shift are those of a plain recount of the last day's rows", () => {
  const seen = { foreign: 0, usual: 0, drifted: 0, steady: 0 };
  fc.assert(
    fc.property(seeds, (seed) => {
      const profile = profileOf(seed);
      const watch = new InputWatch(profile, BAR_US);
      const rows = rowsOf(seed, 4 * WINDOW);
      rows.forEach((row, i) => {
        watch.add(row);
        const distance = plainDistance(profile, row);
        expect(watch.save().distance).toBeCloseTo(distance, 10);
        expect(watch.isForeign).toBe(distance > profile.distanceLimit);
        const lastDay = rows.slice(Math.max(0, i + 1 - WINDOW), i + 1);
        const shift = lastDay.length < WINDOW ? Number.NaN : plainShift(profile, lastDay);
        if (Number.isNaN(shift)) expect(watch.shift).toBeNaN();
        else expect(watch.shift).toBeCloseTo(shift, 10);
        expect(watch.hasDrifted).toBe(shift > profile.shiftLimit);
        seen[watch.isForeign ? "foreign" : "usual"]++;
        if (!Number.isNaN(shift)) seen[watch.hasDrifted ? "drifted" : "steady"]++;
      });
    }),
    { seed: 1, numRuns: 60 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
});

test("before a day of rows nothing is said of a shift, however odd they are", () => {
  const watch = new InputWatch(profileOf(3), BAR_US);
  for (let i = 1; i < WINDOW; i++) {
    watch.add(Float32Array.of(50, 50, 50));
    expect(watch.shift).toBeNaN();
    expect(watch.hasDrifted).toBe(false);
  }
  watch.add(Float32Array.of(50, 50, 50));
  expect(watch.hasDrifted).toBe(true);
});

test("a watch that takes over a saved state goes on with the same bits, whatever it had seen before", () => {
  fc.assert(
    fc.property(seeds, counts, counts, (seed, cut, otherRows) => {
      const profile = profileOf(seed);
      const whole = new InputWatch(profile, BAR_US);
      const rows = rowsOf(seed, 3 * WINDOW);
      for (const row of rows.slice(0, cut)) whole.add(row);
      const after = new InputWatch(profile, BAR_US);
      for (const row of rowsOf(seed + 1, otherRows)) after.add(row);
      after.restore(JSON.parse(JSON.stringify(whole.save())) as InputWatchState);
      expect(after.shift).toBe(whole.shift);
      expect(after.isForeign).toBe(whole.isForeign);
      for (const row of rows.slice(cut)) {
        whole.add(row);
        after.add(row);
        expect(after.save()).toEqual(whole.save());
        expect(after.shift).toBe(whole.shift);
      }
    }),
    { seed: 2, numRuns: 60 },
  );
});
