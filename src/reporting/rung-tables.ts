// What does each rung of the baseline ladder add to the one below it?
import type { ExperimentEvaluation } from "../evaluation/evaluate-models.js";
import type { Gain } from "../evaluation/ladder.js";
import { gainText, intervalText, markOf, percent } from "./evaluation-marks.js";
import { modelText } from "./model-names.js";
import type { Cell, Table, TableColumn } from "./table.js";

const INDEPENDENT: TableColumn = { name: "independent", unit: "rows", digits: 0 };

/** What each rung adds to the one below it, in points of accuracy, paired row by row. */
export function rungsTable(evaluation: ExperimentEvaluation): Table {
  const { rungs, rows } = evaluation.rungs;
  const hasShare = rungs.some((rung) => Number.isFinite(rung.attainableShare?.estimate));
  const truth: readonly TableColumn[] = [
    { name: "share of attainable", unit: "%", digits: 0 },
    { name: "interval", unit: "%", kind: "aside" },
    INDEPENDENT,
  ];
  return {
    caption: `${markOf(evaluation)}The baseline ladder: accuracy, and what each rung adds to the one below it, on the same ${rows.toLocaleString("en-US")} rows`,
    columns: [
      { name: "rung", kind: "short" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "adds", unit: "points", digits: 1 },
      { name: "interval", unit: "points", kind: "aside" },
      INDEPENDENT,
      { name: "verdict", kind: "short" },
      ...(hasShare ? truth : []),
    ],
    rows: rungs.map(({ model, accuracy, overPrevious, attainableShare }): readonly Cell[] => [
      modelText(model),
      percent(accuracy.estimate),
      intervalText(accuracy, 1),
      ...gainCells(overPrevious?.accuracy, 100, 1),
      ...(hasShare
        ? [
            percent(attainableShare?.estimate),
            attainableShare === undefined ? null : intervalText(attainableShare, 0),
            attainableShare === undefined ? null : Math.round(attainableShare.effectiveRows),
          ]
        : []),
    ]),
  };
}

/** The same of the losses of probabilities: what each rung saves beside the one below it. */
export function rungLossesTable(evaluation: ExperimentEvaluation): Table {
  const { rungs } = evaluation.rungs;
  const saved = (unit: string): readonly TableColumn[] => [
    { name: "saved", unit, digits: 1 },
    { name: "interval", unit, kind: "aside" },
    INDEPENDENT,
    { name: "verdict", kind: "short" },
  ];
  return {
    caption: `${markOf(evaluation)}What each rung's probabilities save beside the one below it; a loss counts how sure they were as well as how right`,
    columns: [
      { name: "rung", kind: "short" },
      { name: "log-loss", unit: "nats", digits: 4 },
      ...saved("1e−3 nats"),
      { name: "Brier loss", digits: 4 },
      ...saved("1e−3"),
    ],
    rows: rungs.map(({ model, logLoss, brierLoss, overPrevious }): readonly Cell[] => [
      modelText(model),
      logLoss.estimate,
      ...gainCells(overPrevious?.logLoss, 1000, 1),
      brierLoss.estimate,
      ...gainCells(overPrevious?.brierLoss, 1000, 1),
    ]),
  };
}

/** A gain, its interval, the independent rows it rests on, and its verdict. */
function gainCells(gain: Gain | undefined, scale: number, digits: number): readonly Cell[] {
  if (gain === undefined) return [null, null, null, null];
  const { estimate, effectiveRows, verdict } = gain;
  return [
    scale * estimate,
    intervalText(gain, digits, scale),
    Math.round(effectiveRows),
    gainText(verdict),
  ];
}
