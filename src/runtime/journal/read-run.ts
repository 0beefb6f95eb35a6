// What does the database hold of a run?
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { JournalRecord, ModelRecord, RunRecord, SessionRecord } from "../records.js";
import { type PlainValue, recordOf } from "./record-text.js";
import { columnOf, type RecordKind, type RecordOf, SCHEMA, TABLES } from "./tables.js";

/** What reads from a database: an open journal, or a reader. */
export interface JournalSource {
  readonly ask: <Result>(work: (db: Kysely<unknown>) => Promise<Result>) => Promise<Result>;
}

/** What is known of a run besides what it did. */
export interface StoredRun {
  readonly run: RunRecord;
  readonly models: readonly ModelRecord[];
  readonly sessions: readonly SessionRecord[];
}

/** Rows that are read at once. */
const PAGE = 2000;

/**
 * What a run was begun with and who drove it, all of one moment.
 *
 * @returns undefined where there is no such run
 * @throws {DataError} the database is down
 */
export async function readRun(source: JournalSource, name: string): Promise<StoredRun | undefined> {
  return await ofOneMoment(source, async (db) => {
    const [run] = await selectRecords(db, "run", sql`where run = ${name}`);
    if (run === undefined) return undefined;
    const inOrder = sql`where run = ${name} order by sequence`;
    const models = await selectRecords(db, "model", inOrder);
    return { run, models, sessions: await selectRecords(db, "session", inOrder) };
  });
}

/**
 * All records of one kind of a run, in the order in which they were written.
 *
 * @throws {DataError} the database is down
 */
export async function* readRecords<Kind extends RecordKind>(
  source: JournalSource,
  run: string,
  kind: Kind,
): AsyncGenerator<RecordOf<Kind>> {
  for (let after = "-1"; ; ) {
    const rows = await source.ask((db) => page(db, run, kind, after));
    for (const row of rows) yield asRecord(kind, row);
    if (rows.length < PAGE) return;
    after = String(rows.at(-1)!["sequence"]);
  }
}

/**
 * The same, all at once.
 *
 * @throws {DataError} the database is down
 */
export async function allRecords<Kind extends RecordKind>(
  source: JournalSource,
  run: string,
  kind: Kind,
): Promise<readonly RecordOf<Kind>[]> {
  const found: RecordOf<Kind>[] = [];
  for await (const record of readRecords(source, run, kind)) found.push(record);
  return found;
}

/**
 * All runs that the database knows, in the order in which they were begun.
 *
 * @throws {DataError} the database is down
 */
export async function listRuns(source: JournalSource): Promise<readonly RunRecord[]> {
  return await source.ask((db) => selectRecords(db, "run", sql`order by sequence`));
}

async function ofOneMoment<Result>(
  source: JournalSource,
  work: (db: Kysely<unknown>) => Promise<Result>,
): Promise<Result> {
  return await source.ask((db) =>
    db.transaction().setIsolationLevel("repeatable read").execute(work),
  );
}

type Row = Readonly<Record<string, unknown>>;

async function page(
  db: Kysely<unknown>,
  run: string,
  kind: RecordKind,
  after: string,
): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select ${columnsOf(kind)}, sequence from ${tableOf(kind)}
    where run = ${run} and sequence > ${after}::int8
    order by sequence limit ${String(PAGE)}::int8`.execute(db);
  return rows;
}

/** Records of one kind; `rest` is what follows the table, whose name is `t`. */
export async function selectRecords<Kind extends RecordKind>(
  db: Kysely<unknown>,
  kind: Kind,
  rest: RawBuilder<unknown>,
): Promise<readonly RecordOf<Kind>[]> {
  const { rows } = await sql<Row>`
    select ${columnsOf(kind)} from ${tableOf(kind)} t ${rest}`.execute(db);
  return rows.map((row) => asRecord(kind, row));
}

function columnsOf(kind: RecordKind): RawBuilder<unknown> {
  const columns = Object.entries(TABLES[kind].fields).map(([field, type]) => {
    const column = sql.ref(columnOf(field));
    // As text, for the two drivers do not parse it alike.
    return type === "texts" ? sql`${column}::text as ${column}` : column;
  });
  return sql.join(columns);
}

function tableOf(kind: RecordKind): RawBuilder<unknown> {
  return sql.table(`${SCHEMA}.${TABLES[kind].name}`);
}

function asRecord<Kind extends RecordKind>(kind: Kind, row: Row): RecordOf<Kind> {
  const fields = Object.keys(TABLES[kind].fields);
  const values = fields.map((field) => row[columnOf(field)] as PlainValue);
  return recordOf({ kind, values }) as JournalRecord as RecordOf<Kind>;
}
