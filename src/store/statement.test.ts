import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { query } from "./query.js";
import { openStore, type Store } from "./store.js";
import { writeTestTrades } from "./test-trades.js";

let root: string;
let store: Store;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-statement-"));
  store = await openStore(root);
  await writeTestTrades(store, 3);
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

// DuckDB takes a number that no double holds for an endless one.
test.each([
  ["SELECT count(*)::INTEGER FROM trades WHERE price < 1e999", [[3]]],
  ["SELECT count(*)::INTEGER FROM trades WHERE price > -1e999 AND date = '2024-08-08'", [[3]]],
  ["SELECT count(*)::INTEGER FROM trades WHERE price < -1e999", [[0]]],
  ["SELECT 1e999, -1e999", [[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]]],
  [
    `SELECT 1e999, 'a:Infinity,-Infinity NaN "Infinity\\' AS "NaN"`,
    [[Number.POSITIVE_INFINITY, 'a:Infinity,-Infinity NaN "Infinity\\']],
  ],
  ["SELECT count(*)::INTEGER FROM trades WHERE date = '2024-08-08' AND 1 < 1e999", [[3]]],
])("%s runs as DuckDB runs it", async (sql, rows) => {
  expect((await query(store, sql)).rows).toEqual(rows);
});

test("an endless number beside the place of a partition hides no partition", async () => {
  for (const condition of ["year(date) < 1e999", "date = '2024-08-08' OR month(date) > 1e999"]) {
    const sql = `SELECT count(*)::INTEGER FROM trades WHERE ${condition}`;
    expect((await query(store, sql)).rows, condition).toEqual([[3]]);
  }
});

test("an endless number hides nothing that is refused", async () => {
  const sql = "SELECT 1e999 FROM read_csv('/etc/passwd')";
  await expect(query(store, sql)).rejects.toThrow(OptionError);
});
