import type { GainPair, LineGains } from "../evaluation/line-gains.js";
import { gainText, intervalText, markOf } from "./evaluation-marks.js";
import { seedsText } from "./line-gain-words.js";
import { modelText } from "./model-names.js";
import type { Cell, Table, TableColumn } from "./table.js";

/** What each model adds to the straight line in points of accuracy, on all symbols and on each. */
export function lineGainsTable(gains: LineGains): Table {
  const rows = gains.rows.toLocaleString("en-US");
  return gainTable(gains, "accuracy", {
    caption: `Accuracy less the straight line's, on the same ${rows} rows`,
    adds: "adds",
    unit: "points",
    scale: 100,
  });
}

/** The same of log-loss: what each model's probabilities save, which counts how sure they were as well as how right. */
export function lineSavingsTable(gains: LineGains): Table {
  return gainTable(gains, "logLoss", {
    caption:
      "Log-loss that is saved beside the straight line; it counts how sure a model was as well as how right",
    adds: "saves",
    unit: "1e−3 nats",
    scale: 1000,
  });
}

function gainTable(
  { models, labelKind }: LineGains,
  figure: keyof GainPair<unknown>,
  {
    caption,
    adds,
    unit,
    scale,
  }: {
    readonly caption: string;
    readonly adds: string;
    readonly unit: string;
    readonly scale: number;
  },
): Table {
  const hasTruth = models.some(({ byTruth }) => byTruth !== undefined);
  const seeds = Math.max(0, ...models.map(({ otherSeeds }) => otherSeeds.length)) + 1;
  const overSeeds: TableColumn = { name: `mean ± sd of ${seeds} seeds`, unit, kind: "short" };
  const truth: readonly TableColumn[] = [
    { name: "by true probability", unit, digits: 1 },
    { name: "interval", unit, kind: "aside" },
  ];
  return {
    caption: `${markOf({ isVoid: false, labelKind })}${caption}`,
    columns: [
      { name: "model", kind: "short" },
      { name: "symbol", kind: "short" },
      { name: adds, unit, digits: 1 },
      { name: "interval", unit, kind: "aside" },
      { name: "independent", unit: "rows", digits: 0 },
      { name: "verdict", kind: "short" },
      ...(hasTruth ? truth : []),
      ...(seeds > 1 ? [overSeeds] : []),
    ],
    rows: models.map(({ model, symbol, seen, byTruth, otherSeeds }): readonly Cell[] => {
      const gain = seen[figure];
      const truly = byTruth?.[figure];
      const known =
        truly === undefined
          ? [null, null]
          : [scale * truly.estimate, intervalText(truly, 1, scale)];
      return [
        modelText(model),
        symbol ?? "all",
        scale * gain.estimate,
        intervalText(gain, 1, scale),
        Math.round(gain.effectiveRows),
        gainText(gain.verdict),
        ...(hasTruth ? known : []),
        ...(seeds > 1 ? [seedsText({ seen, otherSeeds }, figure, scale)] : []),
      ];
    }),
  };
}
