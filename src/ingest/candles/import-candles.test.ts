import { existsSync, readFileSync } from "node:fs";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { DataError, OptionError } from "../../core/errors.js";
import { readManifestFile } from "../../store/manifest.js";
import { query } from "../../store/query.js";
import type { CandleRow } from "./candle-buffer.js";
import { importCandles } from "./import-candles.js";
import {
  candlesOf,
  cleanUp,
  DATE,
  freshFolder,
  freshStore,
  NOW_US,
  storeTrades,
} from "./test-candles.js";

const CAPTURES = path.resolve(__dirname, "../../../../shared/market-data/candles");
const HAS_CAPTURES = existsSync(CAPTURES);
if (!HAS_CAPTURES) console.warn("skipped: real captures are not at ../shared/market-data");

const OPTIONS = { exchange: "bitfinex", symbol: "BTC-USD", nowUs: NOW_US };

afterEach(cleanUp);

async function csvOf(rows: Iterable<CandleRow>): Promise<string> {
  const file = path.join(await freshFolder(), "candles.csv");
  const lines = [...rows].map((row) => `${row.join(",")}\n`);
  await writeFile(file, `time,low,high,open,close,volume\n${lines.join("")}`);
  return file;
}

test("a file's days are stored once; another file's are written anew, byte for byte the same twice", async () => {
  const file = await csvOf(candlesOf({ days: 3 }, (minute) => minute === 100).values());
  const store = await freshStore();
  const run = await importCandles(store, file, OPTIONS);
  expect(run).toMatchObject({ rows: 3 * 1440 - 1, gaps: [{ minutes: 1, kind: "unknown" }] });
  expect(run.partitions.map(({ status }) => status)).toEqual(["written", "written", "written"]);
  const again = await importCandles(store, file, { ...OPTIONS, days: [DATE, "2024-08-12"] });
  expect(again.partitions.map(({ status }) => status)).toEqual(["kept", "absent"]);
  expect(again.gaps.at(-1)).toMatchObject({ from: "2024-08-12T00:00:00Z", minutes: 1440 });

  const other = await csvOf(candlesOf().values());
  const replaced = await importCandles(store, other, OPTIONS);
  expect(replaced).toMatchObject({ rows: 1440, gaps: [], partitions: [{ status: "written" }] });
  const fresh = await freshStore();
  await importCandles(fresh, other, OPTIONS);
  for (const name of ["manifest.json", "part-0.parquet"]) {
    const part = `candles/bar=1m/exchange=bitfinex/symbol=BTC-USD/date=${DATE}/${name}`;
    expect(await readFile(store.path(part), "base64")).toBe(
      await readFile(fresh.path(part), "base64"),
    );
  }
});

test("trades of the same exchange and symbol tell what a gap of a file is", async () => {
  const file = await csvOf(candlesOf({}, (minute) => minute === 10 || minute === 12).values());
  const store = await freshStore();
  await storeTrades(store, [700, 800], { exchange: "bitfinex" });
  const { gaps } = await importCandles(store, file, OPTIONS);
  expect(gaps.map(({ from, kind }) => [from, kind])).toEqual([
    ["2024-08-08T00:10:00Z", "no trade"],
    ["2024-08-08T00:12:00Z", "no trade"],
  ]);
  await storeTrades(store, [700, 720], { exchange: "bitfinex" });
  expect((await importCandles(store, file, OPTIONS)).gaps.map(({ kind }) => kind)).toEqual([
    "no trade",
    "missing",
  ]);
});

test("a day of too many bad rows fails alone, a day that is not over is left out, wrong names are refused", async () => {
  const candles = candlesOf({ days: 2 });
  const bad = [...candles.values()].map((row, minute) =>
    minute === 2000 || minute === 2001 ? ([...row.slice(0, 5), -1] as unknown as CandleRow) : row,
  );
  const store = await freshStore();
  const run = await importCandles(store, await csvOf(bad), OPTIONS);
  expect(run.partitions.map(({ status, rows }) => [status, rows])).toEqual([
    ["written", 1440],
    ["failed", 0],
  ]);
  expect(run.rejectedRows.map(({ line }) => line)).toEqual([2002, 2003]);

  const nowUs = NOW_US - 22.5 * 86_400e6;
  const file = await csvOf(candlesOf({ days: 2 }).values());
  const cut = await importCandles(await freshStore(), file, { ...OPTIONS, nowUs });
  expect(cut.partitions.map(({ status }) => status)).toEqual(["written", "unfinished"]);

  for (const wrong of [{ days: ["2020-01-01"] }, { symbol: "../x" }, { exchange: "a'b" }]) {
    await expect(importCandles(store, file, { ...OPTIONS, ...wrong })).rejects.toThrow(OptionError);
  }
});

test("rows left out lie in rejected.csv beside their day, with line, reason and text, and are counted", async () => {
  const rows = [...candlesOf({ days: 2 }).values()].map((row) => row.join(","));
  const file = path.join(await freshFolder(), "candles.csv");
  const lines = ['é"undated', ...rows.slice(0, 1440), "bad", ...rows.slice(1440)];
  await writeFile(file, `time,low,high,open,close,volume\n${lines.join("\n")}\n`);
  const store = await freshStore();
  const run = await importCandles(store, file, { ...OPTIONS, maxRejectedShare: 0.01 });
  expect(run.partitions.map(({ rejected }) => rejected)).toEqual([2, 0]);
  const folder = `candles/bar=1m/exchange=bitfinex/symbol=BTC-USD/date=${DATE}`;
  expect(await readFile(store.path(`${folder}/rejected.csv`), "utf8")).toBe(
    'line,reason,text\n2,"row: not of 6 columns","é""undated"\n1443,"row: not of 6 columns","bad"\n',
  );
  const manifest = await readManifestFile(store.root, folder);
  expect(Object.keys(manifest!.files)).toEqual(["part-0.parquet", "rejected.csv"]);
  expect(manifest).toMatchObject({ origin: { rejected: { "row: not of 6 columns": 2 } } });
  expect(await readdir(store.path(folder.replace(DATE, "2024-08-09")))).toEqual([
    "manifest.json",
    "part-0.parquet",
  ]);
  // It is hashed as the table is.
  await appendFile(store.path(`${folder}/rejected.csv`), "x");
  const verified = await importCandles(store, file, {
    ...OPTIONS,
    maxRejectedShare: 0.01,
    verify: true,
  });
  expect(verified.partitions.map(({ status }) => status)).toEqual(["written", "kept"]);
});

test("a day that is found damaged and of which the file has nothing has failed, and is not absent", async () => {
  const store = await freshStore();
  await importCandles(store, await csvOf(candlesOf({ days: 2 }).values()), OPTIONS);
  const table = `candles/bar=1m/exchange=bitfinex/symbol=BTC-USD/date=${DATE}/part-0.parquet`;
  const bytes = await readFile(store.path(table));
  bytes[9]! ^= 1;
  await writeFile(store.path(table), bytes);
  const later = await csvOf([...candlesOf({ days: 2 }).values()].slice(1440));
  const asked = { ...OPTIONS, days: [DATE, "2024-08-09"] };
  expect((await importCandles(store, later, asked)).partitions).toMatchObject([
    { status: "kept" },
    { status: "written" },
  ]);
  const { partitions, gaps } = await importCandles(store, later, { ...asked, verify: true });
  expect(partitions).toMatchObject([{ status: "failed", rows: 0 }, { status: "kept" }]);
  expect(partitions[0]!.reason).toMatch(/2024-08-08\/part-0.parquet: had SHA-256/);
  expect(gaps).toEqual([]);
});

test("a cut gzip stores nothing of its whole days", async () => {
  const text = await readFile(await csvOf(candlesOf({ days: 5 }).values()));
  const gzip = gzipSync(text);
  const file = path.join(await freshFolder(), "candles.csv.gz");
  await writeFile(file, gzip.subarray(0, gzip.length - 4));
  const store = await freshStore();
  await expect(importCandles(store, file, OPTIONS)).rejects.toThrow(DataError);
  expect((await query(store, "SELECT count(*) FROM candles")).rows).toEqual([[0]]);
});

test.skipIf(!HAS_CAPTURES)(
  "a real month of a real year equals a plain reading of the file",
  async () => {
    const file = path.join(CAPTURES, "bitfinex_BTC-USD_1m_2018.csv.gz");
    const startS = Date.UTC(2018, 2, 1) / 1000;
    const endS = Date.UTC(2018, 3, 1) / 1000;
    const rows = gunzipSync(readFileSync(file))
      .toString("latin1")
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(",").map(Number))
      .filter(([time]) => time! >= startS && time! < endS);
    const days = Array.from({ length: 31 }, (_, i) =>
      new Date(1000 * startS + i * 86_400_000).toISOString().slice(0, 10),
    );
    const store = await freshStore();
    const run = await importCandles(store, file, { ...OPTIONS, days });
    expect(run.rows).toBe(rows.length);
    expect(run.gaps.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(31 * 1440 - rows.length);
    const columns = "bar_start_us // 1000000, low, high, open, close, volume";
    const stored = await query(store, `SELECT ${columns} FROM candles ORDER BY 1`);
    expect(stored.rows).toEqual(rows);
  },
);
