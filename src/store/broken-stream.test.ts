import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { partitionFolder } from "./partition.js";
import { query, queryBatches } from "./query.js";
import { readTrades } from "./read.js";
import { openStore, type Store } from "./store.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

const DAYS = ["2024-08-08", "2024-08-09", "2024-08-10", "2024-08-11"];
const ROWS = 800_000;

let root: string;
let store: Store;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-broken-"));
  store = await openStore(root);
  for (const date of DAYS) await writeTestTrades(store, ROWS, { date });
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** A day's table loses its end. */
function damage(date: string): Promise<void> {
  const folder = partitionFolder({ ...TRADES_KEY, date });
  return truncate(path.join(root, folder, "part-0.parquet"), 20_000);
}

test("a query that fails in the midst of its rows is an error, never a shorter result", async () => {
  const sql = `SELECT CASE WHEN range < 300000 THEN range ELSE error('too large') END FROM range(600000)`;
  await expect(query(store, sql)).rejects.toThrow(OptionError);
  await expect(query(store, sql)).rejects.toThrow(
    /query: .* after [\d,]+ rows; .*sum\(hash\(q\)\)/,
  );
  // What the message says to ask for tells the cause.
  await expect(query(store, `SELECT sum(hash(q)) FROM (${sql}) AS q`)).rejects.toThrow(/too large/);
});

test("a partition that is damaged while a query reads is named", async () => {
  const batches = queryBatches(store, "SELECT price FROM trades");
  let rows = 0;
  const read = async (): Promise<void> => {
    for await (const batch of batches) {
      if (rows === 0 && batch.rows.length > 0) await damage(DAYS[3]!);
      rows += batch.rows.length;
    }
  };
  const error = await read().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  expect(String(error)).toMatch(/date=2024-08-11.*had 20000 bytes.*--from 2024-08-11/);
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThan(DAYS.length * ROWS);
});

test("a partition that is damaged while its columns are read is named", async () => {
  const read = async (): Promise<void> => {
    for await (const _ of readTrades(store, { ...TRADES_KEY, date: DAYS[0]! })) {
      await damage(DAYS[0]!);
    }
  };
  const error = await read().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  expect(String(error)).toMatch(/date=2024-08-08.*--from 2024-08-08/);
});
