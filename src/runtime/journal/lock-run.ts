import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { DataError } from "../../core/errors.js";

/** A server needs a moment to see that a killed process is gone. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 50;

interface Holder {
  readonly pid: number;
  readonly name: string | null;
  readonly client: string | null;
}

/**
 * Takes the run for this session, until the session ends. What an earlier session of the same name holds, whose
 * connection was lost, is taken from it: it must not commit anything any more once this one has looked.
 *
 * @param options.sessionName - of this session and the earlier ones of this process alone
 * @throws {DataError} another process drives the run
 */
export async function lockRun(
  db: Kysely<unknown>,
  run: string,
  { sessionName }: { readonly sessionName: string },
): Promise<void> {
  const key = lockKey(run);
  for (const begun = Date.now(); ; await sleep(PAUSE_MS)) {
    const { rows } = await sql<{ readonly is_mine: boolean }>`
      select pg_try_advisory_lock(${key}::int8) as is_mine`.execute(db);
    if (rows[0]!.is_mine) return;
    const holder = await holderOf(db, key);
    if (holder?.name === sessionName) {
      await sql`select pg_terminate_backend(${holder.pid})`.execute(db);
    } else if (Date.now() - begun > PATIENCE_MS) throw inUse(run, holder);
  }
}

async function holderOf(db: Kysely<unknown>, key: string): Promise<Holder | undefined> {
  const { rows } = await sql<Holder>`
    select l.pid, a.application_name as name, a.client_addr::text as client
    from pg_locks l left join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())
      and (l.classid::int8 << 32) | l.objid::int8 = ${key}::int8`.execute(db);
  return rows[0];
}

/** A number for a name: 64 bits of its hash. */
function lockKey(run: string): string {
  const hash = createHash("sha256").update(`tickbook run ${run}`).digest();
  return String(hash.readBigInt64BE());
}

function inUse(run: string, holder: Holder | undefined): DataError {
  const from = holder?.client == null ? "" : ` from ${holder.client}`;
  return new DataError({
    message: `the run "${run}" is driven by another process${from} (the server's session ${holder?.pid ?? "has just ended"})`,
    fix: "end that process first, or give this run another name",
  });
}
