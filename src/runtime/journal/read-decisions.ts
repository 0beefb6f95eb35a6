// On which bars has a run decided, and what?
import { sql } from "kysely";
import type { DecisionRecord } from "../records.js";
import { type JournalSource, selectRecords } from "./read-run.js";

/** The bars of one symbol that a run has decided on, by their ends. */
export interface DecidedSpan {
  readonly symbol: string;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly bars: number;
}

/**
 * What a run has decided on, by symbol.
 *
 * @throws {DataError} the database is down
 */
export async function decidedSpans(
  source: JournalSource,
  run: string,
): Promise<readonly DecidedSpan[]> {
  const { rows } = await source.ask((db) =>
    sql<Readonly<Record<"symbol" | "first" | "last" | "bars", unknown>>>`
      select symbol, min(bar_end_us) as first, max(bar_end_us) as last, count(*) as bars
      from tickbook.decisions where run = ${run} group by symbol order by symbol`.execute(db),
  );
  return rows.map(({ symbol, first, last, bars }) => ({
    symbol: String(symbol),
    firstUs: Number(first),
    lastUs: Number(last),
    bars: Number(bars),
  }));
}

/**
 * Decisions on the bars of a symbol that end in a span of time, in order.
 *
 * @param span.fromUs - bars that end after it
 * @param span.untilUs - bars that end at it or before
 * @throws {DataError} the database is down
 */
export async function readDecisions(
  source: JournalSource,
  run: string,
  span: { readonly symbol: string; readonly fromUs: number; readonly untilUs: number },
): Promise<readonly DecisionRecord[]> {
  const { symbol, fromUs, untilUs } = span;
  return await source.ask((db) =>
    selectRecords(
      db,
      "decision",
      sql`where run = ${run} and symbol = ${symbol} and bar_end_us > ${String(fromUs)}::int8
        and bar_end_us <= ${String(untilUs)}::int8 order by bar_end_us`,
    ),
  );
}
