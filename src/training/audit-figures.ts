import { type FittedSlice, SLICES } from "../dataset/slices.js";
import type { FoldFit } from "./fold-fit.js";

/** What the ledger holds of the audit beside every fit. */
type AuditFigures = Readonly<
  Record<
    | "badLeftOutTrain"
    | "badLeftOutEarlyStop"
    | "badLeftOutCalibrate"
    | "badTestRows"
    | "unauditedRows",
    number
  >
>;

/** Rows that bad hours took from each slice, test rows that lie in one, and rows that no audit has judged; all folds. */
export function auditFigures(folds: readonly Pick<FoldFit, "counts">[]): AuditFigures {
  const sum = (of: (fold: FoldFit["counts"]) => number): number =>
    folds.reduce((total, { counts }) => total + of(counts), 0);
  const leftOut = (slice: FittedSlice): number =>
    sum(({ leftOut: { [slice]: by } }) => by.badHour + by.badWindow + by.badLabel);
  return {
    badLeftOutTrain: leftOut("train"),
    badLeftOutEarlyStop: leftOut("earlyStop"),
    badLeftOutCalibrate: leftOut("calibrate"),
    badTestRows: sum(({ badTest }) => badTest),
    unauditedRows: sum(({ unaudited }) =>
      SLICES.reduce((total, slice) => total + unaudited[slice], 0),
    ),
  };
}
