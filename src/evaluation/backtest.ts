// What would trading on these probabilities have earned, after costs?
import { type Costs, knownHalfSpreadBps } from "../trading/costs.js";
import { type FillBook, fillAtTouch } from "../trading/fill.js";
import type { Funding } from "../trading/funding.js";
import { type TradingFigures, tradingFigures } from "./backtest-summary.js";
import type { Trials } from "./deflated-sharpe.js";
import { type Execution, type StakeSettings, type TradedColumns, tradeRows } from "./trade-rows.js";

/** What trading the test rows gave, and with which fees. */
export interface Backtest extends TradingFigures {
  readonly costs: Costs;
}

/** What a backtest may know besides. */
export interface BacktestOptions extends StakeSettings {
  /** By symbol; none is paid where left out. */
  readonly funding?: readonly Funding[];
  readonly trials?: Trials;
}

/**
 * Trades every row's probability at the price in force after the latency, as the dataset has it, paying half the spread and the
 * fee on what is traded: no size, no depth and no store are needed. Positions are held until the next row of the symbol, over
 * gaps of at most a day, and closed where its data ends for longer.
 *
 * @param dataset - the matrix, or the columns of it that matter here
 * @param rows - n row numbers, ordered by symbol and time
 * @param probability - n probabilities of "up"
 * @param costs - fee, and the spread where the dataset has none
 * @throws {OptionError} capital or threshold out of range
 */
export function backtest(
  dataset: TradedColumns,
  rows: Uint32Array,
  probability: ArrayLike<number>,
  costs: Costs,
  { trials, funding, ...stake }: BacktestOptions = {},
): Backtest {
  const traded = { dataset, rows, probability };
  const execution = {
    ...datasetExecution(dataset, costs),
    feeBps: costs.feeBps,
    ...(funding === undefined ? {} : { funding }),
  };
  return { costs, ...tradingFigures(traded, tradeRows(traded, execution, stake), trials) };
}

/** Execution at the dataset's price and half spread after the latency, without an end of the amounts there. */
export function datasetExecution(dataset: TradedColumns, costs: Costs): Omit<Execution, "feeBps"> {
  let mid = Number.NaN;
  let half = Number.NaN;
  const unlimited = Number.POSITIVE_INFINITY;
  const quotes: FillBook = {
    bidLevels: 1,
    askLevels: 1,
    bidPrice: () => mid - half,
    askPrice: () => mid + half,
    bidAmount: () => unlimited,
    askAmount: () => unlimited,
    mid: () => mid,
  };
  const at = (row: number): FillBook => {
    mid = dataset.entryPrice[row]!;
    half = 1e-4 * mid * knownHalfSpreadBps(costs, dataset.halfSpreadBps[row]!);
    return quotes;
  };
  return { decisionBook: at, orderBook: at, delayUs: dataset.latencyUs, fill: fillAtTouch };
}
