// Which trades came twice, by their ids?
import { query } from "../store/query.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { type CheckResult, CLEAN, hourOf } from "./finding.js";
import type { AuditSettings } from "./settings.js";

/**
 * Trades whose id an earlier trade of the day has.
 *
 * @param messagesByHour - trade messages by hour of the day, for their share
 * @returns undefined when the trades have no ids
 */
export async function duplicateIds(
  store: Store,
  { exchange, symbol, date }: SymbolDay,
  messagesByHour: Float64Array,
  { hour }: AuditSettings,
): Promise<CheckResult | undefined> {
  // Names are the vendor's: letters, digits, dot, dash and underscore; the store has checked them.
  const { rows } = await query(
    store,
    `WITH day AS (SELECT id, local_timestamp FROM trades
       WHERE exchange = '${exchange}' AND symbol = '${symbol}' AND date = DATE '${date}'),
     numbered AS (SELECT id, local_timestamp,
       row_number() OVER (PARTITION BY id ORDER BY local_timestamp) AS nth FROM day WHERE id <> '')
     SELECT CAST(local_timestamp // 3600000000 * 3600000000 AS DOUBLE) AS hour_us,
       count(*)::DOUBLE, count(*) FILTER (nth > 1)::DOUBLE,
       CAST(min(local_timestamp) FILTER (nth > 1) AS DOUBLE) FROM numbered GROUP BY ALL ORDER BY 1`,
  );
  if (rows.length === 0) return undefined;
  const found = rows
    .map(([hourUs, , count, firstUs]) => ({
      hourUs: Number(hourUs),
      count: Number(count),
      firstUs: Number(firstUs),
    }))
    .filter(({ count }) => count > 0);
  if (found.length === 0) return CLEAN;
  const count = found.reduce((sum, hourly) => sum + hourly.count, 0);
  const marks = found.map(({ hourUs, count: repeats }) => {
    const share = repeats / messagesByHour[(hourUs / 3_600e6) % 24]!;
    const verdict = share > hour.duplicateBad ? "bad" : "usable";
    return { hourUs: hourOf(hourUs), verdict, reason: `${repeats} trades came twice` } as const;
  });
  const finding = {
    check: "duplicate",
    type: "trades",
    count,
    firstUs: found[0]!.firstUs,
    isFatal: false,
    value: count,
    unit: "rows",
    detail: `${count} trades have the id of an earlier one`,
  } as const;
  return { findings: [finding], marks };
}
