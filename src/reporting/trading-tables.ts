// What did trading leave, and which friction took the rest?

import type { Uncertainty } from "../core/block-bootstrap.js";
import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { sharpeBlockDays } from "../evaluation/sharpe-interval.js";
import { intervalText, isBounceProne, markOf, markOfModel, percent } from "./evaluation-marks.js";
import { rungName } from "./label-text.js";
import { modelText } from "./model-names.js";
import type { Cell, Table, TableColumn } from "./table.js";

const SHARPE: readonly TableColumn[] = [
  { name: "Sharpe", digits: 1 },
  { name: "interval", kind: "aside" },
];

/** How likely a Sharpe ratio is no luck. */
const LUCK: readonly TableColumn[] = [
  { name: "P(Sharpe > 0)", unit: "%", digits: 1 },
  { name: "deflated", unit: "%", digits: 1 },
];

/** What trading each model gave after all costs, and how far that is from luck. */
export function tradingTable(evaluation: Evaluation): Table {
  const [first] = evaluation.models;
  const days = first?.backtest.daily.length ?? 0;
  return {
    caption: `${markOf(evaluation)}Traded with the fees of ${first?.backtest.costs.name ?? "no one"}, after all costs, with 95 % intervals by resampling blocks of time; ${sharpeWords(days)}`,
    columns: [
      { name: "model", kind: "short" },
      { name: "before costs", unit: "%", digits: 2 },
      { name: "after costs", unit: "%", digits: 2 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "independent bars", digits: 0 },
      { name: "largest fall", unit: "%", digits: 2 },
      { name: "interval", unit: "%", kind: "aside" },
      ...(hasDays(days) ? [...SHARPE, ...LUCK] : []),
    ],
    rows: evaluation.models.map(({ model, backtest }): readonly Cell[] => [
      modelText(model),
      percent(backtest.grossReturn),
      percent(backtest.netReturn),
      intervalText(backtest.intervals.netReturn, 1),
      Math.round(backtest.intervals.netReturn.effectiveRows),
      percent(backtest.maxDrawdown),
      intervalText(backtest.intervals.maxDrawdown, 1),
      ...(hasDays(days)
        ? [
            ...sharpeCells(backtest),
            percent(backtest.probabilisticSharpe),
            percent(backtest.deflatedSharpe),
          ]
        : []),
    ]),
  };
}

/** How much is traded, and what a side costs beside what it may cost at most. */
export function tradingCostTable(evaluation: Evaluation): Table {
  return {
    caption: `${markOf(evaluation)}What is traded, and what a side costs beside the cost at which nothing is left`,
    columns: [
      { name: "model", kind: "short" },
      { name: "turnover a day", unit: "× capital", digits: 1 },
      { name: "interval", kind: "aside" },
      { name: "trades" },
      { name: "cost a side", unit: "bps", digits: 2 },
      { name: "interval", unit: "bps", kind: "aside" },
      { name: "break-even a side", unit: "bps", digits: 2 },
      { name: "interval", unit: "bps", kind: "aside" },
      { name: "fees", unit: "%", digits: 2 },
      { name: "funding", unit: "%", digits: 2 },
      { name: "unfilled", unit: "%", digits: 2 },
      { name: "left open", unit: "%", digits: 2 },
    ],
    rows: evaluation.models.map(({ model, backtest }): readonly Cell[] => [
      modelText(model),
      backtest.turnoverADay,
      intervalText(backtest.intervals.turnoverADay, 1, 1),
      backtest.trades,
      backtest.sideCostBps,
      intervalText(backtest.intervals.sideCostBps, 2, 1),
      backtest.breakEvenCostBps,
      intervalText(backtest.intervals.breakEvenCostBps, 1, 1),
      percent(backtest.fees),
      percent(backtest.funding),
      percent(backtest.unfilledShare),
      percent(backtest.leftOpen),
    ]),
  };
}

/** One model down the friction ladder: what each friction takes from what the rung above it left. */
export function frictionTable({
  model,
  ladder,
  gates,
}: Pick<ModelEvaluation, "model" | "ladder" | "gates">): Table {
  const { rungs, absent } = ladder;
  const days = rungs[0]?.daily.length ?? 0;
  const labelKind = isBounceProne({ gates }) ? "close" : "mid";
  return {
    caption: `${markOfModel({ gates })}The friction ladder: what each friction takes from ${modelText(model)}; ${sharpeWords(days)}`,
    columns: [
      { name: "rung", kind: "short" },
      { name: "filled", kind: "long" },
      { name: "return", unit: "%", digits: 2 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "change", unit: "points", digits: 2 },
      { name: "interval", unit: "points", kind: "aside" },
      ...(hasDays(days) ? SHARPE : []),
      { name: "turnover a day", unit: "× capital", digits: 1 },
      { name: "cost a side", unit: "bps", digits: 2 },
    ],
    rows: [
      ...rungs.map((rung, i): readonly Cell[] => {
        const above = rungs[i - 1];
        return [
          rungName(rung.name, { labelKind, rungs }),
          rung.about,
          percent(rung.netReturn),
          intervalText(rung.intervals.netReturn, 1),
          above === undefined ? null : percent(rung.netReturn - above.netReturn),
          changeText(rung.intervals.overPrevious),
          ...(hasDays(days) ? sharpeCells(rung) : []),
          rung.turnoverADay,
          rung.sideCostBps,
        ];
      }),
      ...absent.map(({ name, why }): readonly Cell[] => [
        name,
        `not traded: ${why}`,
        ...new Array<Cell>(hasDays(days) ? 8 : 6).fill(null),
      ]),
    ],
  };
}

function hasDays(days: number): boolean {
  return days >= FEWEST_SHARPE_DAYS;
}

function sharpeCells({ sharpe }: Pick<ModelEvaluation["backtest"], "sharpe">): readonly Cell[] {
  return [sharpe.estimate, intervalText(sharpe, 1, 1)];
}

/** What a Sharpe ratio and its interval are. */
export function sharpeWords(days: number): string {
  return !hasDays(days)
    ? `${days} ${days === 1 ? "day is" : "days are"} too few for a Sharpe ratio`
    : `Sharpe ratios are of ${days} daily returns × √365, with the wider of two intervals: of blocks of ${sharpeBlockDays(days)} days, which need not be independent (Ledoit & Wolf 2008), and of independent days (Mertens 2002)`;
}

function changeText(change: Uncertainty | undefined): string | null {
  return change === undefined ? null : intervalText(change, 2);
}
