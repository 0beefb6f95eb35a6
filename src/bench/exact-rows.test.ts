import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BenchResult } from "./benchmark.js";
import { exactRows } from "./exact-rows.js";
import { inflateWithGunzip } from "./inflated-file.js";
import { type BookFile, bookFile } from "./ingest/book-file.js";

const ROWS = 6_000;
let folder: string;
let source: BookFile;
let csv: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-exact-"));
  source = await bookFile({ cache: folder, rows: ROWS, seed: 3 });
  csv = path.join(folder, "kept.csv");
  await inflateWithGunzip(source.file, csv);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Checks a Parquet file that DuckDB makes of the csv's rows, numbered `n` from 1, by a query over them. */
async function checked(select: string): Promise<BenchResult> {
  const parquet = path.join(folder, "made.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (WITH csv AS (SELECT row_number() OVER () AS n, * FROM read_csv('${csv}', header = true))
       SELECT * EXCLUDE (n) FROM (${select}) ORDER BY n) TO '${parquet}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const [result] = await exactRows({ file: source.file, rows: ROWS, folder }, [
    { name: "made", parquet },
  ]);
  return result!;
}

test("the same rows pass", async () => {
  expect(await checked("SELECT * FROM csv")).toMatchObject({ ours: ROWS, ratio: 1, ok: true });
});

test.each([
  [
    "a price in its last digit",
    "SELECT * REPLACE (price + (n = 777)::INT * 0.1 AS price) FROM csv",
    777,
  ],
  [
    "a price in its last bit",
    "SELECT * REPLACE (if(n = 9, nextafter(price::DOUBLE, 1e9::DOUBLE), price) AS price) FROM csv",
    9,
  ],
  [
    "a side",
    "SELECT * REPLACE (if(n = 5999, if(side = 'bid', 'ask', 'bid'), side) AS side) FROM csv",
    5999,
  ],
  ["a flag", "SELECT * REPLACE (n <= 2001 AS is_snapshot) FROM csv", 2001],
  ["a time", "SELECT * REPLACE (timestamp + (n = 1)::INT AS timestamp) FROM csv", 1],
  ["a missing amount", "SELECT * REPLACE (if(n = 50, NULL, amount) AS amount) FROM csv", 50],
  [
    "two rows swapped",
    "SELECT * REPLACE (CASE n WHEN 400 THEN 401 WHEN 401 THEN 400 ELSE n END AS n) FROM csv",
    400,
  ],
])("%s is noticed and its row named", async (_, select, row) => {
  const { ok, ours, note } = await checked(select);
  expect({ ok, ours, note }).toEqual({
    ok: false,
    ours: null,
    note: `row ${row} is not the csv's`,
  });
});

test.each([
  ["lost", "SELECT * FROM csv WHERE n <> 12", ROWS - 1],
  ["doubled", "SELECT * FROM csv UNION ALL SELECT * FROM csv WHERE n = 12", ROWS + 1],
])("a row that is %s is noticed", async (_, select, rows) => {
  expect(await checked(select)).toMatchObject({ ok: false, note: `${rows} rows of ${ROWS}` });
});
