// Does the database have the tables that this version writes?
import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { DataError } from "../../core/errors.js";
import { records } from "./migrations/0001-records.js";
import { views } from "./migrations/0002-views.js";
import { SCHEMA } from "./tables.js";

/** All forms that the database has had, in order; add at the end, never change one that was published. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-records": records,
  "0002-views": views,
};

/**
 * Brings the tables to the form that this version writes; what is there is kept.
 *
 * @throws {DataError} the database was written by a newer version
 */
export async function migrate(db: Kysely<unknown>): Promise<void> {
  await requireKnown(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: SCHEMA,
    migrationTableName: "migrations",
    migrationLockTableName: "migration_lock",
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/**
 * Makes sure that a database can be read as it is.
 *
 * @throws {DataError} it holds no journal, or one of another version
 */
export async function requireCurrent(db: Kysely<unknown>): Promise<void> {
  const count = await requireKnown(db);
  if (count === Object.keys(MIGRATIONS).length) return;
  throw new DataError({
    message: count === 0 ? "the database holds no journal" : "the journal is of an older format",
    fix: "begin a run with `npx tickbook live`, or go on with one, which makes the tables",
  });
}

async function requireKnown(db: Kysely<unknown>): Promise<number> {
  const table = `${SCHEMA}.migrations`;
  const { rows: found } = await sql<{ readonly is_there: boolean }>`
    select to_regclass(${table}) is not null as is_there`.execute(db);
  if (found[0]?.is_there !== true) return 0;
  const { rows } = await sql<{ readonly name: string }>`
    select name from ${sql.table(table)} order by name`.execute(db);
  const newer = rows.find(({ name }) => !(name in MIGRATIONS));
  if (newer === undefined) return rows.length;
  throw new DataError({
    message: `the journal's database was of format ${newer.name}, expected ${Object.keys(MIGRATIONS).at(-1)} at most`,
    fix: "use the newer version of tickbook that wrote it, or another database",
  });
}
