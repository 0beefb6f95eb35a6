import type { Dataset, Fold } from "./matrix.js";

/** Where a slice of a fold lies in time. */
export interface SliceSpan {
  /** Counted from 1. */
  readonly fold: number;
  readonly slice: keyof Fold;
  /** First bar end and last label end, µs. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly rows: number;
}

/** Slices of all folds in time, for tables and timelines. */
export function foldTimeline(
  { barEndUs, labelEndUs }: Pick<Dataset, "barEndUs" | "labelEndUs">,
  folds: readonly Fold[],
): readonly SliceSpan[] {
  return folds.flatMap((fold, i) =>
    (["train", "earlyStop", "calibrate", "test"] as const).map((slice) => {
      let fromUs = Number.POSITIVE_INFINITY;
      let toUs = Number.NEGATIVE_INFINITY;
      for (const row of fold[slice]) {
        fromUs = Math.min(fromUs, barEndUs[row]!);
        toUs = Math.max(toUs, labelEndUs[row]!);
      }
      return { fold: i + 1, slice, fromUs, toUs, rows: fold[slice].length };
    }),
  );
}
