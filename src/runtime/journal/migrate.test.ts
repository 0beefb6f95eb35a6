import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { startPostgres } from "../../faults/runtime/postgres-server.js";
import { connectorOf } from "./connector.js";
import type { Database } from "./database.js";
import { Journal } from "./journal.js";
import { migrate } from "./migrate.js";
import { openReader } from "./open-reader.js";
import { columnOf, TABLES } from "./tables.js";
import { temporaryData } from "./test-databases.js";
import { sampleRecords, sampleRun } from "./test-records.js";
import { testServer } from "./test-server.js";

const own = testServer(startPostgres);
const { data } = own;

const URLS: Readonly<Record<string, () => string | undefined>> = {
  PostgreSQL: () => own.server.url,
  PGlite: () => undefined,
};

describe.each(Object.entries(URLS))("on %s", (name, urlOf) => {
  let database: Database;
  const open = async (): Promise<Database> =>
    await connectorOf({ data, databaseUrl: urlOf() }, { sessionName: "test" }).connect();
  beforeEach(async () => {
    database = await open();
    return async () => {
      await sql`drop schema if exists tickbook cascade`.execute(database.db);
      await database.drop();
    };
  });

  const text = async (query: string): Promise<readonly unknown[]> => {
    const { rows } = await sql.raw<Record<string, unknown>>(query).execute(database.db);
    return rows.flatMap((row) => Object.values(row).map(String));
  };

  test("the tables are made once, have every field, and nothing lies outside their schema", async () => {
    for (let time = 0; time < 3; time++) await migrate(database.db);
    const names = await text("select name from tickbook.migrations order by name");
    expect(names).toEqual(["0001-records", "0002-views"]);
    for (const { name, key, fields } of Object.values(TABLES)) {
      const columns = await text(`select column_name from information_schema.columns
        where table_schema = 'tickbook' and table_name = '${name}'`);
      const wanted = [...Object.keys(fields).map(columnOf), "sequence", "content_sha256"];
      expect([...columns].sort()).toEqual([...wanted].sort());
      const keys = await text(`select column_name from information_schema.key_column_usage
        where table_schema = 'tickbook' and table_name = '${name}'`);
      expect([...keys].sort()).toEqual([...key].sort());
    }
    expect(await text("select tablename from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test("a database of a newer version is refused, by writers and readers, and stays as it is", async () => {
    await migrate(database.db);
    await sql`insert into tickbook.migrations values ('0099-later', 'now')`.execute(database.db);
    const sentence = "was of format 0099-later, expected 0002-views at most; use the newer version";
    await expect(migrate(database.db)).rejects.toThrow(sentence);
    await database.drop();
    const place = { data, databaseUrl: urlOf() };
    await expect(Journal.open({ ...place, run: "r" })).rejects.toThrow(sentence);
    await expect(openReader(place)).rejects.toThrow(sentence);
    database = await open();
    expect(await text("select count(*) from tickbook.migrations")).toEqual(["3"]);
  });

  test("a reader makes no tables", async () => {
    await database.drop();
    const reader = openReader({ data, databaseUrl: urlOf() });
    await expect(reader).rejects.toThrow("the database holds no journal; begin a run");
    database = await open();
    expect(await text("select to_regclass('tickbook.runs') is null")).toEqual(["true"]);
  });

  test("the views show decisions with what they led to, at times exact to the microsecond", async () => {
    await database.drop();
    const run = `seen-${name}`;
    const journal = await Journal.open({ data, databaseUrl: urlOf(), run });
    const barEndUs = 1_700_000_000_123_457;
    const records = sampleRecords(run, 1).map((record) => {
      if (record.kind === "decision" || record.kind === "order") return { ...record, barEndUs };
      return record.kind === "fill" ? { ...record, amount: 0.5, feeUsd: 0.25 } : record;
    });
    await journal.write([sampleRun(run), ...records], { needs: "database" });
    await journal.close();
    database = await open();
    await sql`set time zone 'UTC'`.execute(database.db);
    expect(
      await text(`select to_char(bar_end, 'YYYY-MM-DD HH24:MI:SS.US'), order_id, status,
        filled_amount, fee_usd from tickbook.decided`),
    ).toEqual(["2023-11-14 22:13:20.123457", `${run}-1`, "filled", "0.5", "0.25"]);
    expect(await text("select count(*) from tickbook.closed_trades")).toEqual(["1"]);
    expect(await text("select at from tickbook.account where at > '2050-01-01'")).toEqual([]);
  });
});

test("a store without a journal is told so, and none is made", async () => {
  const other = temporaryData();
  await expect(openReader({ data: other.data })).rejects.toThrow("no run has written a journal");
  other.remove();
});
