// Writes waiting batches into the database: all of them and how far they reach, or nothing.
import { type Kysely, sql } from "kysely";
import type { Batch, Row, WalName } from "./batch.js";
import { type Conflict, findConflicts, noteConflicts } from "./conflicts.js";
import { type PlainValue, recordHash } from "./record-text.js";
import { columnOf, type RecordKind, SCHEMA, TABLES } from "./tables.js";

/** Statements have room for 65,535 values. */
const ROWS = 500;

/**
 * Writes batches in one transaction, with the number of the last. What is there already stays as it is.
 *
 * @param batches - in order
 * @returns the records whose key stands for something else already, which were not written
 */
export async function shipBatches(
  db: Kysely<unknown>,
  batches: readonly Batch[],
  wal: WalName,
): Promise<readonly Conflict[]> {
  return await db.transaction().execute(async (transaction) => {
    const conflicts: Conflict[] = [];
    for (const [kind, rows] of rowsByKind(batches)) {
      for (let i = 0; i < rows.length; i += ROWS) {
        const some = rows.slice(i, i + ROWS);
        const written = await insert(transaction, kind, some);
        if (written < some.length) conflicts.push(...(await findConflicts(transaction, some)));
      }
    }
    await noteConflicts(transaction, conflicts, wal);
    const last = lastNumber(batches);
    if (last !== undefined) await setPosition(transaction, last, wal);
    return conflicts;
  });
}

/** Number of the last of some batches that is in a file; undefined when none is. */
export function lastNumber(batches: readonly Batch[]): number | undefined {
  return batches.flatMap(({ number }) => number ?? []).at(-1);
}

/** Number of the last batch that the database holds of a write-ahead file; 0 when none. */
export async function shippedPosition(
  db: Kysely<unknown>,
  { run, walId }: WalName,
): Promise<number> {
  const { rows } = await sql<{ readonly number: unknown }>`
    select number from tickbook.wal_positions where run = ${run} and wal_id = ${walId}`.execute(db);
  return Number(rows[0]?.number ?? 0);
}

function rowsByKind(batches: readonly Batch[]): ReadonlyMap<RecordKind, readonly Row[]> {
  const byKind = new Map<RecordKind, Row[]>();
  for (const { number, records } of batches) {
    for (const record of records) {
      const rows = byKind.get(record.kind) ?? [];
      byKind.set(record.kind, rows);
      rows.push({ record, sha256: recordHash(record), number });
    }
  }
  return byKind;
}

async function insert(
  db: Kysely<unknown>,
  kind: RecordKind,
  rows: readonly Row[],
): Promise<number> {
  const { name, fields } = TABLES[kind];
  const columns = [...Object.keys(fields).map(columnOf), "content_sha256"];
  const values = rows.map(
    ({ record, sha256 }) => sql`(${sql.join([...record.values.map(asParameter), sha256])})`,
  );
  const { rows: written } = await sql`
    insert into ${sql.table(`${SCHEMA}.${name}`)} (${sql.join(columns.map((c) => sql.ref(c)))})
    values ${sql.join(values)} on conflict do nothing returning 1`.execute(db);
  return written.length;
}

/** As text, which both drivers pass on as it is; their own way of writing numbers loses the sign of −0. */
function asParameter(value: PlainValue): string | null {
  return value === null ? null : String(value);
}

async function setPosition(
  db: Kysely<unknown>,
  number: number,
  { run, walId }: WalName,
): Promise<void> {
  await sql`
    insert into tickbook.wal_positions (run, wal_id, number)
    values (${run}, ${walId}, ${String(number)})
    on conflict (run, wal_id) do update set number = excluded.number`.execute(db);
}
