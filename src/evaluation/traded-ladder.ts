// A model's probabilities down the friction ladder, and what its ledger makes of the Sharpe ratio at the end.
import { type ActedRows, tradedProbability } from "./acted-figures.js";
import { type BacktestLadder, backtestLadder } from "./backtest-ladder.js";
import { deflatedSharpe, type Trials } from "./deflated-sharpe.js";
import type { ExecutionRequest } from "./evaluate-model.js";
import { sharpeSample } from "./sharpe.js";

/** Trades the rows that a model acts on. */
export function tradedLadder(acted: ActedRows, execution: ExecutionRequest): BacktestLadder {
  const { dataset, rows } = acted;
  return backtestLadder({ dataset, rows, probability: tradedProbability(acted), ...execution });
}

/** Sharpe ratios of a day after all costs, and before them; NaN for fewer than two days or without variation. */
export function dailySharpes({ rungs }: BacktestLadder): {
  readonly dailySharpe: number;
  readonly grossDailySharpe: number;
} {
  const { daily } = rungs.at(-1)!;
  return {
    dailySharpe: sharpeSample(daily.map(({ net }) => net)).sharpe,
    grossDailySharpe: sharpeSample(daily.map(({ gross }) => gross)).sharpe,
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
