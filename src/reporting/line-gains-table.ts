import type { Gain } from "../evaluation/ladder.js";
import type { LineGain, LineGains } from "../evaluation/line-gains.js";
import { gainText, intervalText, markOf } from "./evaluation-marks.js";
import { modelText } from "./model-names.js";
import type { Cell, Table, TableColumn } from "./table.js";

/** What each model adds to the straight line, on all symbols and on each: accuracy and log-loss, seen and by the truth. */
export function lineGainsTable({ models, rows, labelKind }: LineGains): Table {
  const hasTruth = models.some(({ byTruth }) => byTruth !== undefined);
  const seen = (name: string, unit: string, digits: number): readonly TableColumn[] => [
    { name, unit, digits },
    { name: "interval", unit, kind: "aside" },
    { name: "verdict", kind: "short" },
  ];
  const truly = (unit: string, digits: number): readonly TableColumn[] =>
    hasTruth
      ? [
          { name: "by true probability", unit, digits },
          { name: "interval", unit, kind: "aside" },
        ]
      : [];
  return {
    caption: `${markOf({ isVoid: false, labelKind })}What each model adds to the straight line on the same ${rows.toLocaleString("en-US")} rows; log-loss that is saved counts how sure it was, too`,
    columns: [
      { name: "model", kind: "short" },
      { name: "symbol", kind: "short" },
      ...seen("accuracy", "points", 1),
      ...truly("points", 1),
      ...seen("log-loss saved", "1e−3 nats", 1),
      ...truly("1e−3 nats", 1),
    ],
    rows: models.map((one): readonly Cell[] => [
      modelText(one.model),
      one.symbol ?? "all",
      ...seenCells(one.seen.accuracy, 100),
      ...(hasTruth ? trueCells(one, "accuracy", 100) : []),
      ...seenCells(one.seen.logLoss, 1000),
      ...(hasTruth ? trueCells(one, "logLoss", 1000) : []),
    ]),
  };
}

function seenCells(gain: Gain, scale: number): readonly Cell[] {
  return [scale * gain.estimate, intervalText(gain, 1, scale), gainText(gain.verdict)];
}

function trueCells(
  { byTruth }: LineGain,
  figure: "accuracy" | "logLoss",
  scale: number,
): readonly Cell[] {
  const gain = byTruth?.[figure];
  return gain === undefined ? [null, null] : [scale * gain.estimate, intervalText(gain, 1, scale)];
}
