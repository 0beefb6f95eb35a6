import { OptionError } from "../core/errors.js";
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { badCauses, leaveOutBad } from "./bad-rows.js";
import type { Dataset, Fold } from "./matrix.js";
import { SLICE_WORDS, SLICES, type SliceName, type Slices } from "./slices.js";

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
  "rows" | "barEndUs" | "labelEndUs" | "symbolIndex" | "isUsable" | "isBad" | "runStart" | "barUs"
>;

/**
 * Walk-forward folds over all symbols at once. Slices follow each other in time; a row whose label ends at or after the
 * first row of the next slice is purged, so that no label overlaps a later slice. Rows that lie in a bad hour, or whose
 * window or label reaches into one, are left out of all slices but the test, and counted. Verdicts move no edge.
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
  const causes = badCauses(dataset, windowBars);
  const result: Fold[] = [];
  for (let k = 0; k < folds; k++) {
    const end = (1 + k * shares.test) * length;
    const start = window === "anchored" ? 0 : k * shares.test * length;
    const test = end - shares.test * length;
    const calibrate = test - shares.calibrate * length;
    const earlyStop = calibrate - shares.earlyStop * length;
    const edges = [start, earlyStop, calibrate, test, k === folds - 1 ? times.length : end];
    const purged = purgedSlices(dataset, edges.map(timeAt));
    const fold = withoutBadHours(purged, causes);
    if (SLICES.some((slice) => purged[slice].length === 0)) {
      return tooFew(times.length, 2 * times.length);
    }
    const empty = SLICES.find((slice) => fold[slice].length === 0);
    if (empty !== undefined) return allBad(empty);
    result.push(fold);
  }
  return result;
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
  return folds.map(({ train, earlyStop, calibrate, test }) => {
    const starts = [train, earlyStop, calibrate, test].map((rows) => times(rows).sort()[0]!);
    return [...starts, times(test).sort().at(-1)! + 1];
  });
}

/**
 * Folds between given times, purged as any are.
 *
 * @param edges - of `foldEdges`, of a dataset of the same time
 * @param windowBars - rows that a model looks back over
 * @returns what is missing where a slice has no row
 */
export function foldsBetween(
  dataset: Columns,
  edges: readonly (readonly number[])[],
  windowBars: number,
): readonly Fold[] | Shortfall {
  const causes = badCauses(dataset, windowBars);
  const folds = edges.map((times) => withoutBadHours(purgedSlices(dataset, times), causes));
  if (folds.every((fold) => SLICES.every((slice) => fold[slice].length > 0))) return folds;
  return tooFew(usableTimes(dataset).length, MINIMUM_ROWS);
}

/** Slices between five ascending times, purged. */
function purgedSlices(dataset: Columns, edges: readonly number[]): Slices {
  const slices: Record<SliceName, number[]> = { train: [], earlyStop: [], calibrate: [], test: [] };
  for (let row = 0; row < dataset.rows; row++) {
    const time = dataset.barEndUs[row]!;
    if (dataset.isUsable[row] === 0 || time < edges[0]! || time >= edges[4]!) continue;
    const slice = time < edges[1]! ? 0 : time < edges[2]! ? 1 : time < edges[3]! ? 2 : 3;
    if (slice < 3 && dataset.labelEndUs[row]! >= edges[slice + 1]!) continue;
    slices[SLICES[slice]!].push(row);
  }
  return {
    train: Uint32Array.from(slices.train),
    earlyStop: Uint32Array.from(slices.earlyStop),
    calibrate: Uint32Array.from(slices.calibrate),
    test: Uint32Array.from(slices.test),
  };
}

function withoutBadHours(slices: Slices, causes: ReturnType<typeof badCauses>): Fold {
  const train = leaveOutBad(slices.train, causes);
  const earlyStop = leaveOutBad(slices.earlyStop, causes);
  const calibrate = leaveOutBad(slices.calibrate, causes);
  return {
    train: train.rows,
    earlyStop: earlyStop.rows,
    calibrate: calibrate.rows,
    test: slices.test,
    leftOut: {
      train: train.leftOut,
      earlyStop: earlyStop.leftOut,
      calibrate: calibrate.leftOut,
    },
  };
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
