import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { dayStartUs } from "../core/time.js";
import { writeDerived } from "./derived.js";
import { partitionFolder } from "./partition.js";
import { query, queryBatches } from "./query.js";
import { openStore, type Store } from "./store.js";
import { tableFolders } from "./table-folders.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";
import { VIEWS } from "./views.js";

const DAYS = ["2024-08-08", "2024-08-09", "2024-08-10"];
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];

let root: string;
let store: Store;

// Row counts tell the partitions apart: 1, 2, 3 for BTC's days, 4, 5, 6 for ETH's. The last one is damaged.
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-query-"));
  store = await openStore(root);
  let rows = 1;
  for (const symbol of SYMBOLS) {
    for (const date of DAYS) await writeTestTrades(store, rows++, { symbol, date });
  }
  const bad = partitionFolder({ ...TRADES_KEY, symbol: "ETHUSDT", date: "2024-08-10" });
  await appendFile(path.join(root, bad, "part-0.parquet"), "x");
  await writeDerived(
    store,
    "features/bar=1m/exchange=binance/symbol=BTCUSDT/date=2024-08-08",
    { mid: Float64Array.of(1.5, Number.NaN) },
    {},
  );
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

async function answer(sql: string): Promise<unknown> {
  return (await query(store, sql)).rows;
}

test("conditions on exchange, symbol and date leave partitions that cannot be seen unread and unchecked", async () => {
  const count = "SELECT count(*)::INTEGER FROM trades";
  for (const [where, rows] of [
    ["date = '2024-08-08'", 5],
    ["date >= '2024-08-08' AND date < DATE '2024-08-10'", 12],
    ["date BETWEEN '2024-08-08' AND '2024-08-09' AND price > 0", 12],
    ["symbol = 'BTCUSDT'", 6],
    ["TRADES.symbol IN ('BTCUSDT', 'NONE') AND NOT (date = '2024-08-09')", 4],
    ["symbol LIKE 'BTC%' AND year(date) = 2024 AND side <> 'x'", 6],
    ["(symbol = 'BTCUSDT' OR date = '2024-08-09') AND exchange = 'binance'", 11],
    ["exchange = 'okx'", 0],
    ["false AND date = '2024-08-08'", 0],
  ] as const) {
    expect([where, await answer(`${count} WHERE ${where}`)]).toEqual([where, [[rows]]]);
  }
  const joined = `SELECT count(*)::INTEGER FROM trades a JOIN trades b USING (local_timestamp)
    WHERE a.symbol = 'BTCUSDT' AND b.date = '2024-08-08' AND a.date = '2024-08-08' AND b.symbol = 'ETHUSDT'`;
  expect(await answer(joined)).toEqual([[1]]);
  const common = `WITH day AS (SELECT * FROM trades WHERE date = '2024-08-09')
    SELECT symbol, count(*)::INTEGER FROM day GROUP BY ALL ORDER BY ALL`;
  expect(await answer(common)).toEqual([
    ["BTCUSDT", 2],
    ["ETHUSDT", 5],
  ]);
});

test("folders around the store that look like columns change nothing, nor do the columns' order and what is stored", async () => {
  const trades = `SELECT * FROM trades WHERE symbol = 'BTCUSDT' ORDER BY date, local_timestamp`;
  const whole = await query(store, trades);
  const empty = await query(store, "SELECT * FROM trades WHERE symbol = 'NONE'");
  expect(empty.columns).toEqual(whole.columns);
  const features = await query(store, "SELECT * FROM features");
  for (const around of ["price=1", "symbol=XX/date=foo", "run=5", "bar=1h/id=7/exchange=x"]) {
    const moved = path.join(root, "moved", around, "data");
    await mkdir(moved, { recursive: true });
    for (const part of ["lake", "features"]) {
      await cp(path.join(root, part), path.join(moved, part), { recursive: true });
    }
    const other = await openStore(moved);
    expect(await query(other, trades)).toEqual(whole);
    expect(await query(other, "SELECT * FROM features")).toEqual(features);
    const day = "SELECT count(*) FROM trades WHERE symbol = 'ETHUSDT' AND date = '2024-08-09'";
    expect((await query(other, day)).rows).toEqual([[5]]);
    const damaged = "SELECT count(*) FROM trades WHERE symbol = 'ETHUSDT'";
    await expect(query(other, damaged)).rejects.toThrow(DataError);
    await other.close();
  }
  await rm(path.join(root, "moved"), { recursive: true });
});

test("a query that may see a damaged partition is refused, however its conditions are written", async () => {
  const day = "date = '2024-08-08'";
  for (const sql of [
    "SELECT count(*) FROM trades",
    "SELECT count(*) FROM trades WHERE symbol = 'ETHUSDT'",
    `SELECT count(*) FROM trades WHERE ${day} OR price > 1`,
    `SELECT count(*) FROM trades WHERE ${day} OR random() < 2`,
    `SELECT count(*) FROM trades WHERE CASE WHEN ${day} THEN true ELSE true END`,
    `SELECT count(*) FROM trades a LEFT JOIN trades b ON a.price = b.price WHERE a.${day}`,
    `SELECT count(*) FROM trades a SEMI JOIN trades b USING (price) WHERE a.${day}`,
    `SELECT count(*) FROM trades a, trades b WHERE a.${day}`,
    `SELECT count(*) FROM trades TABLESAMPLE 3 ROWS WHERE ${day}`,
    "SELECT count(*) FROM trades AS t(date) WHERE t.date < 0",
    `SELECT (SELECT count(*) FROM trades) FROM trades WHERE ${day}`,
    `SELECT * FROM trades WHERE ${day} UNION ALL SELECT * FROM trades`,
    `SELECT count(*) FILTER (${day}) FROM trades`,
    "SELECT count(*) FROM trades GROUP BY date HAVING date = '2024-08-08'",
    "SELECT count(*) FROM trades WHERE date = (SELECT max(date) FROM trades)",
    "EXPLAIN ANALYZE SELECT sum(price) FROM trades",
  ]) {
    await expect(query(store, sql), sql).rejects.toThrow(DataError);
  }
});

test("rows without a partner in an outer join are found, although their condition is about a day", async () => {
  const own = await openStore(await mkdtemp(path.join(root, "joins-")));
  await writeTestTrades(own, 3);
  await writeTestTrades(own, 2, { date: "2024-08-09" });
  const ids = "(SELECT 'id''' || range AS id FROM range(5)) AS l";
  for (const join of [
    `${ids} LEFT JOIN trades AS t ON t.id = l.id WHERE t.date IS NULL`,
    `trades AS t RIGHT JOIN ${ids} ON t.id = l.id WHERE t.date IS NULL`,
    `${ids} FULL JOIN trades AS t ON t.id = l.id WHERE t.symbol IS NULL`,
    `${ids} ANTI JOIN trades AS t ON t.id = l.id`,
  ]) {
    const sql = `SELECT count(*)::INTEGER FROM ${join}`;
    expect([join, (await query(own, sql)).rows]).toEqual([join, [[2]]]);
  }
  await own.close();
});

test("folders that are no partitions are not read: without a manifest, of another name, a file", async () => {
  const parent = path.join(root, "lake/trades/exchange=binance/symbol=BTCUSDT");
  const orphan = path.join(parent, "date=2024-08-01");
  await mkdir(orphan);
  await writeFile(path.join(orphan, "part-0.parquet"), "no table");
  await mkdir(path.join(parent, "date=2024-08-01.copy"));
  await writeFile(path.join(parent, ".DS_Store"), "");
  expect(await answer("SELECT count(*) FROM trades WHERE symbol = 'BTCUSDT'")).toEqual([[6]]);
  await rm(orphan, { recursive: true });
});

test("a folder or manifest that is there and cannot be read is an error, not a part of nothing", async () => {
  const candles = path.join(root, "candles");
  await symlink(candles, candles);
  const loop = /candles\/?.*: could not be read \(ELOOP\)/;
  await expect(answer("SELECT count(*) FROM candles")).rejects.toThrow(loop);
  await expect(tableFolders(store, { isAll: true })).resolves.not.toEqual([]);
  await rm(candles);

  const folder = partitionFolder({ ...TRADES_KEY, symbol: "LOOP" });
  const manifest = path.join(root, folder, "manifest.json");
  await mkdir(manifest, { recursive: true });
  await expect(answer("SELECT count(*) FROM trades WHERE symbol = 'LOOP'")).rejects.toThrow(
    /symbol=LOOP.*manifest.json: could not be read \(EISDIR\); let this user read the file/,
  );
  await rm(path.join(root, folder), { recursive: true });
});

test("views say their columns when nothing is stored; place and times are readable", async () => {
  const described = (await answer("DESCRIBE quotes")) as unknown[][];
  expect(described.map(([name]) => name).slice(-3)).toEqual(["exchange", "symbol", "date"]);
  const views = (await answer("SHOW TABLES")) as unknown[][];
  expect(views.flat()).toEqual([...VIEWS].sort());
  expect(await answer("SELECT * FROM quotes")).toEqual([]);
  expect(await answer("SELECT * FROM features WHERE date = '2000-01-01'")).toEqual([]);
  expect(await answer("SELECT mid, bar, symbol FROM features")).toEqual([
    [1.5, "1m", "BTCUSDT"],
    [Number.NaN, "1m", "BTCUSDT"],
  ]);
  const time =
    "SELECT make_timestamp(local_timestamp)::VARCHAR FROM trades WHERE symbol = 'BTCUSDT'";
  expect(await answer(`${time} ORDER BY 1 LIMIT 1`)).toEqual([["2024-08-08 00:00:00"]]);
  expect(dayStartUs("2024-08-08")).toBe(Date.UTC(2024, 7, 8) * 1000);
});

test("rows come in batches; a result too large for memory is refused, never cut short", async () => {
  const sql = "SELECT range AS i FROM range(300000)";
  let next = 0;
  for await (const { columns, rows } of queryBatches(store, sql)) {
    expect(columns).toEqual(["i"]);
    for (const [i] of rows) if (i === next) next++;
  }
  expect(next).toBe(300_000);
  expect((await query(store, sql, { maxRows: 300_000 })).rows).toHaveLength(300_000);
  await expect(query(store, sql, { maxRows: 299_999 })).rejects.toThrow(/more than 299,999 rows/);
});

test("Ctrl-C stops a query that would run for ever, and the store goes on working", async () => {
  const endless = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b";
  // At any moment: while it is parsed, made ready, or computed.
  for (const turns of [0, 1, 2, 4, 8, 16, 64, 256]) {
    const outcome = query(store, endless).catch((error: unknown) => error);
    while (process.listenerCount("SIGINT") === 0) await turn();
    for (let i = 0; i < turns; i++) await turn();
    process.emit("SIGINT");
    expect(String(await outcome)).toMatch(/^WorkbenchError: query: was stopped before it ended$/);
  }
  expect(process.listenerCount("SIGINT")).toBe(0);
  expect(await answer("SELECT 1")).toEqual([[1]]);
});

test("Ctrl-C amidst the batches is an error, never the end of the result", async () => {
  const day = "SELECT price FROM trades WHERE date = '2024-08-08'";
  const sql = `SELECT price FROM (${day}), range(2000000000)`;
  for (const isAsked of [false, true]) {
    const batches = queryBatches(store, sql);
    for (let i = 0; i < 3; i++) await batches.next();
    // Pressed while a batch is computed, the next one may be the first to be told.
    const asked = isAsked ? batches.next() : undefined;
    process.emit("SIGINT");
    await asked?.catch(() => undefined);
    const rest = async (): Promise<void> => {
      await asked;
      await batches.next();
    };
    await expect(rest()).rejects.toThrow(/query: was stopped before it ended/);
  }
});

test("what cannot be run is said in one sentence", async () => {
  for (const [sql, said] of [
    ["", /held 0 statements/],
    ["SELECT 1; SELECT 2", /held 2 statements, expected one/],
    ["SELEC 1", /could not be parsed/],
    ["SELECT missing FROM trades WHERE symbol = 'BTCUSDT'", /could not be run/],
    ["SELECT * FROM nothing", /could not be run.*the views are trades/],
    ["DELETE FROM trades", /read with SELECT/],
    ["SELECT \0 1", /NUL/],
  ] as const) {
    const error = await query(store, sql).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(said);
    expect((error as Error).message).not.toContain("\n");
  }
});

test("what does not fit into memory is spilled below the root, and nothing of it is left", async () => {
  const small = await openStore(root, { memoryMb: 100 });
  const rows = 6_000_000;
  const sql = `SELECT count(*)::INTEGER FROM (SELECT DISTINCT hash(range), range FROM range(${rows}))`;
  expect((await query(small, sql)).rows).toEqual([[rows]]);
  const spilled = async (): Promise<readonly string[]> =>
    (await readdir(root)).filter((name) => name.startsWith(".spill-"));
  expect(await spilled()).toHaveLength(1);
  await small.close();
  expect(await spilled()).toEqual([]);
});

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
