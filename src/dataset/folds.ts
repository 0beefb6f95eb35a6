import { OptionError } from "../core/errors.js";
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { badCauses, leaveOutBad } from "./bad-rows.js";
import type { Dataset, Fold } from "./matrix.js";
import { SLICE_WORDS, SLICES, type SliceName, type Slices } from "./slices.js";
import { usableTimes } from "./usable-times.js";

/** Shares of a fold's time that its four slices take, by rows. */
export interface SliceShares {
  readonly train: number;
  readonly earlyStop: number;
  readonly calibrate: number;
  readonly test: number;
}

/** How to lay folds over time. */
export interface FoldSettings {
  readonly folds: number;
  /** `anchored` folds all train from the first row; `rolling` ones from one test slice later each. */
  readonly window: "anchored" | "rolling";
  readonly shares: SliceShares;
  /** Rows that a model looks back over, its own included; a fitted row's window must hold no bad row. */
  readonly windowBars: number;
}

/** One fold, four slices of 55, 10, 15 and 20 %. */
const DEFAULT_FOLD_SETTINGS: FoldSettings = {
  folds: 1,
  window: "anchored",
  shares: { train: 0.55, earlyStop: 0.1, calibrate: 0.15, test: 0.2 },
  windowBars: 1,
};

/** Rows with a label that the smallest useful fold takes, over all symbols. */
const MINIMUM_ROWS = 1500;

type Columns = Pick<
  Dataset,
  | "rows"
  | "barEndUs"
  | "labelEndUs"
  | "entryPrice"
  | "symbolIndex"
  | "isUsable"
  | "isPredictable"
  | "isBad"
  | "runStart"
  | "barUs"
>;

/**
 * Walk-forward folds over all symbols at once. Slices follow each other in time; a row whose label ends at or after the
 * first row of the next slice is purged and counted, so that no label overlaps a later slice. Rows that lie in a bad hour,
 * or whose window or label reaches into one, are left out of all slices but the test, and counted. Verdicts move no edge.
 *
 * @param dataset - the matrix, or the columns of it that matter here
 * @param settings - what differs from one anchored fold of 55, 10, 15 and 20 %
 * @returns folds in time order, test slices one after the other up to the last row; or what is missing: with as many rows
 *   of these symbols as that says, and labels no longer than these, there are folds
 * @throws {OptionError} shares or counts that make no folds
 */
export function walkForwardFolds(
  dataset: Columns,
  settings: Partial<FoldSettings> = {},
): readonly Fold[] | Shortfall {
  const { folds, window, shares, windowBars } = { ...DEFAULT_FOLD_SETTINGS, ...settings };
  requireSettings(folds, shares, windowBars);
  const times = usableTimes(dataset);
  const tooFew = (): Shortfall =>
    shortfall({
      step: "split into train, early-stop, calibration and test slices",
      what: "bars with all inputs and a label",
      has: times.length,
      needs: rowsNeeded(dataset, folds, shares),
    });
  if (times.length < MINIMUM_ROWS) return tooFew();
  const causes = badCauses(dataset, windowBars);
  const result: Fold[] = [];
  for (const edges of edgesOf(times.length, { folds, window, shares })) {
    const edgesUs = edges.map((row) => times[row] ?? Number.POSITIVE_INFINITY);
    const purged = purgedSlices(dataset, edgesUs);
    const fold = withoutBadHours(purged, causes);
    if (emptySlice(purged) !== undefined) return tooFew();
    const empty = emptySlice(fold);
    if (empty !== undefined) return allBad(empty);
    result.push(fold);
  }
  return result;
}

/** Places of five ascending edges for each fold, among n rows in time order. */
function edgesOf(
  n: number,
  { folds, window, shares }: Pick<FoldSettings, "folds" | "window" | "shares">,
): readonly (readonly number[])[] {
  // K folds end one test slice apart: L + (K − 1)·test·L = n.
  const length = n / (1 + (folds - 1) * shares.test);
  // One place for the end of a test slice and the start of the next, so that rounding leaves no row between them.
  const testStart = (k: number): number =>
    k === folds ? n : Math.round((1 + (k - 1) * shares.test) * length);
  return Array.from({ length: folds }, (_, k) => {
    const start = window === "anchored" ? 0 : Math.round(k * shares.test * length);
    const calibrate = (1 + (k - 1) * shares.test - shares.calibrate) * length;
    const earlyStop = calibrate - shares.earlyStop * length;
    return [start, Math.round(earlyStop), Math.round(calibrate), testStart(k), testStart(k + 1)];
  });
}

/**
 * Times at which the slices of each fold begin, and the time just after its test, µs: what another dataset is cut at to have
 * the same folds.
 */
export function foldEdges(
  { barEndUs }: Pick<Dataset, "barEndUs">,
  folds: readonly Fold[],
): readonly (readonly number[])[] {
  const times = (rows: Uint32Array): Float64Array =>
    Float64Array.from(rows, (row) => barEndUs[row]!);
  return folds.map(({ train, earlyStop, calibrate, test, untested }) => {
    const starts = [train, earlyStop, calibrate, test].map((rows) => times(rows).sort()[0]!);
    const ends = [times(test), times(untested)].map((all) => all.sort().at(-1) ?? 0);
    return [...starts, Math.max(...ends) + 1];
  });
}

/**
 * Folds between given times, purged as any are.
 *
 * @param edges - of `foldEdges`, of a dataset of the same time
 * @param windowBars - rows that a model looks back over
 * @returns the folds; or, where a slice has no row, what it lacks
 */
export function foldsBetween(
  dataset: Columns,
  edges: readonly (readonly number[])[],
  windowBars: number,
): readonly Fold[] | Shortfall {
  const causes = badCauses(dataset, windowBars);
  const folds: Fold[] = [];
  for (const times of edges) {
    const purged = purgedSlices(dataset, times);
    const bare = emptySlice(purged);
    if (bare !== undefined) return allPurged(bare);
    const fold = withoutBadHours(purged, causes);
    const empty = emptySlice(fold);
    if (empty !== undefined) return allBad(empty);
    folds.push(fold);
  }
  return folds;
}

type Purged = Omit<Fold, "leftOut">;

/** Slices between five ascending times, purged. */
function purgedSlices(dataset: Columns, edges: readonly number[]): Purged {
  const slices: Record<SliceName, number[]> = { train: [], earlyStop: [], calibrate: [], test: [] };
  const untested: number[] = [];
  const purged = { train: 0, earlyStop: 0, calibrate: 0 };
  for (let row = 0; row < dataset.rows; row++) {
    const time = dataset.barEndUs[row]!;
    if (!(time >= edges[0]! && time < edges[4]!)) continue;
    if (dataset.isUsable[row] === 0) {
      const isTraded = dataset.isPredictable[row] === 1 || dataset.entryPrice[row]! > 0;
      if (isTraded && time >= edges[3]!) untested.push(row);
      continue;
    }
    const place = time < edges[1]! ? 0 : time < edges[2]! ? 1 : time < edges[3]! ? 2 : 3;
    const slice = SLICES[place]!;
    // A label whose end is not known is purged too.
    if (slice !== "test" && !(dataset.labelEndUs[row]! < edges[place + 1]!)) purged[slice]++;
    else slices[slice].push(row);
  }
  return {
    train: Uint32Array.from(slices.train),
    earlyStop: Uint32Array.from(slices.earlyStop),
    calibrate: Uint32Array.from(slices.calibrate),
    test: Uint32Array.from(slices.test),
    untested: Uint32Array.from(untested),
    purged,
  };
}

function withoutBadHours(slices: Purged, causes: ReturnType<typeof badCauses>): Fold {
  const train = leaveOutBad(slices.train, causes);
  const earlyStop = leaveOutBad(slices.earlyStop, causes);
  const calibrate = leaveOutBad(slices.calibrate, causes);
  return {
    train: train.rows,
    earlyStop: earlyStop.rows,
    calibrate: calibrate.rows,
    test: slices.test,
    untested: slices.untested,
    purged: slices.purged,
    leftOut: {
      train: train.leftOut,
      earlyStop: earlyStop.leftOut,
      calibrate: calibrate.leftOut,
    },
  };
}

function emptySlice(slices: Slices): SliceName | undefined {
  return SLICES.find((slice) => slices[slice].length === 0);
}

/**
 * Rows with which no slice is purged away: a slice of more rows than the longest label can span keeps its first one, so that
 * with s the smallest share and m those rows, s·L ≥ m + 1 is enough.
 */
function rowsNeeded(dataset: Columns, folds: number, shares: SliceShares): number {
  const { train, earlyStop, calibrate, test } = shares;
  const length = (labelRows(dataset) + 1) / Math.min(train, earlyStop, calibrate, test);
  return Math.max(MINIMUM_ROWS, Math.ceil(length * (1 + (folds - 1) * test)));
}

/** Most rows, over all symbols, from a row to the end of its label. */
function labelRows({ rows, barEndUs, labelEndUs, symbolIndex, isUsable, barUs }: Columns): number {
  const symbols = new Set<number>();
  let longestUs = 0;
  for (let row = 0; row < rows; row++) {
    if (isUsable[row] === 0) continue;
    symbols.add(symbolIndex[row]!);
    longestUs = Math.max(longestUs, labelEndUs[row]! - barEndUs[row]!);
  }
  return symbols.size * (Math.floor(longestUs / barUs) + 1);
}

function allPurged(slice: SliceName): Shortfall {
  const what = `bars of the ${SLICE_WORDS[slice]} slice with all inputs and a label that ends before the next slice`;
  return shortfall({ step: "cut at the same times", what, has: 0, needs: 1 });
}

function allBad(slice: SliceName): Shortfall {
  const what = `bars of the ${SLICE_WORDS[slice]} slice that no bad hour touches`;
  return shortfall({ step: "train on what the audit leaves", what, has: 0, needs: 1 });
}

function requireSettings(folds: number, shares: SliceShares, windowBars: number): void {
  const parts = [shares.train, shares.earlyStop, shares.calibrate, shares.test];
  const sum = parts.reduce((total, share) => total + share, 0);
  if (!parts.every((share) => share > 0) || Math.abs(sum - 1) > 1e-9) {
    throw new OptionError({
      column: "shares",
      message: `were ${parts.join(", ")}, expected four positive shares that add up to 1`,
      fix: "give for example 0.55, 0.1, 0.15, 0.2",
    });
  }
  for (const [column, value] of Object.entries({ folds, windowBars })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new OptionError({
        column,
        message: `was ${value}, expected a whole number from 1`,
        fix: "give 1 or more",
      });
    }
  }
}
