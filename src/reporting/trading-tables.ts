// What did trading leave, and which friction took the rest?
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { intervalText, markOf, percent } from "./evaluation-marks.js";
import type { Cell, Table } from "./table.js";

/** What trading each model gave after all costs, and how far that is from luck. */
export function tradingTable(evaluation: Evaluation): Table {
  const [first] = evaluation.models;
  const days = first?.backtest.daily.length ?? 0;
  return {
    caption: `${markOf(evaluation)}Traded over ${days} ${days === 1 ? "day" : "days"} with the fees of ${first?.backtest.costs.name ?? "no one"}, after all costs`,
    columns: [
      { name: "model", kind: "short" },
      { name: "at the mid", unit: "%", digits: 2 },
      { name: "after costs", unit: "%", digits: 2 },
      { name: "Sharpe", digits: 1 },
      { name: "interval", kind: "aside" },
      { name: "P(Sharpe > 0)", unit: "%", digits: 1 },
      { name: "deflated", unit: "%", digits: 1 },
      { name: "largest fall", unit: "%", digits: 2 },
    ],
    rows: evaluation.models.map(({ model, backtest }): readonly Cell[] => [
      model,
      percent(backtest.grossReturn),
      percent(backtest.netReturn),
      backtest.sharpe.estimate,
      intervalText(backtest.sharpe, 1, 1),
      percent(backtest.probabilisticSharpe),
      percent(backtest.deflatedSharpe),
      percent(backtest.maxDrawdown),
    ]),
  };
}

/** How much is traded, and what a side costs beside what it may cost at most. */
export function tradingCostTable(evaluation: Evaluation): Table {
  return {
    caption: `${markOf(evaluation)}What is traded, and what a side costs beside the cost at which nothing is left`,
    columns: [
      { name: "model", kind: "short" },
      { name: "turnover a day", digits: 1 },
      { name: "trades" },
      { name: "cost a side", unit: "bps", digits: 2 },
      { name: "break-even a side", unit: "bps", digits: 2 },
      { name: "fees", unit: "%", digits: 2 },
      { name: "funding", unit: "%", digits: 2 },
      { name: "unfilled", unit: "%", digits: 2 },
      { name: "left open", unit: "%", digits: 2 },
    ],
    rows: evaluation.models.map(({ model, backtest }): readonly Cell[] => [
      model,
      backtest.turnoverADay,
      backtest.trades,
      backtest.sideCostBps,
      backtest.breakEvenCostBps,
      percent(backtest.fees),
      percent(backtest.funding),
      percent(backtest.unfilledShare),
      percent(backtest.leftOpen),
    ]),
  };
}

/** One model down the ladder: what each friction takes from what the rung above it left. */
export function frictionTable({ model, ladder }: Pick<ModelEvaluation, "model" | "ladder">): Table {
  const { rungs, absent } = ladder;
  return {
    caption: `What each friction takes from ${model}`,
    columns: [
      { name: "rung", kind: "short" },
      { name: "filled", kind: "long" },
      { name: "return", unit: "%", digits: 2 },
      { name: "less than above", unit: "points", digits: 2 },
      { name: "Sharpe", digits: 1 },
      { name: "interval", kind: "aside" },
      { name: "turnover a day", digits: 1 },
      { name: "cost a side", unit: "bps", digits: 2 },
    ],
    rows: [
      ...rungs.map((rung, i): readonly Cell[] => {
        const above = rungs[i - 1];
        return [
          rung.name,
          rung.about,
          percent(rung.netReturn),
          above === undefined ? null : percent(rung.netReturn - above.netReturn),
          rung.sharpe.estimate,
          intervalText(rung.sharpe, 1, 1),
          rung.turnoverADay,
          rung.sideCostBps,
        ];
      }),
      ...absent.map(({ name, why }): readonly Cell[] => [
        name,
        `not traded: ${why}`,
        ...[null, null, null, null, null, null],
      ]),
    ],
  };
}
