import { requireSameLength } from "../../core/columns.js";
import { standardDeviation } from "../../core/statistics.js";
import { studentCritical, studentTails } from "../../core/student-t.js";
import { longRunError } from "./long-run-error.js";
import { type RankCodes, rankCodes } from "./rank-codes.js";
import { rankCorrelation } from "./rank-correlation.js";

/** Rank correlation of a feature with the return after it. */
export interface InformationCoefficient {
  /** Spearman's, in [−1, 1]; NaN when one side has fewer than two distinct values. */
  readonly value: number;
  /** Interval of 95 %; NaN where there are too few rows to tell. */
  readonly low: number;
  readonly high: number;
  /** Probability of a correlation so large in size without any relation; NaN where there are too few rows to tell. */
  readonly chance: number;
  /** Rows where both are there. */
  readonly rows: number;
  /** Independent rows that would give the same standard error; at most `rows`, 0 when it is not known. */
  readonly effectiveRows: number;
}

/**
 * Information coefficient: Spearman's rank correlation over the rows where feature and return are both there.
 *
 * The interval is Fisher's: atanh of the estimate ± Student's t times its standard error, which is that of the mean of the
 * rows' influences with all their dependence in time (`longRunError`): returns of h bars overlap, and features last.
 *
 * @param feature - n values in order of time; NaN where missing
 * @param futureReturn - n returns from each row on; NaN where missing
 * @param options.horizonBars - bars that one return spans
 * @throws {ShapeError} the lengths differ
 * @see Grinold & Kahn (2000), Active Portfolio Management, chapter 6
 */
export function informationCoefficient(
  feature: Float64Array,
  futureReturn: Float64Array,
  options: { readonly horizonBars: number },
): InformationCoefficient {
  requireSameLength({ feature, futureReturn });
  return coefficientOfCodes(rankCodes(feature), rankCodes(futureReturn), options);
}

/** The same of columns whose order is known already. */
export function coefficientOfCodes(
  feature: RankCodes,
  futureReturn: RankCodes,
  { horizonBars }: { readonly horizonBars: number },
): InformationCoefficient {
  const { value, influence } = rankCorrelation(feature, futureReturn);
  const rows = influence.length;
  const { standardError, freedom } = longRunError(influence, horizonBars);
  if (Number.isNaN(value) || freedom === 0) {
    const unknown = { low: Number.NaN, high: Number.NaN, chance: Number.NaN };
    return { value, ...unknown, rows, effectiveRows: 0 };
  }
  const room = 1 - value * value;
  // A perfect relation has no scatter, and Fisher's transform of it no end.
  if (room < 1e-12) return { value, low: value, high: value, chance: 0, rows, effectiveRows: rows };
  const center = Math.atanh(value);
  const error = standardError / room;
  const half = studentCritical(0.05, freedom) * error;
  return {
    value,
    low: Math.tanh(center - half),
    high: Math.tanh(center + half),
    chance: studentTails(center / error, freedom),
    rows,
    effectiveRows: Math.min(rows, (standardDeviation(influence) / standardError) ** 2),
  };
}
