import { type Shortfall, shortfall } from "../core/shortfall.js";
import { addLeftOut, badCauses, leaveOutBad } from "../dataset/bad-rows.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import {
  FITTED_SLICES,
  SLICE_WORDS,
  SLICES,
  type SliceName,
  type Slices,
} from "../dataset/slices.js";
import type { SliceCounts } from "./fold-fit.js";
import type { UntestedRows } from "./untested-rows.js";

/** Rows of a fold that have a whole window before them, and how many there are. */
export interface SliceRows {
  readonly rows: Slices;
  readonly counts: SliceCounts;
  readonly untested: UntestedRows;
}

/** Rows below which a slice says nothing. */
const MINIMUM_ROWS = { train: 500, earlyStop: 50, calibrate: 50, test: 1 };

/**
 * Leaves out rows whose gap-free run is shorter than a model's window, and from what is fitted on rows that a bad hour
 * touches: however the fold was cut, a model with a longer window never looks into one. A test row that is left out stays
 * among the untested ones.
 *
 * @param steps - rows of a window, its last one included
 * @param model - the model's name, for what is said when rows are short
 * @returns the slices with counts; or what is missing
 */
export function rowsWithWindow(
  dataset: Dataset,
  fold: Fold,
  steps: number,
  model: string,
): SliceRows | Shortfall {
  const { rows, withoutWindow } = wholeWindows(dataset, fold, steps);
  const causes = badCauses(dataset, steps);
  const leftOut = { ...fold.leftOut };
  for (const slice of FITTED_SLICES) {
    const sound = leaveOutBad(rows[slice], causes);
    rows[slice] = sound.rows;
    leftOut[slice] = addLeftOut(leftOut[slice], sound.leftOut);
  }
  for (const slice of SLICES) {
    const has = rows[slice].length;
    if (has >= MINIMUM_ROWS[slice]) continue;
    const what = `labelled bars in the ${SLICE_WORDS[slice]} slice with ${steps} gap-free bars outside bad hours`;
    return shortfall({ step: `train the ${model}`, what, has, needs: MINIMUM_ROWS[slice] });
  }
  const counts = { ...sliceCounts(dataset, rows), withoutWindow, leftOut };
  return { rows, counts, untested: untestedRows(dataset, fold, steps) };
}

function hasWindow(runStart: Uint32Array, row: number, steps: number): boolean {
  return row - runStart[row]! >= steps - 1;
}

function untestedRows(
  { runStart, isPredictable }: Dataset,
  { test, untested }: Fold,
  steps: number,
): UntestedRows {
  const young = test.filter((row) => !hasWindow(runStart, row, steps));
  const rows = Uint32Array.from([...untested, ...young]).sort();
  const asked = rows.filter((row) => isPredictable[row] === 1 && hasWindow(runStart, row, steps));
  return { rows, asked };
}

function wholeWindows(
  { runStart }: Dataset,
  fold: Fold,
  steps: number,
): { readonly rows: Record<SliceName, Uint32Array>; readonly withoutWindow: number } {
  const { train, earlyStop, calibrate, test } = fold;
  const rows = { train, earlyStop, calibrate, test };
  let withoutWindow = 0;
  for (const slice of SLICES) {
    rows[slice] = fold[slice].filter((row) => hasWindow(runStart, row, steps));
    withoutWindow += fold[slice].length - rows[slice].length;
  }
  return { rows, withoutWindow };
}

function sliceCounts(
  { isBad, isAudited }: Dataset,
  { train, earlyStop, calibrate, test }: Slices,
): Omit<SliceCounts, "withoutWindow" | "leftOut"> {
  const unaudited = (rows: Uint32Array): number =>
    rows.filter((row) => isAudited[row] === 0).length;
  return {
    train: train.length,
    earlyStop: earlyStop.length,
    calibrate: calibrate.length,
    test: test.length,
    unaudited: {
      train: unaudited(train),
      earlyStop: unaudited(earlyStop),
      calibrate: unaudited(calibrate),
      test: unaudited(test),
    },
    badTest: test.filter((row) => isBad[row] === 1).length,
  };
}
