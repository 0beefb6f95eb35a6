// From what trading gave row by row to the figures of a backtest.

import type { Uncertainty } from "../core/block-bootstrap.js";
import { DAY_US } from "../core/time.js";
import { type DailyReturn, dailyReturns } from "./daily-returns.js";
import { deflatedSharpe, probabilisticSharpe, type Trials } from "./deflated-sharpe.js";
import { type EquitySeries, equitySeries } from "./equity-series.js";
import { sharpeRatio, sharpeSampleByBlocks } from "./sharpe.js";
import type { TradedRows, TradeOutcome } from "./trade-rows.js";

/**
 * What trading the test rows gave. Capital is constant: gains are not staked again, so that returns add up. Gross is what the
 * same trades would have earned at the mid of their times; net is after everything that the execution costs.
 */
export interface TradingFigures {
  /** Of the days that were tested; every Sharpe ratio rests on these and on their number. */
  readonly daily: readonly DailyReturn[];
  /** Annualised, net; NaN for fewer than twenty days, as the probabilities are. */
  readonly sharpe: Uncertainty;
  /** Probability that the true Sharpe ratio is above 0. */
  readonly probabilisticSharpe: number;
  /** Probability that it is above what the best of all trials without skill would show; NaN where trials are unknown. */
  readonly deflatedSharpe: number;
  readonly grossReturn: number;
  readonly netReturn: number;
  /** Traded value in units of the capital, per day of bars with a row; NaN without rows. */
  readonly turnoverADay: number;
  /** Cost of one side, averaged over what was traded, bps: all that lies between gross and net; NaN without a trade. */
  readonly sideCostBps: number;
  /** Cost of one side at which nothing would be left, bps; NaN without a trade. */
  readonly breakEvenCostBps: number;
  /** Fees and funding paid, shares of the capital; both are in net and not in gross. */
  readonly fees: number;
  readonly funding: number;
  /** Number of fills of at least a cent. */
  readonly trades: number;
  /** Share of the ordered value that was not filled at once and was carried into the next order; NaN without an order. */
  readonly unfilledShare: number;
  /** Number of stakes whose time came where nothing could be decided, in an outage: they were given back after it. */
  readonly lateStakes: number;
  /**
   * Value of positions that no book took where a stretch of data ends, share of the capital, summed over stretches; they are
   * charged as if the last known touch had taken them, and count as turnover but not as trades.
   */
  readonly leftOpen: number;
  /** Largest fall of the net sum from its peak, share of the capital, at least 0. */
  readonly maxDrawdown: number;
  readonly equity: EquitySeries;
}

/** Figures of what was traded; the symbols' rows of one time are added up. */
export function tradingFigures(
  traded: TradedRows,
  { totals, ...added }: TradeOutcome,
  trials?: Trials,
): TradingFigures {
  const { dataset, rows } = traded;
  const times = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const equity = equitySeries(times, added);
  const daily = dailyReturns(traded, equity);
  const sample = sharpeSampleByBlocks(daily.map((day) => day.net));
  const { turnover, ordered, unfilled, ...sums } = totals;
  const grossReturn = equity.gross.at(-1) ?? 0;
  const netReturn = equity.net.at(-1) ?? 0;
  return {
    daily,
    sharpe: sharpeRatio(sample),
    probabilisticSharpe: probabilisticSharpe(sample),
    deflatedSharpe: deflatedSharpe(sample, trials),
    grossReturn,
    netReturn,
    turnoverADay: turnover / ((equity.timeUs.length * dataset.barUs) / DAY_US),
    sideCostBps: (1e4 * (grossReturn - netReturn)) / turnover,
    breakEvenCostBps: (1e4 * grossReturn) / turnover,
    ...sums,
    unfilledShare: unfilled / ordered,
    maxDrawdown: largestFall(equity.net),
    equity,
  };
}

function largestFall(net: Float64Array): number {
  let peak = 0;
  let most = 0;
  for (const value of net) {
    peak = Math.max(peak, value);
    most = Math.max(most, peak - value);
  }
  return most;
}
