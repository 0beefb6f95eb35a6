// How were a model's probabilities traded on paper, and what did that leave?

import { FEWEST_SHARPE_DAYS } from "../../core/daily-sharpe.js";
import { fundingText, usdText } from "../costs-text.js";
import { rungName } from "../label-text.js";
import type { Cell, Table, TableColumn } from "../table.js";
import { sharpeWords } from "../trading-tables.js";
import { interval } from "./card-tables.js";
import type { CardRung, ModelCard } from "./model-card.js";

/** Whose fees, how much capital, how late: what trading on paper was done with. */
export function executionTable({ trading }: ModelCard): Table {
  const { costs, feeBps, fallbackHalfSpreadBps, defaultFundingRate } = trading;
  const { capitalUsd, minimumOrderUsd, latencyMs } = trading;
  const known = (value: number, text: string): string => (Number.isFinite(value) ? text : "—");
  return {
    caption: "Execution",
    columns: [{ name: "what" }, { name: "as traded", kind: "long" }],
    rows: [
      ["cost preset", costs],
      ["fee", `${feeBps} bps of the traded value, each side`],
      ["half spread without a book", `${fallbackHalfSpreadBps} bps`],
      ["funding", fundingText(defaultFundingRate)],
      ["capital", known(capitalUsd, `${usdText(capitalUsd)}, split evenly over the symbols`)],
      ["smallest order", known(minimumOrderUsd, usdText(minimumOrderUsd))],
      [
        "latency",
        known(
          latencyMs,
          `orders meet the book ${latencyMs} ms after a bar's end, feed and order together`,
        ),
      ],
    ],
  };
}

/** False where a model was traded on too few days for its Sharpe ratios to be shown. */
export function showsSharpe({ rungs }: ModelCard["trading"]): boolean {
  return (rungs[0]?.days ?? 0) >= FEWEST_SHARPE_DAYS;
}

/** The same probabilities, traded ever less ideally. */
export function tradingLadderTable({ trading, predicts }: ModelCard): Table {
  const hasSharpe = showsSharpe(trading);
  const columns: readonly TableColumn[] = [
    { name: "Sharpe", digits: 2 },
    { name: "95 % interval", kind: "aside" },
    { name: "above 0", unit: "%", digits: 1 },
  ];
  const sharpeCells = ({ sharpe, probabilisticSharpe }: CardRung): readonly Cell[] => [
    sharpe.estimate,
    interval(sharpe.lower, sharpe.upper, 2),
    100 * probabilisticSharpe,
  ];
  return {
    caption: `Traded on paper, fees of ${trading.costs}; ${sharpeWords(trading.rungs[0]?.days ?? 0)}`,
    columns: [
      { name: "execution", kind: "short" },
      { name: "how", kind: "long" },
      ...(hasSharpe ? columns : []),
      { name: "before costs", unit: "%", digits: 2 },
      { name: "after costs", unit: "%", digits: 2 },
      { name: "cost of a side", unit: "bps", digits: 2 },
      { name: "break-even", unit: "bps", digits: 2 },
      { name: "turnover a day", digits: 1 },
      { name: "largest fall", unit: "%", digits: 2 },
      { name: "days" },
    ],
    rows: trading.rungs.map((rung): readonly Cell[] => [
      rungName(rung.name, { labelKind: predicts.labelKind, rungs: trading.rungs }),
      rung.about,
      ...(hasSharpe ? sharpeCells(rung) : []),
      100 * rung.grossReturn,
      100 * rung.netReturn,
      rung.sideCostBps,
      rung.breakEvenCostBps,
      rung.turnoverADay,
      100 * rung.maxDrawdown,
      rung.days,
    ]),
  };
}
