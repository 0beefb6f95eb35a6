import { excludedText } from "../core/excluded-text.js";
import type { SliceSpan } from "../dataset/fold-timeline.js";
import { SLICE_WORDS } from "../dataset/slices.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";

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
  const all = sum(slices);
  if (all.unaudited > 0) {
    lines.push(
      `NEVER AUDITED: ${count(all.unaudited)} of ${count(all.rows)} rows, so no model of them passes its gates; ` +
        "run `npx tickbook audit`, for ticks then `npx tickbook features`, and train again",
    );
  }
  return lines;
}

/** Which bars of the dataset no model is asked in, by cause. */
export function excludedLine(excluded: Readonly<Record<string, number>>): string {
  return `bars left out: ${excludedText(excluded) || "none"}`;
}

/** A model's figures outside bad hours; undefined where no test row lies in one. */
export function withoutBadLine({ badRows, withoutBad }: ModelEvaluation): string | undefined {
  if (badRows === 0) return undefined;
  const { rows, metrics, majorityRate, backtest } = withoutBad;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return (
    `without the ${count(badRows)} rows in bad hours: accuracy ${percent(metrics.accuracy.estimate)} on ` +
    `${count(rows)} rows beside ${percent(majorityRate)} for the majority, calibration error ` +
    `${percent(metrics.calibrationError.estimate)}, Sharpe ${backtest.sharpe.estimate.toFixed(2)}`
  );
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

function sum(slices: readonly SliceSpan[]): { rows: number; bad: number; unaudited: number } {
  const total = { rows: 0, bad: 0, unaudited: 0 };
  for (const { rows, bad, unaudited } of slices) {
    total.rows += rows;
    total.bad += bad;
    total.unaudited += unaudited;
  }
  return total;
}

function count(rows: number): string {
  return rows.toLocaleString("en-US");
}
