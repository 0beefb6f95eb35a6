// What would trading on these probabilities have earned, after costs?
import { DAY_US, dateOf } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { type Costs, sideCostBps } from "../trading/costs.js";
import { Tranches } from "../trading/tranches.js";
import type { Uncertainty } from "./block-bootstrap.js";
import { sharpeRatio } from "./sharpe.js";

/** Return of one UTC day as a share of the capital. */
export interface DailyReturn {
  readonly date: string;
  readonly gross: number;
  readonly net: number;
}

/** What trading the test rows gave. Returns are sums of simple returns on a constant capital, spread over the symbols. */
export interface Backtest {
  readonly costs: Costs;
  readonly daily: readonly DailyReturn[];
  /** Annualised, after costs. */
  readonly sharpe: Uncertainty;
  readonly grossReturn: number;
  readonly netReturn: number;
  /** Sum of position changes, in units of the capital, per day. */
  readonly turnoverADay: number;
  /** Cost of one side, averaged over what was traded, bps; NaN without a trade. */
  readonly sideCostBps: number;
  /** Cost of one side at which nothing would be left, bps; NaN without a trade. */
  readonly breakEvenCostBps: number;
  /** Largest fall of the net sum from its peak, share of the capital, at least 0. */
  readonly maxDrawdown: number;
  /** Net and gross sum after each bar, for a plot. */
  readonly equity: {
    readonly timeUs: Float64Array;
    readonly gross: Float64Array;
    readonly net: Float64Array;
  };
}

type Columns = Pick<
  Dataset,
  "symbols" | "symbolIndex" | "barEndUs" | "entryPrice" | "halfSpreadBps" | "horizonBars"
>;

/**
 * Trades every row's probability at the price in force after the latency, paying half the spread and the fee on each
 * change. Positions are held until the next row of the symbol, over gaps too, and closed at its last row.
 *
 * @param dataset - the matrix, or the columns of it that matter here
 * @param rows - n row numbers, ordered by symbol and time
 * @param probability - n probabilities of "up"
 * @param costs - fee and spread
 */
export function backtest(
  dataset: Columns,
  rows: Uint32Array,
  probability: ArrayLike<number>,
  costs: Costs,
): Backtest {
  const gross = new Map<number, number>();
  const cost = new Map<number, number>();
  const symbols = new Set(Array.from(rows, (row) => dataset.symbolIndex[row]!)).size;
  let turnover = 0;
  let tranches = new Tranches(dataset.horizonBars);
  let position = 0;
  const add = (sums: Map<number, number>, timeUs: number, value: number): void => {
    sums.set(timeUs, (sums.get(timeUs) ?? 0) + value / symbols);
  };
  const trade = (row: number, target: number): void => {
    const change = Math.abs(target - position);
    turnover += change / symbols;
    add(
      cost,
      dataset.barEndUs[row]!,
      change * 1e-4 * sideCostBps(costs, dataset.halfSpreadBps[row]!),
    );
    position = target;
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const next = rows[i + 1];
    const hasNext = next !== undefined && dataset.symbolIndex[next] === dataset.symbolIndex[row];
    const target = tranches.update(probability[i]!);
    trade(row, hasNext ? target : 0);
    if (hasNext) {
      const change = dataset.entryPrice[next]! / dataset.entryPrice[row]! - 1;
      add(gross, dataset.barEndUs[next]!, position * change);
    } else {
      tranches = new Tranches(dataset.horizonBars);
    }
  }
  return summary(gross, cost, turnover, costs);
}

function summary(
  gross: ReadonlyMap<number, number>,
  cost: ReadonlyMap<number, number>,
  turnover: number,
  costs: Costs,
): Backtest {
  const timeUs = Float64Array.from(new Set([...gross.keys(), ...cost.keys()])).sort();
  const equity = { gross: new Float64Array(timeUs.length), net: new Float64Array(timeUs.length) };
  const daily = new Map<string, { gross: number; net: number }>();
  let grossReturn = 0;
  let netReturn = 0;
  let peak = 0;
  let maxDrawdown = 0;
  for (const date of datesBetween(timeUs)) daily.set(date, { gross: 0, net: 0 });
  timeUs.forEach((time, i) => {
    const earned = gross.get(time) ?? 0;
    const left = earned - (cost.get(time) ?? 0);
    grossReturn += earned;
    netReturn += left;
    peak = Math.max(peak, netReturn);
    maxDrawdown = Math.max(maxDrawdown, peak - netReturn);
    equity.gross[i] = grossReturn;
    equity.net[i] = netReturn;
    const day = daily.get(dateOf(time - 1))!;
    day.gross += earned;
    day.net += left;
  });
  const days = [...daily].map(([date, sums]) => ({ date, ...sums }));
  return {
    costs,
    daily: days,
    sharpe: sharpeRatio(days.map(({ net }) => net)),
    grossReturn,
    netReturn,
    turnoverADay: turnover / days.length,
    sideCostBps: (1e4 * (grossReturn - netReturn)) / turnover,
    breakEvenCostBps: (1e4 * grossReturn) / turnover,
    maxDrawdown,
    equity: { timeUs, ...equity },
  };
}

/** Days from the first to the last time, those without a row too; a bar belongs to the day it began in. */
function datesBetween(timeUs: Float64Array): readonly string[] {
  const first = Math.floor((timeUs[0]! - 1) / DAY_US);
  const last = Math.floor((timeUs.at(-1)! - 1) / DAY_US);
  return timeUs.length === 0
    ? []
    : Array.from({ length: last - first + 1 }, (_, i) => dateOf((first + i) * DAY_US));
}
