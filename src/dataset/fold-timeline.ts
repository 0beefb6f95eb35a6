import { type LeftOut, NONE_LEFT_OUT } from "./bad-rows.js";
import type { Dataset, Fold } from "./matrix.js";
import { FITTED_SLICES, SLICES, type SliceName } from "./slices.js";

/** Where a slice of a fold lies in time, and what the audit says of its rows. */
export interface SliceSpan {
  /** Counted from 1. */
  readonly fold: number;
  readonly slice: SliceName;
  /** First bar end and last label end, µs. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Bar end of its last row, µs: from there to the next slice lie purged rows. */
  readonly lastUs: number;
  readonly rows: number;
  /** Rows whose label reaches the next slice, taken from it; none of the test. */
  readonly purged: number;
  /** Rows of it that lie in a bad hour: none of a slice that is fitted on; test rows stay and are counted. */
  readonly bad: number;
  /** Rows of it that no audit has judged. */
  readonly unaudited: number;
  /** Rows that bad hours took from it. */
  readonly leftOut: LeftOut;
}

/** Slices of all folds in time, for tables and timelines. */
export function foldTimeline(
  {
    barEndUs,
    labelEndUs,
    isBad,
    isAudited,
  }: Pick<Dataset, "barEndUs" | "labelEndUs" | "isBad" | "isAudited">,
  folds: readonly Fold[],
): readonly SliceSpan[] {
  return folds.flatMap((fold, i) =>
    SLICES.map((slice) => {
      const leftOut = slice === "test" ? NONE_LEFT_OUT : fold.leftOut[slice];
      const purged = slice === "test" ? 0 : fold.purged[slice];
      const never = Number.NEGATIVE_INFINITY;
      const span = { fromUs: Number.POSITIVE_INFINITY, toUs: never, lastUs: never };
      const counts = { rows: fold[slice].length, bad: 0, unaudited: 0 };
      for (const row of fold[slice]) {
        span.fromUs = Math.min(span.fromUs, barEndUs[row]!);
        span.toUs = Math.max(span.toUs, labelEndUs[row]!);
        span.lastUs = Math.max(span.lastUs, barEndUs[row]!);
        counts.bad += isBad[row]!;
        counts.unaudited += 1 - isAudited[row]!;
      }
      return { fold: i + 1, slice, ...span, ...counts, purged, leftOut };
    }),
  );
}

/** Different rows that something was fitted on, in whichever folds, and that no audit has judged. */
export function unauditedAmongFitted(
  { isAudited }: Pick<Dataset, "isAudited">,
  folds: readonly Fold[],
): number {
  const unaudited = new Set<number>();
  for (const fold of folds)
    for (const slice of FITTED_SLICES)
      for (const row of fold[slice]) if (isAudited[row] === 0) unaudited.add(row);
  return unaudited.size;
}
