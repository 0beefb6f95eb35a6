// From what trading gave row by row to the figures of a backtest.
import { DAY_US, dateOf } from "../core/time.js";
import type { Uncertainty } from "./block-bootstrap.js";
import { deflatedSharpe, probabilisticSharpe, type Trials } from "./deflated-sharpe.js";
import { sharpeRatio, sharpeSample } from "./sharpe.js";
import type { TradedRows, TradeOutcome } from "./trade-rows.js";

/** Return of one UTC day as a share of the capital. */
export interface DailyReturn {
  readonly date: string;
  readonly gross: number;
  readonly net: number;
}

/** Equity after each bar, less the capital and as a share of it. */
export interface EquitySeries {
  readonly timeUs: Float64Array;
  /** As if every fill had been at the mid of its time, without fees and funding. */
  readonly gross: Float64Array;
  readonly net: Float64Array;
}

/**
 * What trading the test rows gave. Capital is constant: gains are not staked again, so that returns add up. Gross is what the
 * same trades would have earned at the mid of their times; net is after everything that the execution costs.
 */
export interface TradingFigures {
  readonly daily: readonly DailyReturn[];
  /** Annualised, net. */
  readonly sharpe: Uncertainty;
  /** Probability that the true Sharpe ratio is above 0. */
  readonly probabilisticSharpe: number;
  /** Probability that it is above what the best of all trials without skill would show; NaN where trials are unknown. */
  readonly deflatedSharpe: number;
  readonly grossReturn: number;
  readonly netReturn: number;
  /** Traded value in units of the capital, per day. */
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
  /** Value of positions that could not be closed at the end, share of the capital; they are valued at the last known mid. */
  readonly leftOpen: number;
  /** Largest fall of the net sum from its peak, share of the capital, at least 0. */
  readonly maxDrawdown: number;
  readonly equity: EquitySeries;
}

/** Figures of what was traded; the symbols' rows of one time are added up. */
export function tradingFigures(
  { dataset, rows }: TradedRows,
  { net, gross, totals }: TradeOutcome,
  trials?: Trials,
): TradingFigures {
  const times = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const equity = equitySeries(times, gross, net);
  const daily = dailyReturns(equity);
  const sample = sharpeSample(daily.map((day) => day.net));
  const { turnover, ordered, unfilled, ...sums } = totals;
  const grossReturn = equity.gross.at(-1) ?? 0;
  const netReturn = equity.net.at(-1) ?? 0;
  return {
    daily,
    sharpe: sharpeRatio(daily.map((day) => day.net)),
    probabilisticSharpe: probabilisticSharpe(sample),
    deflatedSharpe: deflatedSharpe(sample, trials),
    grossReturn,
    netReturn,
    turnoverADay: turnover / daily.length,
    sideCostBps: (1e4 * (grossReturn - netReturn)) / turnover,
    breakEvenCostBps: (1e4 * grossReturn) / turnover,
    ...sums,
    unfilledShare: unfilled / ordered,
    maxDrawdown: largestFall(equity.net),
    equity,
  };
}

/** @param times - ascending within each symbol */
function equitySeries(times: Float64Array, gross: Float64Array, net: Float64Array): EquitySeries {
  const timeUs = times.slice().sort().filter(isFirstOfItsKind);
  const sums = { gross: new Float64Array(timeUs.length), net: new Float64Array(timeUs.length) };
  let i = 0;
  for (let row = 0; row < times.length; row++) {
    const time = times[row]!;
    if (timeUs[i]! > time) i = 0;
    while (timeUs[i]! < time) i++;
    sums.gross[i]! += gross[row]!;
    sums.net[i]! += net[row]!;
  }
  for (let k = 1; k < timeUs.length; k++) {
    sums.gross[k]! += sums.gross[k - 1]!;
    sums.net[k]! += sums.net[k - 1]!;
  }
  return { timeUs, ...sums };
}

function isFirstOfItsKind(value: number, i: number, sorted: Float64Array): boolean {
  return i === 0 || value !== sorted[i - 1];
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

/** Days from the first to the last time, those without a row too; a bar belongs to the day it began in. */
function dailyReturns({ timeUs, gross, net }: EquitySeries): readonly DailyReturn[] {
  const days: DailyReturn[] = [];
  const dayOf = (i: number): number => Math.floor((timeUs[i]! - 1) / DAY_US);
  let last = { gross: 0, net: 0 };
  for (let i = 0; i < timeUs.length; ) {
    const day = dayOf(0) + days.length;
    while (i < timeUs.length && dayOf(i) === day) i++;
    const now = { gross: gross[i - 1]!, net: net[i - 1]! };
    const returns = { gross: now.gross - last.gross, net: now.net - last.net };
    days.push({ date: dateOf(day * DAY_US), ...returns });
    last = now;
  }
  return days;
}
