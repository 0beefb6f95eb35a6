// How long has a model been run, in market time and by the machine's clock?
import { sql } from "kysely";
import type { JournalSource } from "../journal/read-run.js";

/** The longest run of a model in one mode. */
export interface DoneTime {
  readonly run: string;
  readonly feed: "replay" | "stream";
  /** Of the bars that were decided on with a book. */
  readonly marketUs: number;
  /** Of the processes that drove it and were ended in order; NaN where none was. */
  readonly machineMs: number;
}

/** Whose runs count. */
export interface DoneRequest {
  readonly mode: "dry-run" | "paper";
  readonly exchange: string;
  readonly bundleSha256: string;
  readonly barUs: number;
  /** Whether rehearsals count: where what is judged is one itself. */
  readonly isRehearsal: boolean;
}

/**
 * Looks for the longest run of a bundle on an exchange.
 *
 * @returns undefined where there is none
 * @throws {DataError} the database is down
 */
export async function longestRun(
  source: JournalSource,
  { mode, exchange, bundleSha256, barUs, isRehearsal }: DoneRequest,
): Promise<DoneTime | undefined> {
  const { rows } = await source.ask((db) =>
    sql<Readonly<Record<"run" | "feed" | "bars" | "machine", unknown>>>`
      select r.run, r.settings::json ->> 'feed' as feed,
        (select count(distinct d.bar_end_us) from tickbook.decisions d
          where d.run = r.run and d.mid <> 'NaN') as bars,
        (select sum(extract(epoch from e.at::timestamptz - s.at::timestamptz))
          from tickbook.sessions s join tickbook.sessions e using (run, id)
          where s.run = r.run and s.event = 'start' and e.event = 'stop') as machine
      from tickbook.runs r
      where r.mode = ${mode} and r.exchange = ${exchange} and exists (
        select from tickbook.models m where m.run = r.run and m.bundle_sha256 = ${bundleSha256}
          and (${isRehearsal} or m.promoted_entry is not null))
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
