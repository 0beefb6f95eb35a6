// Which days count for a Sharpe ratio? Those that were tested, and nothing that was earned between them is lost.
import { DAY_US, dateOf } from "../core/time.js";
import { distinctTimes, type EquitySeries } from "./equity-series.js";
import type { TradedRows } from "./trade-rows.js";

/** Return of one tested UTC day, and of the less tested ones joined to it, as a share of the capital. */
export interface DailyReturn {
  /** The tested day. */
  readonly date: string;
  readonly gross: number;
  readonly net: number;
}

/** The rows that say which days were tested. */
type TestedRows = Pick<TradedRows, "rows" | "probability"> & {
  readonly dataset: Pick<TradedRows["dataset"], "barEndUs" | "entryPrice" | "barUs">;
};

/**
 * Returns of the tested days: those of whose bars at least half have a row of at least one symbol with a known price, at which
 * the model could be asked. A day
 * without a position counts if it was tested; a day without data does not, or a few days of data spread over months would pass
 * for months of them. What was earned on a day tested for less than half is part of the next tested day's return, or after
 * the last of the last's, so that the returns add up to the whole.
 *
 * @param equity - of the same rows
 * @returns one return per tested day in order of time; none, whatever was earned, where no day was tested; a bar belongs to
 *   the day it began in
 */
export function dailyReturns(
  traded: TestedRows,
  { timeUs, gross, net }: Pick<EquitySeries, "timeUs" | "gross" | "net">,
): readonly DailyReturn[] {
  const tested = testedDays(traded);
  const days: DailyReturn[] = [];
  // The last bar whose equity is in a return already; none at first.
  let booked = -1;
  const bookedBy = (values: Float64Array): number => (booked < 0 ? 0 : values[booked]!);
  for (let i = 0; i < timeUs.length; i++) {
    const day = dayOf(timeUs[i]!);
    const isDaysEnd = i === timeUs.length - 1 || dayOf(timeUs[i + 1]!) !== day;
    if (!isDaysEnd || !tested.has(day)) continue;
    const returns = { gross: gross[i]! - bookedBy(gross), net: net[i]! - bookedBy(net) };
    days.push({ date: dateOf(day * DAY_US), ...returns });
    booked = i;
  }
  const last = days.pop();
  if (last === undefined) return [];
  const rest = { gross: gross.at(-1)! - bookedBy(gross), net: net.at(-1)! - bookedBy(net) };
  return [...days, { ...last, gross: last.gross + rest.gross, net: last.net + rest.net }];
}

/** Numbers of the days, since the epoch, of whose bars at least half were asked about. */
function testedDays({ dataset, rows, probability }: TestedRows): ReadonlySet<number> {
  const { barEndUs, entryPrice, barUs } = dataset;
  const asked = rows.filter((row, i) => entryPrice[row]! > 0 && !Number.isNaN(probability[i]!));
  const bars = new Map<number, number>();
  for (const time of distinctTimes(Float64Array.from(asked, (row) => barEndUs[row]!))) {
    bars.set(dayOf(time), (bars.get(dayOf(time)) ?? 0) + 1);
  }
  const isTested = (count: number): boolean => 2 * count * barUs >= DAY_US;
  return new Set([...bars].filter(([, count]) => isTested(count)).map(([day]) => day));
}

function dayOf(barEndUs: number): number {
  return Math.floor((barEndUs - 1) / DAY_US);
}
