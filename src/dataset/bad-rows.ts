// Which rows may no model be fitted on because the audit calls an hour bad?
import type { Dataset } from "./matrix.js";

/** Rows left out of fitting, by where the bad hour lies; a row counts once, under the first that holds. */
export interface LeftOut {
  /** The row itself lies in it. */
  readonly badHour: number;
  /** A row that a model would look back on lies in it. */
  readonly badWindow: number;
  /** The time that the label spans, its ends included, reaches into it. */
  readonly badLabel: number;
}

type Columns = Pick<
  Dataset,
  "rows" | "barEndUs" | "labelEndUs" | "symbolIndex" | "isBad" | "runStart" | "barUs"
>;

/** Nothing left out. */
export const NONE_LEFT_OUT: LeftOut = { badHour: 0, badWindow: 0, badLabel: 0 };

/** Two counts together. */
export function addLeftOut(a: LeftOut, b: LeftOut): LeftOut {
  return {
    badHour: a.badHour + b.badHour,
    badWindow: a.badWindow + b.badWindow,
    badLabel: a.badLabel + b.badLabel,
  };
}

/**
 * Why each row must not be fitted on: then no row of a bad hour, and no label that reaches into one, is learned from. What a
 * feature has gathered over a bad hour further back than the window (a session's VWAP, a CVD's mean) still stands in later
 * rows: values never depend on verdicts.
 *
 * @param windowBars - rows that a model looks back over, the row itself included
 * @returns for each row of the dataset the cause; undefined where it may be fitted
 */
export function badCauses(
  dataset: Columns,
  windowBars: number,
): readonly (keyof LeftOut | undefined)[] {
  const { rows, isBad, runStart } = dataset;
  const spansBad = badLabels(dataset);
  const causes: (keyof LeftOut | undefined)[] = [];
  let lastBad = -1;
  for (let row = 0; row < rows; row++) {
    if (isBad[row] === 1) lastBad = row;
    const windowStart = Math.max(runStart[row]!, row - windowBars + 1);
    causes.push(
      lastBad === row
        ? "badHour"
        : lastBad >= windowStart
          ? "badWindow"
          : spansBad[row] === 1
            ? "badLabel"
            : undefined,
    );
  }
  return causes;
}

/** The rows that may be fitted, and how many of the given ones may not, by cause. */
export function leaveOutBad(
  rows: Uint32Array,
  causes: readonly (keyof LeftOut | undefined)[],
): { readonly rows: Uint32Array; readonly leftOut: LeftOut } {
  const leftOut = { ...NONE_LEFT_OUT } as Record<keyof LeftOut, number>;
  const kept = rows.filter((row) => {
    const cause = causes[row];
    if (cause !== undefined) leftOut[cause]++;
    return cause === undefined;
  });
  return { rows: kept, leftOut };
}

/** 1 where a later bad row of the symbol begins before or when the label ends. */
function badLabels({ rows, barEndUs, labelEndUs, symbolIndex, isBad, barUs }: Columns): Uint8Array {
  const result = new Uint8Array(rows);
  let nextBad = -1;
  for (let row = rows - 1; row >= 0; row--) {
    const isOwn = nextBad !== -1 && symbolIndex[nextBad] === symbolIndex[row];
    if (isOwn && barEndUs[nextBad]! - barUs <= labelEndUs[row]!) result[row] = 1;
    if (isBad[row] === 1) nextBad = row;
  }
  return result;
}
