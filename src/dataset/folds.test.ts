import fc from "fast-check";
import { expect, test } from "vitest";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import { NONE_LEFT_OUT } from "./bad-rows.js";
import { foldTimeline, unauditedAmongFitted } from "./fold-timeline.js";
import { foldsBetween, walkForwardFolds } from "./folds.js";
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
    entryPrice: new Float64Array(rows).fill(100),
    isUsable: Uint8Array.from(index, (i) => Number(!unusable(i))),
    isPredictable: new Uint8Array(rows).fill(1),
    isBad: Uint8Array.from(index, (i) => Number(bad(i))),
    runStart: Uint32Array.from(index, (i) => i - (i % bars)),
    symbolIndex: Uint8Array.from(index, (i) => Math.floor(i / bars)),
    barUs: MINUTE_US,
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
  expect(fold!.purged).toEqual({ train: 10, earlyStop: 10, calibrate: 10 });
});

test("the timeline tells where each slice's rows and labels end, and how many rows were purged", () => {
  const data = {
    ...rowsOf({ symbols: 2, bars: 1000, horizon: 10 }),
    isAudited: new Uint8Array(2000),
  };
  const [train, , , tested] = foldTimeline(data, foldsOf(data));
  // Of 550 bars of two symbols, the labels of the last ten reach past the edge.
  expect(train).toMatchObject({ fold: 1, slice: "train", rows: 2 * 540, purged: 2 * 10 });
  expect(train!.lastUs).toBe(START_US + 539 * MINUTE_US);
  expect(train!.toUs).toBe(train!.lastUs + 10 * MINUTE_US + 0.5e6);
  expect(tested).toMatchObject({ rows: 2 * 200, purged: 0, lastUs: START_US + 999 * MINUTE_US });
});

test("a row that nobody audited counts once, in however many folds it is fitted on", () => {
  const rows = rowsOf({ symbols: 2, bars: 1500 });
  const isAudited = Uint8Array.from({ length: rows.rows }, (_, row) => Number(row % 7 > 0));
  const folds = foldsOf(rows, { folds: 4, window: "anchored" });
  const isFitted = (row: number): boolean =>
    folds.some(({ train, earlyStop, calibrate }) =>
      [train, earlyStop, calibrate].some((slice) => slice.includes(row)),
    );
  const all = [...isAudited.keys()];
  const expected = all.filter((row) => isAudited[row] === 0 && isFitted(row)).length;
  expect(expected).toBeGreaterThan(200);
  expect(unauditedAmongFitted({ isAudited }, folds)).toBe(expected);
});

test("folds between given times say which slice is left without a row", () => {
  const data = rowsOf({ symbols: 1, bars: 2000, horizon: 30 });
  const at = (...bars: number[]): number[] => bars.map((bar) => START_US + bar * MINUTE_US);
  const [fold] = foldsBetween(data, [at(0, 1000, 1100, 1200, 1300)], 1) as readonly Fold[];
  expect(fold!.train.length).toBe(1000 - 30);
  const text = shortfallText(foldsBetween(data, [at(0, 1000, 1020, 1200, 1300)], 1) as Shortfall);
  expect(text).toMatch(/0 bars of the early-stop slice .* ends before the next slice/);
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

test("a fitted row's window and label hold no bad row; test rows stay", () => {
  const data = rowsOf({ symbols: 1, bars: 2000, bad: (row) => row === 500 || row === 1900 });
  const [fold] = foldsOf(data, { windowBars: 60 });
  const train = new Set(fold!.train);
  // The label of a row ends half a second after the bar 15 later begins: it reaches into bar 500 from 484 on.
  for (let row = 440; row < 620; row++) expect(train.has(row)).toBe(row < 484 || row >= 560);
  expect(new Set(fold!.test).has(1900)).toBe(true);
  expect(fold!.leftOut).toEqual({
    train: { badHour: 1, badWindow: 59, badLabel: 16 },
    earlyStop: NONE_LEFT_OUT,
    calibrate: NONE_LEFT_OUT,
  });
});

test("what bad hours take is what a search row by row finds, and verdicts move no edge", () => {
  const settings = fc.record({
    symbols: fc.integer({ min: 1, max: 3 }),
    horizon: fc.integer({ min: 1, max: 90 }),
    windowBars: fc.integer({ min: 1, max: 70 }),
    every: fc.integer({ min: 90, max: 700 }),
    length: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(settings, ({ symbols, horizon, windowBars, every, length }) => {
      const market = { symbols, bars: 1700, horizon, unusable: (row: number) => row % 333 === 5 };
      const data = rowsOf({ ...market, bad: (row) => row % every < length });
      const causeOf = (row: number): string | undefined => {
        if (data.isBad[row] === 1) return "badHour";
        for (let k = row; k > row - windowBars && k >= data.runStart[row]!; k--) {
          if (data.isBad[k] === 1) return "badWindow";
        }
        for (let k = row; k < data.rows; k++) {
          const isOwn = data.symbolIndex[k] === data.symbolIndex[row];
          const begins = data.barEndUs[k]! - MINUTE_US;
          if (isOwn && begins <= data.labelEndUs[row]! && data.isBad[k] === 1) return "badLabel";
        }
        return undefined;
      };
      const [good] = foldsOf(rowsOf(market), { windowBars });
      const result = walkForwardFolds(data, { windowBars });
      if (isShortfall(result)) return;
      for (const slice of ["train", "earlyStop", "calibrate"] as const) {
        const causes = [...good![slice]].map(causeOf);
        const count = (cause: string): number => causes.filter((one) => one === cause).length;
        expect([...result[0]![slice]]).toEqual(
          [...good![slice]].filter((_, i) => causes[i] === undefined),
        );
        const [badHour, badWindow] = [count("badHour"), count("badWindow")];
        const badLabel = count("badLabel");
        expect(result[0]!.leftOut[slice]).toEqual({ badHour, badWindow, badLabel });
      }
      expect(result[0]!.test).toEqual(good!.test);
    }),
    { seed: 5, numRuns: 25 },
  );
});

test("when bad hours take a whole slice, that is what is said", () => {
  const data = rowsOf({ symbols: 1, bars: 2000, bad: (row) => row >= 1000 && row < 1400 });
  const text = shortfallText(walkForwardFolds(data) as Shortfall);
  expect(text).toMatch(/0 bars of the early-stop slice that no bad hour touches/);
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
