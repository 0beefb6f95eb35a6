// How far are the same minute's figures of two sources apart?
import { quantile } from "../../core/statistics.js";

/** Distribution of |a − b| / max(|a|, |b|) over minutes that both sources have; ratios in [0, 1], NaN without such minutes. */
export interface Difference {
  readonly median: number;
  /** The difference that one minute in twenty exceeds. */
  readonly percentile95: number;
  readonly largest: number;
  /** Share of minutes that are equal to the digit that `b` is printed with. */
  readonly equalShare: number;
}

/** Digits beyond these are rounding, not print: one satoshi. */
const MOST_DECIMALS = 8;

/**
 * Differences of two columns, row by row; rows that are NaN on either side are left out.
 *
 * @param a - n values
 * @param b - n values as they were printed
 */
export function difference(a: Float64Array, b: Float64Array): Difference {
  const decimals = printedDecimals(b);
  const ratios = new Float64Array(a.length);
  let rows = 0;
  let equal = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    const ratio = relativeDifference(x, y);
    if (Number.isNaN(ratio)) continue;
    ratios[rows++] = ratio;
    if (isEqualInPrint(x, y, decimals)) equal++;
  }
  const sorted = ratios.subarray(0, rows).sort();
  return {
    median: quantile(sorted, 0.5),
    percentile95: quantile(sorted, 0.95),
    largest: sorted.at(-1) ?? Number.NaN,
    equalShare: equal / rows,
  };
}

/** |a − b| / max(|a|, |b|); 0 when both are 0, NaN when one is missing. */
export function relativeDifference(a: number, b: number): number {
  if (a === b) return 0;
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

/** Most digits after the point that a column has, at most 8: the precision that its source prints. */
export function printedDecimals(values: Float64Array): number {
  let most = 0;
  for (const value of values) {
    if (!Number.isFinite(value) || Math.round(value * 10 ** most) / 10 ** most === value) continue;
    const [digits = "", exponent = "0"] = String(value).split("e");
    const after = (digits.split(".")[1] ?? "").length - Number(exponent);
    most = Math.min(MOST_DECIMALS, Math.max(most, after));
    if (most === MOST_DECIMALS) break;
  }
  return most;
}

/** Whether a value, printed with some decimals, would read as the other; half of the last digit and the rounding of sums. */
function isEqualInPrint(value: number, printed: number, decimals: number): boolean {
  return Math.abs(value - printed) <= 0.5 * 10 ** -decimals * (1 + 1e-6);
}
