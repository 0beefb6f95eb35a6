import { type Shortfall, shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import type { SliceCounts } from "./fold-fit.js";

/** Rows of a fold that have a whole window before them, and how many there are. */
export interface SliceRows {
  readonly rows: Fold;
  readonly counts: SliceCounts;
}

/** Rows below which a slice says nothing. */
const MINIMUM_ROWS = { train: 500, earlyStop: 50, calibrate: 50, test: 1 };

/**
 * Leaves out rows whose gap-free run is shorter than a model's window.
 *
 * @param steps - rows of a window, its last one included
 * @param model - the model's name, for what is said when rows are short
 * @returns the slices with counts; or what is missing
 */
export function rowsWithWindow(
  { runStart }: Pick<Dataset, "runStart">,
  fold: Fold,
  steps: number,
  model: string,
): SliceRows | Shortfall {
  const whole = (rows: Uint32Array): Uint32Array =>
    rows.filter((row) => row - runStart[row]! >= steps - 1);
  const rows: Fold = {
    train: whole(fold.train),
    earlyStop: whole(fold.earlyStop),
    calibrate: whole(fold.calibrate),
    test: whole(fold.test),
  };
  let withoutWindow = 0;
  for (const slice of ["train", "earlyStop", "calibrate", "test"] as const) {
    const has = rows[slice].length;
    withoutWindow += fold[slice].length - has;
    if (has >= MINIMUM_ROWS[slice]) continue;
    const what = `labelled bars in the ${SLICE_NAMES[slice]} slice with ${steps} gap-free bars`;
    return shortfall({ step: `train the ${model}`, what, has, needs: MINIMUM_ROWS[slice] });
  }
  const counts = {
    train: rows.train.length,
    earlyStop: rows.earlyStop.length,
    calibrate: rows.calibrate.length,
    test: rows.test.length,
    withoutWindow,
  };
  return { rows, counts };
}

const SLICE_NAMES = {
  train: "training",
  earlyStop: "early-stop",
  calibrate: "calibration",
  test: "test",
};
