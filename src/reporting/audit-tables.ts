// What did the audit take from training, and what do bad hours do to the figures?

import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import type { Experiment } from "../evaluation/experiment.js";
import { modelText, TEST_MAJORITY } from "./model-names.js";
import { sliceText } from "./slice-text.js";
import type { Cell, Table } from "./table.js";

type Slices = Experiment["slices"];

/** Rows of each slice: used, left out for bad hours by cause, lying in bad hours all the same, and never audited. */
export function sliceTable({ slices }: { readonly slices: Slices }): Table {
  return {
    caption: "Rows by slice, and what the audit says of them",
    columns: [
      { name: "fold" },
      { name: "slice" },
      { name: "rows used" },
      { name: "left out: in a bad hour" },
      { name: "left out: looks back into one" },
      { name: "left out: label reaches into one" },
      { name: "used in a bad hour" },
      { name: "never audited" },
    ],
    rows: slices.map(({ fold, slice, rows, leftOut, bad, unaudited }): readonly Cell[] => {
      const isTest = slice === "test";
      const { badHour, badWindow, badLabel } = leftOut;
      const taken = isTest ? [null, null, null] : [badHour, badWindow, badLabel];
      return [fold, sliceText(slice), rows, ...taken, bad, unaudited];
    }),
  };
}

/** The main figures of each model on all test rows and, where some lie in bad hours, on those outside of them. */
export function badHoursTable({ models }: Evaluation): Table {
  const hasBad = models.some(({ badRows }) => badRows > 0);
  const hasSharpe = models.some(({ backtest }) => backtest.daily.length >= FEWEST_SHARPE_DAYS);
  return {
    caption: hasBad
      ? "With and without the hours that the audit calls bad; positions are carried through them"
      : "No test row lies in a bad hour: the figures with bad hours are those without",
    columns: [
      { name: "model", kind: "short" },
      { name: "test rows", kind: "short" },
      { name: "n", digits: 0 },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: TEST_MAJORITY, unit: "%", digits: 1 },
      { name: "Brier loss", digits: 4 },
      { name: "Brier skill", unit: "%", digits: 2 },
      { name: "calibration error", unit: "%", digits: 1 },
      ...(hasSharpe ? [{ name: "Sharpe", digits: 1 }] : []),
      { name: "after costs", unit: "%", digits: 2 },
      { name: "days" },
    ],
    rows: models.flatMap((model): readonly (readonly Cell[])[] => [
      [modelText(model.model), "all", ...figures(model, hasSharpe)],
      ...(hasBad
        ? [[modelText(model.model), "without bad hours", ...figures(model.withoutBad, hasSharpe)]]
        : []),
    ]),
  };
}

/** In words: what bad hours took from the slices that are fitted on, and, loudly, what nobody audited. */
export function auditSentences(slices: Slices): string {
  const taken = sum(slices, ({ leftOut: { badHour, badWindow, badLabel } }) => {
    return badHour + badWindow + badLabel;
  });
  const tested = sum(slices, ({ bad }) => bad);
  const left = `Bad hours take ${count(taken)} rows from what is fitted on, and ${count(tested)} test rows lie in one.`;
  const warning = auditWarning(slices);
  return warning === undefined ? left : `${left} **${warning}**`;
}

/** Said wherever a result is, when rows were fitted or tested on that nobody audited; undefined when there is none. */
export function auditWarning(slices: Slices): string | undefined {
  const unaudited = sum(slices, (slice) => slice.unaudited);
  if (unaudited === 0) return undefined;
  const all = sum(slices, ({ rows }) => rows);
  const folds = new Set(slices.map(({ fold }) => fold)).size;
  const each = folds > 1 ? `, counted in each of ${folds} folds` : "";
  return `NEVER AUDITED: ${count(unaudited)} of ${count(all)} rows${each}, so no model of them passes its gates.`;
}

function sum(slices: Slices, of: (slice: Slices[number]) => number): number {
  return slices.reduce((total, slice) => total + of(slice), 0);
}

/** Rows in bad hours among those that something was fitted on; anything but none is a fault. */
export function badFittedRows(slices: Slices): number {
  return sum(
    slices.filter(({ slice }) => slice !== "test"),
    ({ bad }) => bad,
  );
}

function figures(
  {
    rows,
    majorityRate,
    metrics,
    backtest,
  }: Pick<ModelEvaluation, "rows" | "majorityRate" | "metrics" | "backtest">,
  hasSharpe: boolean,
): readonly Cell[] {
  return [
    rows,
    percent(metrics.accuracy.estimate),
    percent(majorityRate),
    metrics.brierLoss.estimate,
    percent(metrics.brierSkillScore.estimate),
    percent(metrics.calibrationError.estimate),
    ...(hasSharpe ? [backtest.sharpe.estimate] : []),
    percent(backtest.netReturn),
    backtest.daily.length,
  ];
}

function percent(ratio: number): number {
  return 100 * ratio;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
