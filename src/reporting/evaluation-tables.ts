// Figures of models as tables.
import type { Uncertainty } from "../evaluation/block-bootstrap.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { Cell, Table } from "./table.js";

/** Every figure of each model beside its base, with intervals. */
export function metricsTable({ models }: Evaluation): Table {
  const column = (name: string, unit?: string): Table["columns"][number] => ({
    name,
    ...(unit === undefined ? {} : { unit }),
    digits: unit === "%" ? 1 : 3,
  });
  return {
    caption: "Test figures, with 95 % block-bootstrap intervals",
    columns: [
      { name: "model" },
      column("accuracy", "%"),
      { name: "interval", unit: "%", kind: "aside" },
      column("majority", "%"),
      column("attainable", "%"),
      column("share of attainable", "%"),
      { name: "AUC", digits: 3 },
      { name: "Brier skill", unit: "%", digits: 2 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "calibration error", unit: "%", digits: 1 },
      { name: "its noise floor", unit: "%", kind: "aside" },
      { name: "independent rows", digits: 0 },
    ],
    rows: models.map((model): readonly Cell[] => [
      model.model,
      percent(model.metrics.accuracy.estimate),
      interval(model.metrics.accuracy, 1),
      percent(model.majorityRate),
      percent(model.ceilings?.attainable.estimate),
      percent(model.ceilings?.attainableShare.estimate),
      model.metrics.auc.estimate,
      percent(model.metrics.brierSkillScore.estimate),
      interval(model.metrics.brierSkillScore, 2),
      percent(model.metrics.calibrationError.estimate),
      (100 * model.calibrationNoiseFloor).toFixed(1),
      Math.round(model.effectiveRows),
    ]),
  };
}

/** Accuracy of each model by symbol, beside the symbol's own base rate. */
export function symbolTable({ models }: Evaluation): Table {
  return {
    caption: "Accuracy by symbol",
    columns: [
      { name: "model" },
      { name: "symbol" },
      { name: "rows" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "majority", unit: "%", digits: 1 },
    ],
    rows: models.flatMap(({ model, bySymbol }) =>
      bySymbol.map(({ group, rows, accuracy, majorityRate }): readonly Cell[] => [
        model,
        group,
        rows,
        percent(accuracy.estimate),
        interval(accuracy, 1),
        percent(majorityRate),
      ]),
    ),
  };
}

/** Known experiments and whether they came out as they must. */
export function canaryTable({ canaries }: Evaluation): Table {
  return {
    caption: canaries.length === 0 ? "Canaries: none were run" : "Canaries",
    columns: [
      { name: "canary" },
      { name: "rule" },
      { name: "value", unit: "%", digits: 1 },
      { name: "expected", unit: "%", digits: 1 },
      { name: "standard error", unit: "points", digits: 2 },
      { name: "verdict", kind: "verdict" },
      { name: "guards against" },
      { name: "measured on" },
    ],
    rows: canaries.map(({ name, rule, value, expected, standardError, isRight, guards, note }) => [
      name,
      rule,
      percent(value),
      percent(expected),
      percent(standardError),
      isRight ? "pass" : "fail",
      guards,
      note,
    ]),
  };
}

/** Every gate of each model: rule, value, margin and verdict. */
export function gateTable({ models }: Evaluation): Table {
  return {
    caption: "Gates",
    columns: [
      { name: "model" },
      { name: "gate" },
      { name: "rule" },
      { name: "value", digits: 4 },
      { name: "interval", kind: "aside" },
      { name: "margin", digits: 4 },
      { name: "verdict", kind: "verdict" },
      { name: "why" },
    ],
    rows: models.flatMap(({ model, gates }) =>
      gates.map(({ name, rule, value, lower, upper, margin, verdict, reason }): readonly Cell[] => [
        model,
        name,
        rule,
        value,
        lower < upper ? `${lower.toFixed(3)} to ${upper.toFixed(3)}` : null,
        margin,
        verdict,
        reason ?? "",
      ]),
    ),
  };
}

/** What trading each model would have cost and left. */
export function tradingTable({ models }: Evaluation): Table {
  return {
    caption: `Traded with the fees of ${models[0]?.backtest.costs.name ?? "no one"}`,
    columns: [
      { name: "model" },
      { name: "before costs", unit: "%", digits: 2 },
      { name: "after costs", unit: "%", digits: 2 },
      { name: "cost of a side", unit: "bps", digits: 2 },
      { name: "break-even", unit: "bps", digits: 2 },
      { name: "turnover a day", digits: 1 },
      { name: "largest fall", unit: "%", digits: 2 },
      { name: "days" },
    ],
    rows: models.map(({ model, backtest }): readonly Cell[] => [
      model,
      percent(backtest.grossReturn),
      percent(backtest.netReturn),
      backtest.sideCostBps,
      backtest.breakEvenCostBps,
      backtest.turnoverADay,
      percent(backtest.maxDrawdown),
      backtest.daily.length,
    ]),
  };
}

function interval({ lower, upper }: Uncertainty, digits: number): string {
  return `${(100 * lower).toFixed(digits)} to ${(100 * upper).toFixed(digits)}`;
}

function percent(ratio: number | undefined): number | null {
  return ratio === undefined || !Number.isFinite(ratio) ? null : 100 * ratio;
}
