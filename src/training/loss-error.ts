// Training broke down: where, and at which row?
import { DataError } from "../core/errors.js";
import { formatUtc } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { logLoss } from "../models/logistic.js";
import { type Predictor, predictLogits } from "../models/predictor.js";

/** What broke, and on what. */
export interface Breakdown {
  /** `the loss was NaN in epoch 3, batch 17 of 40`. */
  readonly what: string;
  /** The rows it was computed on. */
  readonly rows: Uint32Array;
  /** Rows of a window. */
  readonly steps: number;
}

const LOWER_RATE = "lower the learning rate, or the longest gradient (gradientNorm)";

/**
 * The error of a loss or gradient that is no number. It names the first row that has an infinite input in its window, or no
 * outcome, or whose own loss is none; where there is no such row, the first of all.
 *
 * @param fitted - the model as it was when it broke
 */
export async function lossError(
  dataset: Dataset,
  fitted: Pick<Predictor, "scaler" | "model">,
  { what, rows, steps }: Breakdown,
): Promise<DataError> {
  const told = infiniteInput(dataset, rows, steps) ?? (await unfiniteLoss(dataset, fitted, rows));
  if (told !== undefined) return new DataError({ ...told, message: `${what}: ${told.message}` });
  const first = placeOf(dataset, rows[0]!);
  return new DataError({
    message: `${what}: no row of it alone is at fault (its first is ${first})`,
    fix: LOWER_RATE,
  });
}

type Finding = { readonly column?: string; readonly message: string; readonly fix: string };

/** A missing input is NaN and becomes its mean; one without bounds is a fault of what made it. */
function infiniteInput(dataset: Dataset, rows: Uint32Array, steps: number): Finding | undefined {
  const { inputs, featureNames } = dataset;
  const width = featureNames.length;
  for (const row of rows) {
    for (let at = (row - steps + 1) * width; at < (row + 1) * width; at++) {
      const value = inputs[at]!;
      if (Number.isFinite(value) || Number.isNaN(value)) continue;
      const own = placeOf(dataset, Math.floor(at / width));
      const column = featureNames[at % width]!;
      return {
        column,
        message: `the window of ${placeOf(dataset, row)} holds ${value} at ${own}`,
        fix: `compute the features of that day again, or leave ${column} out`,
      };
    }
  }
  return undefined;
}

async function unfiniteLoss(
  dataset: Dataset,
  fitted: Pick<Predictor, "scaler" | "model">,
  rows: Uint32Array,
): Promise<Finding | undefined> {
  const { inputs, outcome } = dataset;
  const unlabelled = rows.find((row) => !Number.isFinite(outcome[row]!));
  if (unlabelled !== undefined) {
    const message = `${placeOf(dataset, unlabelled)} has ${outcome[unlabelled]} as its outcome`;
    return { message, fix: "leave rows without a label out of the fold" };
  }
  const logits = await predictLogits(fitted, inputs, rows);
  const i = logits.findIndex((z, k) => !Number.isFinite(logLoss(z, outcome[rows[k]!]!)));
  if (i < 0) return undefined;
  const message = `${placeOf(dataset, rows[i]!)} is the first whose own loss is no number`;
  return { message, fix: LOWER_RATE };
}

function placeOf({ symbols, symbolIndex, barEndUs }: Dataset, row: number): string {
  return `${symbols[symbolIndex[row]!]} ${formatUtc(barEndUs[row]!)}`;
}
