import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { query } from "./query.js";
import { openStore, type Store } from "./store.js";

let store: Store;

beforeAll(async () => {
  store = await openStore(await mkdtemp(path.join(tmpdir(), "tickbook-query-values-")));
});

afterAll(async () => {
  await store.close();
  await rm(store.root, { recursive: true, force: true });
});

async function answer(sql: string): Promise<unknown> {
  return (await query(store, sql)).rows;
}

test("values keep their types: texts of digits, numbers beyond 2^53, NaN, times, lists, structs", async () => {
  const sql = `SELECT '0123' AS a, '12' AS b, 9007199254740993::BIGINT AS c, 5::BIGINT AS d, 1.25::DECIMAL(9, 2) AS e,
    'nan'::DOUBLE AS f, 'inf'::FLOAT AS g, TIMESTAMP '2024-08-08 01:02:03.000004' AS h, DATE '2024-08-08' AS i,
    [1, NULL] AS j, {'k': 7::BIGINT} AS k, NULL AS l, true AS m, sum(3::BIGINT) AS n, -0.0::DOUBLE AS o`;
  const { columns, types, rows } = await query(store, sql);
  expect(columns.join("")).toBe("abcdefghijklmno");
  expect(types.slice(0, 4)).toEqual(["VARCHAR", "VARCHAR", "BIGINT", "BIGINT"]);
  expect(rows[0]).toEqual([
    "0123",
    "12",
    "9007199254740993",
    5,
    1.25,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "2024-08-08 01:02:03.000004",
    "2024-08-08",
    [1, null],
    { k: 7 },
    null,
    true,
    3,
    -0,
  ]);
});

test("decimals are numbers where a double holds all their digits, else texts", async () => {
  const sql = `SELECT 0.1, -12345678.1234567, 1234567890123456.7, 12345678901234567890.123::DECIMAL(38, 3),
    1000000000000::DECIMAL(18, 3), 0.000::DECIMAL(4, 3), [9999999999999.999::DECIMAL(18, 3)], sum(0.25)`;
  expect(await answer(sql)).toEqual([
    [
      0.1,
      -12345678.1234567,
      "1234567890123456.7",
      "12345678901234567890.123",
      1e12,
      0,
      ["9999999999999.999"],
      0.25,
    ],
  ]);
});

test("times with a zone are told in UTC whatever the machine's zone, and endless ones as such", async () => {
  const { DuckDBTimestampTZValue } = await import("@duckdb/node-api");
  const minutes = DuckDBTimestampTZValue.timezoneOffsetInMinutes;
  DuckDBTimestampTZValue.timezoneOffsetInMinutes = 9 * 60;
  try {
    const time = "TIMESTAMPTZ '2024-08-08 01:02:03.5+02'";
    const sql = `SELECT ${time}, [${time}], 'infinity'::TIMESTAMPTZ, 'infinity'::DATE, ['-infinity'::DATE]`;
    const utc = "2024-08-07 23:02:03.5+00";
    expect(await answer(sql)).toEqual([[utc, [utc], "infinity", "infinity", ["-infinity"]]]);
  } finally {
    DuckDBTimestampTZValue.timezoneOffsetInMinutes = minutes;
  }
});
