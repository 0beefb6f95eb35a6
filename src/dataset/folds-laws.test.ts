// What holds of every walk-forward cut, whatever the market and the settings.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { type FoldSettings, foldEdges, foldsBetween, walkForwardFolds } from "./folds.js";
import type { Fold } from "./matrix.js";
import { FITTED_SLICES, SLICES, type SliceName } from "./slices.js";
import { type SplitColumns, splitColumns, splitMarkets } from "./test-split-columns.js";

type Settings = Omit<FoldSettings, "windowBars">;

const foldSettings: fc.Arbitrary<Settings> = fc
  .record({
    folds: fc.integer({ min: 1, max: 5 }),
    window: fc.constantFrom("anchored" as const, "rolling" as const),
    weights: fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 9 }))),
  })
  .map(({ weights, ...rest }) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const [train, earlyStop, calibrate, tested] = weights.map((weight) => weight / total);
    return {
      ...rest,
      shares: { train: train!, earlyStop: earlyStop!, calibrate: calibrate!, test: tested! },
    };
  });

const cuts = fc.record({
  market: splitMarkets({ min: 900, max: 2500 }),
  settings: foldSettings,
  windowBars: fc.constantFrom(1, 60),
});

/** Looks at every cut that has enough rows; at least half of all must have. */
function everyCut(
  look: (data: SplitColumns, folds: readonly Fold[], settings: Settings) => void,
): void {
  let cut = 0;
  fc.assert(
    fc.property(cuts, ({ market, settings, windowBars }) => {
      const data = splitColumns(market);
      const folds = walkForwardFolds(data, { ...settings, windowBars });
      if (isShortfall(folds)) return;
      cut++;
      look(data, folds, settings);
    }),
    { seed: 12, numRuns: 60 },
  );
  expect(cut).toBeGreaterThan(30);
}

const least = (column: Float64Array, rows: Uint32Array): number =>
  rows.reduce((least, row) => Math.min(least, column[row]!), Number.POSITIVE_INFINITY);

const greatest = (column: Float64Array, rows: Uint32Array): number =>
  rows.reduce((greatest, row) => Math.max(greatest, column[row]!), Number.NEGATIVE_INFINITY);

const usableRows = ({ rows, isUsable }: SplitColumns): Uint32Array =>
  Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => isUsable[row] === 1);

const takenByBadHours = ({ leftOut }: Fold, slice: (typeof FITTED_SLICES)[number]): number =>
  leftOut[slice].badHour + leftOut[slice].badWindow + leftOut[slice].badLabel;

/** Rows of a fold: kept, purged and left out. */
const allRows = (fold: Fold): number =>
  FITTED_SLICES.reduce(
    (sum, slice) => sum + fold[slice].length + fold.purged[slice] + takenByBadHours(fold, slice),
    fold.test.length,
  );

test("no label touches a later slice, and slices follow each other over all symbols at once", () => {
  everyCut((data, folds) => {
    for (const fold of folds) {
      SLICES.forEach((slice, i) => {
        for (const later of SLICES.slice(i + 1)) {
          const first = least(data.barEndUs, fold[later]);
          expect(greatest(data.labelEndUs, fold[slice])).toBeLessThan(first);
          expect(greatest(data.barEndUs, fold[slice])).toBeLessThan(first);
        }
      });
    }
  });
});

test("test slices tile the tested time: each usable row from the first on is tested once", () => {
  everyCut((data, folds) => {
    const tested = Uint32Array.from(folds.flatMap(({ test: rows }) => [...rows])).sort();
    const first = least(data.barEndUs, folds[0]!.test);
    expect(tested).toEqual(usableRows(data).filter((row) => data.barEndUs[row]! >= first));
    folds.slice(1).forEach((fold, k) => {
      expect(greatest(data.barEndUs, folds[k]!.test)).toBeLessThan(least(data.barEndUs, fold.test));
    });
  });
});

test("every other row of the tested time that has a price or can be predicted is untested once", () => {
  everyCut((data, folds) => {
    const untested = Uint32Array.from(folds.flatMap((fold) => [...fold.untested])).sort();
    const first = least(data.barEndUs, folds[0]!.test);
    const expected = Array.from({ length: data.rows }, (_, row) => row).filter(
      (row) =>
        data.barEndUs[row]! >= first &&
        data.isUsable[row] === 0 &&
        (data.isPredictable[row] === 1 || data.entryPrice[row]! > 0),
    );
    expect([...untested]).toEqual(expected);
    const again = foldsBetween(data, foldEdges(data, folds), 1) as readonly Fold[];
    expect(again.map((fold) => fold.untested)).toEqual(folds.map((fold) => fold.untested));
  });
});

test("anchored folds hold every usable row up to their end, in a slice, purged or left out", () => {
  everyCut((data, folds, { window }) => {
    if (window === "rolling") return;
    for (const fold of folds) {
      const end = greatest(data.barEndUs, fold.test);
      const usable = usableRows(data).filter((row) => data.barEndUs[row]! <= end);
      expect(allRows(fold)).toBe(usable.length);
    }
  });
});

test("rolling folds begin later and later, and are as long as each other", () => {
  everyCut((data, folds, { window }) => {
    if (window === "anchored") return;
    const symbols = new Set(data.symbolIndex).size;
    folds.slice(1).forEach((fold, k) => {
      expect(least(data.barEndUs, fold.train)).toBeGreaterThan(
        least(data.barEndUs, folds[k]!.train),
      );
      // An edge moves to the first row of its moment, and by rounding.
      expect(Math.abs(allRows(fold) - allRows(folds[k]!))).toBeLessThanOrEqual(2 * symbols + 1);
    });
  });
});

test("slices and purged rows are those that a search row by row finds", () => {
  let compared = 0;
  everyCut((data, folds, settings) => {
    slowSlices(data, settings).forEach((slow, k) => {
      if (slow === undefined) return;
      compared++;
      const fold = folds[k]!;
      for (const slice of SLICES) {
        const own = [...slow].filter(([, { slice: its }]) => its === slice);
        const kept = own.filter(([, { isPurged }]) => !isPurged).map(([row]) => row);
        if (slice === "test") {
          expect([...fold.test]).toEqual(kept);
          continue;
        }
        expect(fold.purged[slice]).toBe(own.length - kept.length);
        expect(fold[slice].length).toBe(kept.length - takenByBadHours(fold, slice));
        const ofOracle = new Set(kept);
        expect(fold[slice].every((row) => ofOracle.has(row))).toBe(true);
      }
    });
  });
  expect(compared).toBeGreaterThan(60);
});

/**
 * Each row's slice and fate, by the definition: places in the sorted times of usable rows. Undefined where a place lies in
 * the middle between two rows, so that rounding could take either.
 */
function slowSlices(
  data: SplitColumns,
  { folds, window, shares }: Settings,
): readonly (Map<number, { slice: SliceName; isPurged: boolean }> | undefined)[] {
  const usable = usableRows(data);
  const times = [...usable].map((row) => data.barEndUs[row]!).sort((a, b) => a - b);
  const length = times.length / (1 + (folds - 1) * shares.test);
  return Array.from({ length: folds }, (_, k) => {
    const shift = k * shares.test * length;
    const places = {
      train: window === "anchored" ? 0 : shift,
      earlyStop: shift + shares.train * length,
      calibrate: shift + (shares.train + shares.earlyStop) * length,
      test: shift + (1 - shares.test) * length,
      end: k === folds - 1 ? times.length : shift + length,
    };
    if (Object.values(places).some((place) => Math.abs((place % 1) - 0.5) < 1e-6)) return undefined;
    const timeAt = (place: number): number => times[Math.round(place)] ?? Number.POSITIVE_INFINITY;
    const found = new Map<number, { slice: SliceName; isPurged: boolean }>();
    for (const row of usable) {
      const time = data.barEndUs[row]!;
      const slice = [...SLICES].reverse().find((one) => time >= timeAt(places[one]));
      if (slice === undefined || time >= timeAt(places.end)) continue;
      const later = SLICES.slice(SLICES.indexOf(slice) + 1);
      const isPurged = later.some((one) => data.labelEndUs[row]! >= timeAt(places[one]));
      found.set(row, { slice, isPurged });
    }
    return found;
  });
}

test("with as many rows as too few are said to need, there are folds", () => {
  let short = 0;
  const markets = fc.record({
    market: splitMarkets({ min: 30, max: 1500 }),
    settings: foldSettings,
  });
  fc.assert(
    fc.property(markets, ({ market, settings }) => {
      const sound = { ...market, bad: 0 };
      const result = walkForwardFolds(splitColumns(sound), settings);
      if (!isShortfall(result)) return;
      short++;
      expect(result.has).toBe(usableRows(splitColumns(sound)).length);
      expect(result.needs).toBeGreaterThan(result.has);
      const bars = Math.ceil((result.needs * sound.bars) / result.has);
      for (let more = 1; ; more += 0.05) {
        const data = splitColumns({ ...sound, bars: Math.ceil(more * bars) });
        if (usableRows(data).length < result.needs) continue;
        expect(isShortfall(walkForwardFolds(data, settings))).toBe(false);
        return;
      }
    }),
    { seed: 4, numRuns: 40 },
  );
  expect(short).toBeGreaterThan(15);
});

test("the rows that are said to be needed are not many more than are", () => {
  const market = {
    ...{ symbols: 2, bars: 1000, barUs: 60e6, horizonBars: 200, latencyUs: 1, seed: 1 },
    ...{ missing: 0, unusable: 0, bad: 0, endsEarly: false },
  };
  const rowsOf = (rows: number): SplitColumns =>
    splitColumns({ ...market, bars: Math.ceil(rows / 2) });
  // The smallest slice, 10 %, must have more than the 2 × 201 rows that a label spans: 4,030 rows.
  const { needs } = walkForwardFolds(rowsOf(2000)) as Shortfall;
  expect(needs).toBe(4030);
  expect(isShortfall(walkForwardFolds(rowsOf(needs)))).toBe(false);
  expect(isShortfall(walkForwardFolds(rowsOf(needs - 30)))).toBe(true);
});
