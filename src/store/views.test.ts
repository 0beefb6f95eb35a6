import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeDerived } from "./derived.js";
import { partitionFolder } from "./partition.js";
import { connectToViews, query } from "./query.js";
import { openStore } from "./store.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-views-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("days of features may differ in their columns: what one lacks is NULL there, wherever the store is", async () => {
  const seen: unknown[] = [];
  for (const around of ["plain", "run=5"]) {
    const own = await openStore(path.join(root, around));
    const day = "features/bar=1m/exchange=binance/symbol=BTCUSDT/date=2024-08-0";
    await writeDerived(own, `${day}8`, { mid: Float64Array.of(1.5) }, {});
    await writeDerived(own, `${day}9`, { spread: Int8Array.of(3), mid: Float64Array.of(2) }, {});
    seen.push(await query(own, "SELECT * FROM features ORDER BY date"));
    await own.close();
  }
  expect(seen[0]).toEqual({
    columns: ["mid", "spread", "bar", "exchange", "symbol", "date"],
    types: ["DOUBLE", "TINYINT", "VARCHAR", "VARCHAR", "VARCHAR", "DATE"],
    rows: [
      [1.5, null, "1m", "binance", "BTCUSDT", "2024-08-08"],
      [2, 3, "1m", "binance", "BTCUSDT", "2024-08-09"],
    ],
  });
  expect(seen[1]).toEqual(seen[0]);
});

test("a connection to the views has all partitions that are there, checked, and reaches nothing else", async () => {
  const own = await openStore(path.join(root, "own"));
  await writeTestTrades(own, 3);
  await writeTestTrades(own, 4, { date: "2024-08-09" });
  const connection = await connectToViews(own);
  const rows = async (sql: string): Promise<unknown> =>
    (await connection.runAndReadAll(sql)).getRows();
  await connection.run(
    "CREATE TEMP TABLE days AS SELECT date, count(*) AS n FROM trades GROUP BY 1",
  );
  expect(await rows("SELECT n::INTEGER FROM days ORDER BY date")).toEqual([[3], [4]]);
  expect(await rows("SELECT count(*)::INTEGER FROM quotes")).toEqual([[0]]);
  await expect(rows("SELECT * FROM read_csv('/etc/passwd')")).rejects.toThrow(
    /disabled|Permission/,
  );
  connection.closeSync();
  await appendFile(own.path(`${partitionFolder(TRADES_KEY)}/part-0.parquet`), "x");
  await expect(connectToViews(own)).rejects.toThrow(/2024-08-08.*its manifest says/);
  await own.close();
});
