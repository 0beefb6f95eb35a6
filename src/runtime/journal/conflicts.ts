// What becomes of a record whose key stands for something else already?
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { JournalRecord } from "../records.js";
import type { Row, WalName } from "./batch.js";
import { type PlainValue, plainRecord, recordOf } from "./record-text.js";
import { columnOf, type RecordKind, SCHEMA, TABLES, type Table } from "./tables.js";

const ROWS = 500;

/** A record that was not written, since the database holds another one of the same key. */
export interface Conflict {
  readonly refused: JournalRecord;
  readonly refusedSha256: string;
  /** Of the one that stays. */
  readonly storedSha256: string;
  /** Of the batch that it came in; undefined when that was in no file. */
  readonly number: number | undefined;
}

/** A conflict in words, for a log or a risk event. */
export function conflictText({ refused }: Conflict): string {
  const { key } = TABLES[refused.kind];
  const given = Object.entries(refused).map(([field, value]) => [columnOf(field), value] as const);
  const named = given.filter(([column]) => key.includes(column) && column !== "run");
  const place = named.map(([column, value]) => `${column} ${value}`).join(", ");
  return `the ${refused.kind} of ${place || "the run"} was written before with other content, which stays`;
}

/**
 * Which of some records of one kind contradict what is stored under their keys.
 *
 * @param rows - written already, or found to be there
 */
export async function findConflicts(
  db: Kysely<unknown>,
  rows: readonly Row[],
): Promise<readonly Conflict[]> {
  const table: Table = TABLES[rows[0]!.record.kind];
  const keys = sql.join(table.key.map((column) => sql.ref(column)));
  const wanted = rows.map((row) => sql`(${sql.join(typedKey(table, row))})`);
  // A join: hundreds of alternatives in a condition are more than the embedded database's stack holds.
  const { rows: found } = await sql<Readonly<Record<string, unknown>>>`
    select ${keys}, content_sha256 from ${sql.table(`${SCHEMA}.${table.name}`)}
    join (values ${sql.join(wanted)}) as wanted (${keys}) using (${keys})`.execute(db);
  const stored = new Map(
    found.map((row) => [keyText(table.key.map((c) => row[c])), String(row["content_sha256"])]),
  );
  return rows.flatMap((row) => {
    const storedSha256 = stored.get(keyText(keyOf(table, row)))!;
    const { record, sha256, number } = row;
    if (storedSha256 === sha256) return [];
    return [{ refused: recordOf(record), refusedSha256: sha256, storedSha256, number }];
  });
}

/** Writes down what was refused, together with all else of the batches. */
export async function noteConflicts(
  db: Kysely<unknown>,
  conflicts: readonly Conflict[],
  { run, walId }: WalName,
): Promise<void> {
  for (let i = 0; i < conflicts.length; i += ROWS) {
    const values = conflicts.slice(i, i + ROWS).map((conflict) => {
      const { refused, refusedSha256, storedSha256 } = conflict;
      const number = conflict.number === undefined ? null : String(conflict.number);
      const told = [refused.kind, jsonOf(refused), refusedSha256, storedSha256];
      return sql`(${sql.join([run, walId, number, ...told])})`;
    });
    await sql`
      insert into tickbook.conflicts
        (run, wal_id, number, kind, refused, refused_sha256, stored_sha256)
      values ${sql.join(values)}`.execute(db);
  }
}

/** What was refused of batches after one, in order: for a process that did not hear how its last writing ended. */
export async function notedConflicts(
  db: Kysely<unknown>,
  { run, walId }: WalName,
  { after }: { readonly after: number },
): Promise<readonly Conflict[]> {
  const { rows } = await sql<{
    readonly number: unknown;
    readonly kind: RecordKind;
    readonly refused: Readonly<Record<string, PlainValue>>;
    readonly refused_sha256: string;
    readonly stored_sha256: string;
  }>`
    select number, kind, refused, refused_sha256, stored_sha256 from tickbook.conflicts
    where run = ${run} and wal_id = ${walId} and number > ${String(after)}::int8
    order by sequence`.execute(db);
  return rows.map(({ number, kind, refused, refused_sha256, stored_sha256 }) => {
    const fields = Object.keys(TABLES[kind].fields);
    const values = fields.map((field) => refused[field] ?? null);
    return {
      refused: recordOf({ kind, values }),
      refusedSha256: refused_sha256,
      storedSha256: stored_sha256,
      number: Number(number),
    };
  });
}

function keyOf(table: Table, { record }: Row): readonly string[] {
  const columns = Object.keys(table.fields).map(columnOf);
  return table.key.map((column) => String(record.values[columns.indexOf(column)]));
}

/** The values of a key, each as its column's type: parameters of a list of rows have none by themselves. */
function typedKey(table: Table, row: Row): readonly RawBuilder<unknown>[] {
  const types = new Map(Object.entries(table.fields).map(([field, t]) => [columnOf(field), t]));
  return keyOf(table, row).map((value, i) =>
    types.get(table.key[i]!) === "text" ? sql`${value}::text` : sql`${value}::int8`,
  );
}

function keyText(values: readonly unknown[]): string {
  return JSON.stringify(values.map(String));
}

/** Its fields by name, as they are written down. */
function jsonOf(record: JournalRecord): string {
  const { kind, values } = plainRecord(record);
  const fields = Object.keys(TABLES[kind].fields);
  return JSON.stringify(Object.fromEntries(fields.map((field, i) => [field, values[i]])));
}
