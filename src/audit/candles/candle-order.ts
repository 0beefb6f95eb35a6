// Is there one candle a minute, each after the one before?
import { DAY_US, MINUTE_US } from "../../core/time.js";
import type { Candles } from "../../store/tables.js";
import type { HourMark } from "../finding.js";
import { hourOf } from "../measuring/hours.js";
import type { CandleCheckResult, CandleFinding } from "./candle-finding.js";

/**
 * Candles of a minute that another row of the day has told of already (duplicates), and candles that come before one of an
 * earlier row, do not begin with a minute or lie outside the day (out of order).
 */
export function candleOrder(
  { barStartUs }: Pick<Candles, "barStartUs">,
  dayUs: number,
): CandleCheckResult {
  const seen = new Set<number>();
  const duplicates: number[] = [];
  const misplaced: number[] = [];
  let latestUs = Number.NEGATIVE_INFINITY;
  for (const startUs of barStartUs) {
    const isInDay = startUs >= dayUs && startUs < dayUs + DAY_US && startUs % MINUTE_US === 0;
    if (seen.has(startUs)) duplicates.push(startUs);
    else if (!isInDay || startUs < latestUs) misplaced.push(startUs);
    seen.add(startUs);
    latestUs = Math.max(latestUs, startUs);
  }
  duplicates.sort((a, b) => a - b);
  misplaced.sort((a, b) => a - b);
  const rows = barStartUs.length;
  const again = "candles of minutes that have one already";
  const early = "candles that do not follow the one before, or begin outside the day or a minute";
  return {
    findings: [
      ...finding("duplicate", duplicates, `${duplicates.length} of ${rows} rows are ${again}`),
      ...finding("order", misplaced, `${misplaced.length} of ${rows} rows are ${early}`),
    ],
    marks: [...marks(duplicates, "a minute has two candles"), ...marks(misplaced, "out of order")],
  };
}

function finding(
  check: "duplicate" | "order",
  timesUs: readonly number[],
  detail: string,
): readonly CandleFinding[] {
  if (timesUs.length === 0) return [];
  const spans = timesUs.slice(0, 100).map((startUs) => [startUs, startUs + MINUTE_US] as const);
  const [firstUs] = timesUs as [number];
  const count = timesUs.length;
  const rest = { isFatal: false, value: count, unit: "rows", detail, spans } as const;
  return [{ check, type: "candles", count, firstUs, ...rest }];
}

function marks(timesUs: readonly number[], reason: string): readonly HourMark[] {
  const hours = new Set(timesUs.map(hourOf));
  return [...hours].map((hourUs) => ({ hourUs, verdict: "usable", reason }));
}
