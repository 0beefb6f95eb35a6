import { OptionError } from "../core/errors.js";
import { type Shortfall, shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "./matrix.js";

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
  "rows" | "barEndUs" | "labelEndUs" | "isUsable" | "isBad" | "runStart"
>;

/**
 * Walk-forward folds over all symbols at once. Slices follow each other in time; a row whose label ends at or after the
 * first row of the next slice is purged, so that no label overlaps a later slice. Bad rows are left out of all slices
 * but the test.
 *
 * @param dataset - the matrix, or the columns of it that matter here
 * @param settings - what differs from one anchored fold of 55, 10, 15 and 20 %
 * @returns folds in time order, test slices one after the other; or what is missing
 * @throws {OptionError} shares or counts that make no folds
 */
export function walkForwardFolds(
  dataset: Columns,
  settings: Partial<FoldSettings> = {},
): readonly Fold[] | Shortfall {
  const { folds, window, shares, windowBars } = { ...DEFAULT_FOLD_SETTINGS, ...settings };
  requireSettings(folds, shares, windowBars);
  const times = usableTimes(dataset);
  if (times.length < MINIMUM_ROWS) return tooFew(times.length, MINIMUM_ROWS);
  // K folds end one test slice apart: L + (K − 1)·test·L = all rows.
  const length = times.length / (1 + (folds - 1) * shares.test);
  const timeAt = (row: number): number => times[Math.round(row)] ?? Number.POSITIVE_INFINITY;
  const result: Fold[] = [];
  for (let k = 0; k < folds; k++) {
    const end = (1 + k * shares.test) * length;
    const start = window === "anchored" ? 0 : k * shares.test * length;
    const test = end - shares.test * length;
    const calibrate = test - shares.calibrate * length;
    const earlyStop = calibrate - shares.earlyStop * length;
    const fold = cutFold(
      dataset,
      [start, earlyStop, calibrate, test, k === folds - 1 ? times.length : end].map(timeAt),
      windowBars,
    );
    const smallest = Math.min(...Object.values(fold).map((rows: Uint32Array) => rows.length));
    if (smallest === 0) return tooFew(times.length, 2 * times.length);
    result.push(fold);
  }
  return result;
}

/** Slices between five ascending times, purged. */
function cutFold(dataset: Columns, edges: readonly number[], windowBars: number): Fold {
  const hasBadWindow = badWindows(dataset, windowBars);
  const slices: number[][] = [[], [], [], []];
  for (let row = 0; row < dataset.rows; row++) {
    const time = dataset.barEndUs[row]!;
    if (dataset.isUsable[row] === 0 || time < edges[0]! || time >= edges[4]!) continue;
    const slice = time < edges[1]! ? 0 : time < edges[2]! ? 1 : time < edges[3]! ? 2 : 3;
    if (slice < 3 && hasBadWindow[row] === 1) continue;
    slices[slice]!.push(row);
  }
  const purged = slices.map((rows, slice) => {
    const nextStart = edges[slice + 1]!;
    if (slice === 3) return Uint32Array.from(rows);
    return Uint32Array.from(rows.filter((row) => dataset.labelEndUs[row]! < nextStart));
  });
  const [train, earlyStop, calibrate, test] = purged;
  return { train: train!, earlyStop: earlyStop!, calibrate: calibrate!, test: test! };
}

/** 1 where a row of the last `windowBars` of the same run, the row itself included, is bad. */
function badWindows({ rows, isBad, runStart }: Columns, windowBars: number): Uint8Array {
  const result = new Uint8Array(rows);
  let lastBad = -1;
  for (let row = 0; row < rows; row++) {
    if (isBad[row] === 1) lastBad = row;
    result[row] = Number(lastBad >= Math.max(runStart[row]!, row - windowBars + 1));
  }
  return result;
}

function usableTimes({ rows, barEndUs, isUsable }: Columns): Float64Array {
  const times: number[] = [];
  for (let row = 0; row < rows; row++) if (isUsable[row] === 1) times.push(barEndUs[row]!);
  return Float64Array.from(times).sort();
}

function tooFew(has: number, needs: number): Shortfall {
  return shortfall({
    step: "split into train, early-stop, calibration and test slices",
    what: "bars with all inputs and a label",
    has,
    needs,
  });
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
