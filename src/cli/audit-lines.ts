import { excludedText } from "../core/excluded-text.js";
import type { SliceSpan } from "../dataset/fold-timeline.js";
import { SLICE_WORDS } from "../dataset/slices.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { auditWarning } from "../reporting/audit-tables.js";
import { sharpeText } from "./evaluation-lines.js";

const AUDIT = "Run `npx tickbook audit`, for ticks then `npx tickbook features`, and train again.";

/** What the audit took from training, what of the test it calls bad, and what it never saw: a line each. */
export function auditLines(slices: readonly SliceSpan[]): readonly string[] {
  const taken = slices.filter(({ leftOut }) => takenOf(leftOut) > 0);
  const lines =
    taken.length === 0
      ? ["no bad hour touches a row that is fitted on"]
      : [`left out for bad hours: ${taken.map(takenWords).join("; ")}`];
  const test = sum(slices.filter(({ slice }) => slice === "test"));
  if (test.bad > 0) {
    lines.push(
      `${count(test.bad)} of ${count(test.rows)} test rows lie in bad hours: figures are given with and without them`,
    );
  }
  const warning = auditWarning(slices);
  if (warning !== undefined) lines.push(`${warning} ${AUDIT}`);
  return lines;
}

/** Which bars of the dataset no model is asked in, by cause. */
export function excludedLine(excluded: Readonly<Record<string, number>>): string {
  return `bars left out: ${excludedText(excluded) || "none"}`;
}

/** A model's figures outside bad hours; undefined where no test row lies in one. */
export function withoutBadLine({ badRows, withoutBad }: ModelEvaluation): string | undefined {
  if (badRows === 0) return undefined;
  const { rows, metrics, majorityRate } = withoutBad;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return (
    `without the ${count(badRows)} rows in bad hours: accuracy ${percent(metrics.accuracy.estimate)} on ` +
    `${count(rows)} rows beside ${percent(majorityRate)} for the majority, calibration error ` +
    percent(metrics.calibrationError.estimate)
  );
}

/** A model's Sharpe ratio after costs outside bad hours; undefined where it is not known, or no test row lies in one. */
export function withoutBadSharpeLine({ badRows, withoutBad }: ModelEvaluation): string | undefined {
  const { sharpe } = withoutBad.backtest;
  if (badRows === 0 || !Number.isFinite(sharpe.estimate)) return undefined;
  return `without them: Sharpe ${sharpeText(sharpe)} after costs`;
}

function takenWords({ slice, leftOut }: SliceSpan): string {
  const { badHour, badWindow, badLabel } = leftOut;
  return (
    `${count(takenOf(leftOut))} ${SLICE_WORDS[slice]} rows (${count(badHour)} in one, ` +
    `${count(badWindow)} that look back into one, ${count(badLabel)} whose label reaches into one)`
  );
}

function takenOf({ badHour, badWindow, badLabel }: SliceSpan["leftOut"]): number {
  return badHour + badWindow + badLabel;
}

function sum(slices: readonly SliceSpan[]): { rows: number; bad: number } {
  const total = { rows: 0, bad: 0 };
  for (const { rows, bad } of slices) {
    total.rows += rows;
    total.bad += bad;
  }
  return total;
}

function count(rows: number): string {
  return rows.toLocaleString("en-US");
}
