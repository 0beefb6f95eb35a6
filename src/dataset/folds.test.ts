import fc from "fast-check";
import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import { walkForwardFolds } from "./folds.js";
import type { Fold } from "./matrix.js";

const START_US = 19_000 * 86_400e6;

/** Rows of some symbols, a share of them unusable or bad, labels a horizon long. */
function rowsOf({
  symbols = 3,
  bars = 1000,
  horizon = 15,
  unusable = (_row: number): boolean => false,
  bad = (_row: number): boolean => false,
} = {}) {
  const rows = symbols * bars;
  const index = Array.from({ length: rows }, (_, i) => i);
  const barEndUs = Float64Array.from(index, (i) => START_US + (i % bars) * MINUTE_US);
  return {
    rows,
    barEndUs,
    labelEndUs: barEndUs.map((time) => time + 0.5e6 + horizon * MINUTE_US),
    isUsable: Uint8Array.from(index, (i) => Number(!unusable(i))),
    isBad: Uint8Array.from(index, (i) => Number(bad(i))),
    runStart: Uint32Array.from(index, (i) => i - (i % bars)),
  };
}

function foldsOf(...args: Parameters<typeof walkForwardFolds>): readonly Fold[] {
  const folds = walkForwardFolds(...args);
  if (isShortfall(folds)) throw new Error("expected folds");
  return folds;
}

const slices = (fold: Fold): readonly Uint32Array[] => [
  fold.train,
  fold.earlyStop,
  fold.calibrate,
  fold.test,
];

test("no label of a slice reaches into a later slice, for any setting", () => {
  const settings = fc.record({
    symbols: fc.integer({ min: 1, max: 4 }),
    bars: fc.integer({ min: 1600, max: 2500 }),
    horizon: fc.integer({ min: 1, max: 240 }),
    folds: fc.integer({ min: 1, max: 4 }),
    window: fc.constantFrom("anchored" as const, "rolling" as const),
    weights: fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 9 }))),
    holes: fc.integer({ min: 17, max: 400 }),
  });
  let cut = 0;
  fc.assert(
    fc.property(settings, ({ symbols, bars, horizon, folds, window, weights, holes }) => {
      const data = rowsOf({
        symbols,
        bars,
        horizon,
        unusable: (row) => row % holes < 5,
        bad: (row) => row % 97 < 3,
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const [train, earlyStop, calibrate, testShare] = weights.map((weight) => weight / total);
      const result = walkForwardFolds(data, {
        folds,
        window,
        shares: { train: train!, earlyStop: earlyStop!, calibrate: calibrate!, test: testShare! },
      });
      if (isShortfall(result)) return;
      cut++;
      for (const fold of result) {
        slices(fold).forEach((rows, i) => {
          for (const later of slices(fold).slice(i + 1)) {
            let first = Number.POSITIVE_INFINITY;
            for (const row of later) first = Math.min(first, data.barEndUs[row]!);
            expect(rows.every((row) => data.labelEndUs[row]! < first)).toBe(true);
          }
          expect(rows.every((row) => data.isUsable[row] === 1)).toBe(true);
          if (rows !== fold.test) expect(rows.every((row) => data.isBad[row] === 0)).toBe(true);
        });
      }
    }),
    { seed: 21, numRuns: 60 },
  );
  expect(cut).toBeGreaterThan(30);
});

test("slices take their shares of rows, less the purged ones", () => {
  const [fold] = foldsOf(rowsOf());
  const horizonRows = 3 * 16;
  expect(fold!.train.length).toBe(1650 - 3 * 15);
  expect(fold!.test.length).toBe(600);
  expect(fold!.earlyStop.length).toBeGreaterThanOrEqual(300 - horizonRows);
  expect(fold!.calibrate.length).toBeGreaterThanOrEqual(450 - horizonRows);
});

test("purging removes exactly the rows whose label ends at or after the next slice's first row", () => {
  const data = rowsOf({ symbols: 1, bars: 2000, horizon: 10 });
  const exact = { ...data, labelEndUs: data.barEndUs.map((time) => time + 10 * MINUTE_US) };
  const [fold] = foldsOf(exact);
  // Train would be rows 0 … 1099; a label of row 1090 ends on row 1100, which is the next slice's first.
  expect(fold!.train.at(-1)).toBe(1089);
  expect(fold!.earlyStop[0]).toBe(1100);
});

test("test slices of several folds follow each other without overlap to the last row", () => {
  for (const window of ["anchored", "rolling"] as const) {
    const folds = foldsOf(rowsOf({ symbols: 1, bars: 3000 }), { folds: 4, window });
    const tested = folds.flatMap((fold) => [...fold.test]);
    expect(new Set(tested).size).toBe(tested.length);
    expect(tested.at(-1)).toBe(2999);
    expect(tested.every((row, i) => i === 0 || row === tested[i - 1]! + 1)).toBe(true);
    expect(folds.map((fold) => fold.train[0] === 0)).toEqual(
      [0, 1, 2, 3].map((k) => window === "anchored" || k === 0),
    );
  }
});

test("all symbols of one moment are in the same slice", () => {
  const data = rowsOf();
  const [fold] = foldsOf(data);
  const times = slices(fold!).map((rows) => new Set([...rows].map((row) => data.barEndUs[row])));
  times.forEach((set, i) => {
    for (const other of times.slice(i + 1)) expect([...other].some((t) => set.has(t))).toBe(false);
  });
});

test("a fitted row's window holds no bad row; test rows stay", () => {
  const data = rowsOf({ symbols: 1, bars: 2000, bad: (row) => row === 500 || row === 1900 });
  const [fold] = foldsOf(data, { windowBars: 60 });
  const train = new Set(fold!.train);
  for (let row = 440; row < 620; row++) expect(train.has(row)).toBe(row < 500 || row >= 560);
  expect(new Set(fold!.test).has(1900)).toBe(true);
});

test("too few rows say how many are needed", () => {
  const result = walkForwardFolds(rowsOf({ symbols: 1, bars: 9 }));
  expect(result).toMatchObject({ kind: "shortfall", has: 9, needs: 1500 });
});

test("shares that do not add up and counts below one are refused", () => {
  const shares = { train: 0.5, earlyStop: 0.1, calibrate: 0.1, test: 0.1 };
  expect(() => walkForwardFolds(rowsOf(), { shares })).toThrow(/add up to 1/);
  expect(() => walkForwardFolds(rowsOf(), { folds: 0 })).toThrow(/whole number from 1/);
});
