// What did the account of a run go through?
import { type RawBuilder, sql } from "kysely";
import { counted } from "../../core/counted.js";
import { allRecords, type JournalSource } from "../journal/read-run.js";

/** Rules whose breach ends an account, as risk events name them. */
export const BREACHES: readonly string[] = ["daily-loss", "maximum-loss"];

/** Of a row of the equity; rules are judged in whole cents. */
export const IS_BELOW_A_FLOOR: RawBuilder<boolean> = sql`
  equity_usd < greatest(daily_floor_usd, maximum_floor_usd) - 0.005`;

/**
 * Looks for rules that were broken, and for fills.
 *
 * @returns breaches in words, by time
 * @throws {DataError} the database is down
 */
export async function accountFacts(
  journal: JournalSource,
  run: string,
): Promise<{ readonly breaches: readonly string[]; readonly fills: number }> {
  const events = await allRecords(journal, run, "risk");
  const broken = events.filter(({ name }) => BREACHES.includes(name));
  const { rows } = await journal.ask((db) =>
    sql<Readonly<Record<"fills" | "below", unknown>>>`
      select (select count(*) from tickbook.fills where run = ${run}) as fills,
        (select count(*) from tickbook.equity where run = ${run} and ${IS_BELOW_A_FLOOR}) as below`.execute(
      db,
    ),
  );
  const { fills, below } = rows[0]!;
  const told = broken.map(({ name, atUs, detail }) => {
    return `${name} at ${new Date(atUs / 1000).toISOString()}: ${detail}`;
  });
  // An account that was below its floors was told to be, or the rules were not watched.
  const untold =
    told.length === 0 && Number(below) > 0
      ? [`${counted(Number(below), "bar")} below a floor`]
      : [];
  return { breaches: [...told, ...untold], fills: Number(fills) };
}
