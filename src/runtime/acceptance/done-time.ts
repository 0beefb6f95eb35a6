// How long has a model been run, in market time and by the machine's clock?
import { type RawBuilder, sql } from "kysely";
import type { JournalSource } from "../journal/read-run.js";
import type { RunRecord } from "../records.js";
import { BREACHES, IS_BELOW_A_FLOOR } from "./account-facts.js";

/** The longest run of a model in one mode. */
export interface DoneTime {
  readonly run: string;
  readonly feed: "replay" | "stream";
  /** Of the bars that were decided on with a book and freely; of the judged symbol with the fewest. */
  readonly marketUs: number;
  /** Of the processes that drove it and were ended in order; NaN where none was. */
  readonly machineMs: number;
}

/** Whose runs count. */
export interface DoneRequest {
  readonly mode: "dry-run" | "paper";
  /** Others count where they are on its exchange, have its symbols among theirs and do with them what it does. */
  readonly judged: RunRecord;
  readonly bundleSha256: string;
  readonly barUs: number;
  /** Whether rehearsals count: where what is judged is one itself. */
  readonly isRehearsal: boolean;
}

/** What makes two runs of a mode do the same: a dry run has neither account nor orders. */
const DECISIVE: Readonly<
  Record<DoneRequest["mode"], (settings: RawBuilder<string>) => RawBuilder<unknown>>
> = {
  "dry-run": (settings) => sql`${settings}::jsonb -> 'signal'`,
  paper: (settings) => sql`${settings}::jsonb - 'feed' - 'model'`,
};

/**
 * Looks for the longest run of a bundle as the judged one is: same exchange, symbols and settings, no rule of the account broken, no
 * conflict in the journal. Bars that the account's rules or people kept it from do not count.
 *
 * @returns undefined where there is none
 * @throws {DataError} the database is down
 */
export async function longestRun(
  source: JournalSource,
  { mode, judged, bundleSha256, barUs, isRehearsal }: DoneRequest,
): Promise<DoneTime | undefined> {
  const symbols = sql`${JSON.stringify(judged.symbols)}::jsonb`;
  const decisive = DECISIVE[mode];
  const { rows } = await source.ask((db) =>
    sql<Readonly<Record<"run" | "feed" | "bars" | "machine", unknown>>>`
      select r.run, r.settings::json ->> 'feed' as feed,
        (select min(bars) from (
          select count(d.bar_end_us) as bars
          from jsonb_array_elements_text(${symbols}) as s (symbol)
            left join tickbook.decisions d on d.run = r.run and d.symbol = s.symbol and d.mid <> 'NaN'
              and d.reason not like 'risk:%' and d.reason not like 'outside:%'
          group by s.symbol) as by_symbol) as bars,
        (select sum(extract(epoch from e.at::timestamptz - s.at::timestamptz))
          from tickbook.sessions s join tickbook.sessions e using (run, id)
          where s.run = r.run and s.event = 'start' and e.event = 'stop') as machine
      from tickbook.runs r
      where r.mode = ${mode} and r.exchange = ${judged.exchange} and r.symbols::jsonb @> ${symbols}
        and ${decisive(sql`r.settings`)} = ${decisive(sql`${judged.settings}`)}
        and exists (
          select from tickbook.models m where m.run = r.run and m.bundle_sha256 = ${bundleSha256}
            and (${isRehearsal} or m.promoted_entry is not null))
        and not exists (select from tickbook.conflicts where run = r.run)
        and not exists (
          select from tickbook.risk_events where run = r.run and name in (${sql.join(BREACHES)}))
        and not exists (select from tickbook.equity where run = r.run and ${IS_BELOW_A_FLOOR})
      order by bars desc, r.run limit 1`.execute(db),
  );
  const [longest] = rows;
  if (longest === undefined) return undefined;
  const { run, feed, bars, machine } = longest;
  return {
    run: String(run),
    feed: feed === "stream" ? "stream" : "replay",
    marketUs: Number(bars) * barUs,
    machineMs: machine === null ? Number.NaN : 1000 * Number(machine),
  };
}
