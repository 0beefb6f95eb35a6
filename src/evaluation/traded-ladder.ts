// A model's probabilities down the friction ladder, and what its ledger makes of the Sharpe ratio at the end.
import { dailySharpe } from "../core/daily-sharpe.js";
import { type ActedRows, tradedProbability } from "./acted-figures.js";
import { type BacktestLadder, backtestLadder } from "./backtest-ladder.js";
import { deflatedSharpe, type Trials } from "./deflated-sharpe.js";
import type { ExecutionRequest } from "./evaluate-model.js";

/** Trades the rows that a model acts on. */
export function tradedLadder(acted: ActedRows, execution: ExecutionRequest): BacktestLadder {
  const { dataset, rows } = acted;
  return backtestLadder({ dataset, rows, probability: tradedProbability(acted), ...execution });
}

/** Sharpe ratios of a day after all costs, and before them; NaN where the days are too few to say one, or do not vary. */
export function dailySharpes({ rungs }: BacktestLadder): {
  readonly dailySharpe: number;
  readonly grossDailySharpe: number;
} {
  const { daily } = rungs.at(-1)!;
  return {
    dailySharpe: dailySharpe(daily.map(({ net }) => net)),
    grossDailySharpe: dailySharpe(daily.map(({ gross }) => gross)),
  };
}

/** The ladder with the deflated Sharpe ratios that so many trials leave. */
export function deflatedLadder(ladder: BacktestLadder, trials: Trials | undefined): BacktestLadder {
  const rungs = ladder.rungs.map((rung) => {
    const returns = rung.daily.map(({ net }) => net);
    return { ...rung, deflatedSharpe: deflatedSharpe(returns, trials) };
  });
  return { ...ladder, rungs };
}
