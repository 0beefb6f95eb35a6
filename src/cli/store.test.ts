import { existsSync } from "node:fs";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeDerived } from "../store/derived.js";
import { openStore } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { main } from "./main.js";
import { captureOutput } from "./test-output.js";

const LAKE = "lake/trades/exchange=binance/symbol=BTCUSDT";
let root: string;
const output = captureOutput();

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-prune-"));
  const store = await openStore(root);
  for (const date of ["2024-08-08", "2024-08-09", "2024-08-10"]) {
    const key = { type: "trades", exchange: "binance", symbol: "BTCUSDT", date } as const;
    await writePartition(store, key, async () => ({
      source: { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) },
      rejected: {},
    }));
  }
  await store.close();
  await appendFile(path.join(root, LAKE, "date=2024-08-09", "part-0.parquet"), "x");
  await mkdir(path.join(root, LAKE, "date=2024-08-11"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const there = (day: string): boolean => existsSync(path.join(root, LAKE, `date=2024-08-${day}`));
const prune = (...flags: readonly string[]): Promise<number> =>
  main(["store", "prune", "--data", root, ...flags]);

test("prune only says what would go until it is told to, and takes only what it was asked for", async () => {
  expect(await prune("--damaged")).toBe(0);
  expect(["08", "09", "10", "11"].map(there)).toEqual([true, true, true, true]);
  expect(await prune("--yes")).toBe(0);
  expect(["08", "09", "10", "11"].map(there)).toEqual([true, true, true, false]);
  expect(await prune("--damaged", "--yes")).toBe(0);
  expect(["08", "09", "10"].map(there)).toEqual([true, false, true]);
  expect(await prune("--selected", "--from", "2024-08-10", "--yes")).toBe(0);
  expect(["08", "10"].map(there)).toEqual([true, false]);
});

test("a table that is a link, or below one, is told by list and prune, which exit 1", async () => {
  const away = path.join(root, "away");
  await rename(path.join(root, LAKE), away);
  await symlink(away, path.join(root, LAKE));
  output.printed = "";
  expect(await main(["store", "list", "--data", root])).toBe(1);
  expect(output.printed).toMatch(/damaged binance BTCUSDT trades 2024-08-08: .*is a link or below/);
  expect(output.printed).toMatch(/0 partitions, 0 rows, 0 bytes, and 4 that cannot be read/);
  output.printed = "";
  expect(await prune("--selected", "--yes")).toBe(1);
  expect(output.printed).toMatch(/kept: .*date=2024-08-08 \(.*is a link or below one/);
  expect(output.printed).toMatch(/0 folders, 0 bytes removed; 4 kept that cannot be judged or rem/);
  expect(await readdir(away)).toHaveLength(4);
});

test("list shows candles beside the vendor's types, computed tables when asked, and takes what the filter takes", async () => {
  const lines = ["time,low,high,open,close,volume", "1723075200,1,3,2,2,1", "1723075260,1,3,2,2,1"];
  const file = path.join(root, "candles.csv");
  await writeFile(file, `${lines.join("\n")}\n`);
  const data = ["--data", root];
  const candles = ["--product", "ETHUSDT", "--exchange", "binance", "--source", file];
  expect(await main(["candles", ...candles, ...data])).toBe(0);
  const listed = async (...flags: readonly string[]): Promise<readonly string[]> => {
    output.printed = "";
    expect(await main(["store", "list", ...data, "--json", ...flags])).toBe(0);
    const { partitions } = JSON.parse(output.printed) as {
      partitions: { type: string; date: string; rows: number }[];
    };
    return partitions.map(({ type, date, rows }) => `${type} ${date} ${rows}`);
  };
  const day = "candles 2024-08-08 2";
  expect(await listed()).toHaveLength(4);
  expect((await listed()).at(-1)).toBe(day);
  expect(await listed("--types", "candles")).toEqual([day]);
  expect(await listed("--types", "candles,trades", "--to", "2024-08-09")).toEqual([
    "trades 2024-08-08 0",
    day,
  ]);
  expect(await listed("--types", "trades", "--from", "2024-08-10")).toEqual([
    "trades 2024-08-10 0",
  ]);
  expect(await listed("--exchange", "okx")).toEqual([]);

  const store = await openStore(root);
  const folder = "features/bar=1m/exchange=binance/symbol=BTCUSDT/date=2024-08-08";
  await writeDerived(store, folder, { mid: Float64Array.of(1.5) }, {});
  await store.close();
  expect(await listed()).toHaveLength(4);
  expect((await listed("--all")).at(-1)).toBe("features 2024-08-08 1");
  expect(await listed("--types", "features")).toEqual(["features 2024-08-08 1"]);
});

test("list shows what a replay lacks, and one unreadable manifest hides none of the others", async () => {
  const store = await openStore(root);
  const key = {
    type: "quotes",
    exchange: "binance",
    symbol: "BTCUSDT",
    date: "2024-08-08",
  } as const;
  const bytes = { bytes: 1, sha256: "0".repeat(64) };
  const replay = { kind: "replay", path: "x", minutes: 1429, silent: 0, ...bytes } as const;
  for (const [date, missing] of [
    ["2024-08-08", ["00:00-00:09", "23:59"]],
    ["2024-08-09", ["00:01", "00:03", "00:05", "00:07", "00:09"]],
    ["2024-08-10", []],
  ] as const) {
    const origin = { source: { ...replay, missing }, rejected: {} };
    await writePartition(store, { ...key, date }, async () => origin);
  }
  await store.close();
  const manifest = (day: string): string =>
    path.join(root, LAKE, `date=2024-08-${day}`, "manifest.json");
  await appendFile(manifest("08"), " ");
  const text = await readFile(manifest("10"), "utf8");
  await writeFile(manifest("10"), text.replace('"format": 3', '"format": 1'));

  output.printed = "";
  expect(await main(["store", "list", "--data", root])).toBe(1);
  expect(output.printed.trim().split("\n")).toEqual([
    expect.stringMatching(
      /^damaged binance BTCUSDT trades 2024-08-08: lake\/trades.*manifest.json: was altered.*; fetch it again with/,
    ),
    "binance BTCUSDT trades 2024-08-09 0 rows",
    expect.stringMatching(/^damaged binance BTCUSDT trades 2024-08-10: .*written in format 1/),
    "binance BTCUSDT quotes 2024-08-08 0 rows, replayed, missing minutes 00:00-00:09 23:59",
    "binance BTCUSDT quotes 2024-08-09 0 rows, replayed, missing minutes 00:01 00:03 00:05 and 2 more times",
    "binance BTCUSDT quotes 2024-08-10 0 rows, replayed",
    expect.stringMatching(/^4 partitions, 0 rows, [\d,]+ bytes, and 2 that cannot be read$/),
  ]);
  expect(output.complained).toBe("");

  output.printed = "";
  expect(await main(["store", "list", "--data", root, "--json"])).toBe(1);
  const { partitions } = JSON.parse(output.printed);
  expect(partitions).toMatchObject([
    { type: "trades", date: "2024-08-08", damage: expect.stringMatching(/was altered/) },
    { type: "trades", date: "2024-08-09", rows: 0, source: { kind: "file" } },
    { date: "2024-08-10", damage: expect.stringMatching(/format 1/) },
    { type: "quotes", source: { kind: "replay", missing: ["00:00-00:09", "23:59"] } },
    { date: "2024-08-09", source: { kind: "replay", missing: expect.any(Array) } },
    { date: "2024-08-10", source: { kind: "replay", missing: [] } },
  ]);
  expect("rows" in partitions[0]).toBe(false);
});

test.each([
  [["list", "--from", "8 August"], /--from: was "8 August", expected a calendar day/],
  [["list", "--to", "2024-02-30"], /--to: was "2024-02-30", expected a calendar day/],
  [["list", "--from", "2024-08-10", "--to", "2024-08-09"], /--to: .* not after --from/],
  [["list", "--types", "trade"], /--types: was "trade", which is no type of table/],
  [["list", "--types", ""], /--types: was ""/],
  [["list", "--yes"], /--yes: was given with list, which removes nothing/],
  [["prune", "--selected", "--from", "10", "--yes"], /--from: was "10"/],
  [["prune", "--selected", "--types", "trades,quote", "--yes"], /was "quote", which is no type/],
  [["prune", "--damaged", "--selected", "--yes"], /--selected: was given with --damaged/],
  [["remove"], /store: was asked for "remove"/],
])("%j is wrong usage, said in one sentence, and nothing goes", async (args, said) => {
  expect(await main(["store", ...args, "--data", root, "--json"])).toBe(2);
  expect(output.printed).toBe("");
  expect(output.complained).toMatch(said);
  expect(output.complained.trim().split("\n")).toHaveLength(1);
  expect(["08", "09", "10", "11"].map(there)).toEqual([true, true, true, true]);
});

test("symbols without their exchange are wrong usage, and nothing goes", async () => {
  expect(await prune("--selected", "--symbols", "BTC", "--yes")).toBe(2);
  expect(there("08")).toBe(true);
});

test("--from without --to takes its one day", async () => {
  expect(await prune("--selected", "--from", "2024-08-08", "--yes")).toBe(0);
  expect(["08", "09", "10"].map(there)).toEqual([false, true, true]);
});
