import * as fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { informationCoefficient } from "./information-coefficient.js";
import { rankCodes } from "./rank-codes.js";
import { rankCorrelation } from "./rank-correlation.js";
import { autoregression } from "./test-series.js";

const ONE_BAR = { horizonBars: 1 };

test("the value is Spearman's with mid-ranks, and rows without either side do not count", () => {
  // The example of scipy.stats.spearmanr, and its value there.
  const feature = Float64Array.of(1, 2, Number.NaN, 3, 4, 5, 6);
  const future = Float64Array.of(5, 6, 1, 7, 8, 7, Number.NaN);
  const { value, rows } = informationCoefficient(feature, future, ONE_BAR);
  expect(value).toBeCloseTo(0.8207826816681233, 14);
  expect(rows).toBe(5);
});

test("the influence of a row is what the estimate loses without it", () => {
  const random = seededRandom(1, "influence");
  // Rounded, so that both sides have ties.
  const x = Float64Array.from({ length: 400 }, () => Math.round(2 * random.normal()));
  const y = x.map((value) => Math.round(value + 2 * random.normal()));
  const { value, influence } = rankCorrelation(rankCodes(x), rankCodes(y));
  for (const row of [0, 17, 150, 399]) {
    const without = (column: Float64Array) => column.filter((_, i) => i !== row);
    const rest = rankCorrelation(rankCodes(without(x)), rankCodes(without(y))).value;
    expect(influence[row]).toBeCloseTo(399 * (value - rest), 2);
  }
});

test("order is all that counts, and a mirrored feature has the mirrored interval", () => {
  const columns = fc.array(
    fc.tuple(fc.integer({ min: -9, max: 9 }), fc.double({ min: -1, max: 1, noNaN: true })),
    { minLength: 20, maxLength: 200 },
  );
  fc.assert(
    fc.property(columns, (pairs) => {
      const feature = Float64Array.from(pairs, ([value]) => value);
      const future = Float64Array.from(pairs, ([, value]) => value);
      const plain = informationCoefficient(feature, future, ONE_BAR);
      expect(informationCoefficient(feature.map(Math.exp), future, ONE_BAR)).toEqual(plain);
      const mirrored = informationCoefficient(
        feature.map((x) => -x),
        future,
        ONE_BAR,
      );
      expect(mirrored.value).toBeCloseTo(-plain.value, 10);
      expect(mirrored.low).toBeCloseTo(-plain.high, 8);
      expect(mirrored.high).toBeCloseTo(-plain.low, 8);
    }),
    { seed: 2, numRuns: 200 },
  );
});

// Both sides autoregressive with the same memory, driven by normal shocks that correlate by `shock`.
test.each([
  { rows: 300, memory: 0, shock: 0.3 },
  { rows: 1000, memory: 0.9, shock: 0.3 },
  { rows: 1000, memory: 0.9, shock: 0.8 },
  { rows: 2000, memory: 0.98, shock: 0.3 },
])("95 % intervals hold the truth in 90 to 98 of 100 cases: %j", ({ rows, memory, shock }) => {
  const random = seededRandom(3, "coverage");
  // Spearman's of a bivariate normal pair; equal memories leave the shocks' correlation.
  const truth = (6 / Math.PI) * Math.asin(shock / 2);
  let hits = 0;
  for (let i = 0; i < 300; i++) {
    const shocks: number[] = [];
    const x = autoregression(rows, memory, () => shocks[shocks.push(random.normal()) - 1]!);
    let next = 0;
    const y = autoregression(rows, memory, () => {
      return shock * shocks[next++]! + Math.sqrt(1 - shock * shock) * random.normal();
    });
    const { low, high } = informationCoefficient(x, y, ONE_BAR);
    if (low <= truth && truth <= high) hits++;
  }
  expect(hits / 300).toBeGreaterThan(0.9);
  expect(hits / 300).toBeLessThan(0.98);
});

// A feature that lasts against returns that overlap: the case that intervals for independent rows get wrong.
test.each([
  { rows: 1440, memory: 0.95, horizonBars: 15 },
  { rows: 1440, memory: 0.95, horizonBars: 60 },
  { rows: 1000, memory: 0, horizonBars: 1 },
])("unrelated columns look related no more often than chance allows: %j", (scene) => {
  const { rows, memory, horizonBars } = scene;
  const random = seededRandom(4, "unrelated");
  let found = 0;
  let surprises = 0;
  for (let i = 0; i < 300; i++) {
    const feature = autoregression(rows, memory, random.normal);
    const path = [0];
    while (path.length < rows + horizonBars) path.push(path.at(-1)! + random.normal());
    const future = Float64Array.from(feature, (_, row) => path[row + horizonBars]! - path[row]!);
    const { low, high, chance } = informationCoefficient(feature, future, { horizonBars });
    if (low > 0 || high < 0) found++;
    if (chance < 0.05) surprises++;
  }
  expect(found / 300).toBeLessThan(0.1);
  expect(surprises).toBe(found);
});

test("rows that last count as few", () => {
  const random = seededRandom(5, "effective");
  const lasting = autoregression(5000, 0.9, random.normal);
  const other = autoregression(5000, 0.9, random.normal);
  const { rows, effectiveRows } = informationCoefficient(lasting, other, ONE_BAR);
  // Their product has the memory 0.81: (1 + 0.81)/(1 − 0.81) = 9.5 rows count as one.
  expect(rows / effectiveRows).toBeGreaterThan(6);
  expect(rows / effectiveRows).toBeLessThan(14);
});

test("too few rows have no interval, one value only no correlation, a perfect relation no scatter", () => {
  const line = Float64Array.from({ length: 50 }, (_, i) => i);
  const perfect = informationCoefficient(line, line, ONE_BAR);
  expect(perfect).toEqual({
    value: 1,
    ...{ low: 1, high: 1, chance: 0 },
    ...{ rows: 50, effectiveRows: 50 },
  });
  const short = informationCoefficient(Float64Array.of(1, 3, 2), Float64Array.of(3, 2, 1), ONE_BAR);
  expect(short).toMatchObject({ value: -0.5, low: Number.NaN, high: Number.NaN, effectiveRows: 0 });
  const overlapping = informationCoefficient(line, line, { horizonBars: 40 });
  expect(overlapping.low).toBeNaN();
  for (const constant of [line.map(() => 7), line.map(() => Number.NaN), new Float64Array(0)]) {
    const none = informationCoefficient(constant, line.slice(0, constant.length), ONE_BAR);
    expect(none).toMatchObject({ value: Number.NaN, low: Number.NaN, chance: Number.NaN });
  }
});

test("columns of different lengths do not match", () => {
  expect(() => informationCoefficient(new Float64Array(3), new Float64Array(4), ONE_BAR)).toThrow(
    /4 rows, expected 3/,
  );
});
