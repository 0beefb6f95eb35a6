// For tests only: trades told by the hour, in bars of half a day, so that windows of a day are two bars.
import { DAY_US, HOUR_US } from "../core/time.js";
import { columnOf } from "./test-agreement.js";
import { featureRows, tradeColumns } from "./test-market.js";

const BAR_US = 12 * HOUR_US;
const MIDNIGHT_US = 19_000 * DAY_US;

/** A trade; bar k holds hours from 12 k to before 12 (k + 1). Its exchange's hour is its own unless told. */
export type HourTrade = readonly [
  hour: number,
  side: -1 | 0 | 1,
  amount: number,
  exchange?: number,
];

/** A feature in each bar of some trades at a price of 100. */
export async function halfDays(name: string, trades: readonly HourTrade[]): Promise<number[]> {
  const at = (hour: number): number => MIDNIGHT_US + Math.round(hour * HOUR_US);
  const rows = trades.map(([hour, side, amount, exchange = hour]) => {
    return { timeUs: at(hour), exchangeUs: at(exchange), side, price: 100, amount };
  });
  return columnOf(await featureRows({ trades: tradeColumns(rows) }, { barUs: BAR_US }), name);
}

/** The feature in the last bar. */
export async function lastHalfDay(name: string, trades: readonly HourTrade[]): Promise<number> {
  return (await halfDays(name, trades)).at(-1)!;
}
