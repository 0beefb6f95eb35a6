import type { FeatureEntry } from "../feature.js";
import { type Complaint, countText, FEWEST_VALUES, shortText } from "./finding.js";
import type { RankCodes } from "./rank-codes.js";

/** How far a column varies. */
export interface Constancy {
  /** Number of distinct values. */
  readonly distinct: number;
  /** The most common value and its share among all; NaN without any. */
  readonly commonValue: number;
  readonly commonShare: number;
}

/** A column of which a larger share is one value carries next to nothing. */
const NEARLY_CONSTANT = 0.99;

/** Indicators of a regime: a month may know one of them only, and one may be rare. */
const INDICATOR = /^vol_regime_/;

/** Counts a column's most common value. */
export function constancy(column: Float64Array, { code, distinct }: RankCodes): Constancy {
  const counts = new Uint32Array(distinct);
  let values = 0;
  let most = 0;
  let commonValue = Number.NaN;
  for (let row = 0; row < code.length; row++) {
    if (code[row]! < 0) continue;
    values++;
    if (++counts[code[row]!]! <= most) continue;
    most = counts[code[row]!]!;
    commonValue = column[row]!;
  }
  return { distinct, commonValue, commonShare: values === 0 ? Number.NaN : most / values };
}

/**
 * One value only is a fault where the market moved, and to be looked at where it stood still; so is nearly one value only.
 * Told of no feature with fewer than 100 values; of no indicator of a regime; and of none made from the clock alone: hours
 * of the day are few where bars are long, and the clock is no data.
 *
 * @param values - number of the feature's values
 * @param hasMoved - whether the close, or for a feature of the book alone the mid, took more than one value in its rows
 */
export function constancyComplaints(
  { name, inputs }: FeatureEntry,
  { values, hasMoved }: { readonly values: number; readonly hasMoved: boolean },
  { distinct, commonValue, commonShare }: Constancy,
): readonly Complaint[] {
  const isExempt = INDICATOR.test(name) || inputs.every((input) => input === "clock");
  if (isExempt || values < FEWEST_VALUES || commonShare <= NEARLY_CONSTANT) return [];
  const value = shortText(commonValue);
  if (distinct > 1) {
    const share = `${(100 * commonShare).toFixed(1)} %`;
    const message = `is ${value} in ${share} of its ${countText(values)} values`;
    return [{ check: "constancy", severity: "review", message }];
  }
  const all = `is ${value} in all its ${countText(values)} values`;
  return hasMoved
    ? [{ check: "constancy", severity: "fault", message: `${all}, though the price moved` }]
    : [{ check: "constancy", severity: "review", message: `${all}; the price stood still too` }];
}

/**
 * Whether a column takes more than one value in the rows where another has one.
 *
 * @param column - n codes
 * @param where - n codes
 */
export function hasMoved(column: RankCodes, where: RankCodes): boolean {
  let first = -1;
  for (let row = 0; row < column.code.length; row++) {
    if (column.code[row]! < 0 || where.code[row]! < 0) continue;
    if (first === -1) first = column.code[row]!;
    else if (column.code[row] !== first) return true;
  }
  return false;
}
