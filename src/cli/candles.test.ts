import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { candlesOf } from "../ingest/candles/test-candles.js";
import {
  type CoinbaseServer,
  startCoinbaseServer,
} from "../ingest/candles/test-coinbase-server.js";
import { main } from "./main.js";
import { captureOutput } from "./test-output.js";

const output = captureOutput();
const FROM = ["--from", "2024-08-08"];
let folder: string;
let file: string;
let server: CoinbaseServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-cli-candles-"));
  file = path.join(folder, "candles.csv");
  const candles = candlesOf({ days: 2 }, (minute) => minute === 3);
  const lines = [...candles.values()].map((row) => `${row.join(",")}\n`);
  await writeFile(file, `time,low,high,open,close,volume\n${lines.join("")}`);
  server = await startCoinbaseServer({ products: { "BTC-USD": candles, "ETH-USD": candles } });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(data: string, ...options: readonly string[]): Promise<number> {
  output.printed = "";
  output.complained = "";
  return main(["candles", "--data", path.join(folder, data), ...options]);
}

test("candles of coins come from the server and print one JSON document; SQL sees them", async () => {
  const asked = ["--product", "BTC,ETH", ...FROM, "--url", server.url];
  expect(await run("rest", ...asked, "--json")).toBe(0);
  const { rows, gaps, partitions } = JSON.parse(output.printed);
  expect(rows).toBe(2 * 1439);
  expect(gaps).toMatchObject([
    { symbol: "BTC-USD", from: "2024-08-08T00:03:00Z", minutes: 1, kind: "unknown" },
    { symbol: "ETH-USD", minutes: 1 },
  ]);
  expect(partitions).toMatchObject([
    { exchange: "coinbase", symbol: "BTC-USD", type: "candles", date: "2024-08-08", rows: 1439 },
    { symbol: "ETH-USD", status: "written", rejected: 0 },
  ]);
  expect(await run("rest", ...asked)).toBe(0);
  expect(output.printed).toMatch(/^gap BTC-USD 2024-08-08T00:03:00Z to .*: 1 minute, unknown/);
  expect(output.printed).toMatch(/2 days: 0 written, 2 kept, 0 absent, 0 failed; 2,878 candles; /);

  output.printed = "";
  const sql = "SELECT symbol, count(*) FROM candles GROUP BY 1 ORDER BY 1";
  expect(await main(["sql", sql, "--data", path.join(folder, "rest"), "--json"])).toBe(0);
  expect(JSON.parse(output.printed).rows).toEqual([
    ["BTC-USD", 1439],
    ["ETH-USD", 1439],
  ]);
});

test("a file needs no days; its candles are the exchange's that is named", async () => {
  const asked = ["--product", "BTC-USD", "--source", file, "--exchange", "bitfinex", "--json"];
  expect(await run("file", ...asked)).toBe(0);
  expect(JSON.parse(output.printed)).toMatchObject({
    rows: 2879,
    gaps: [{ exchange: "bitfinex", symbol: "BTCUSD", minutes: 1 }],
    partitions: [{ status: "written" }, { status: "written", date: "2024-08-09" }],
  });
});

test("a bad day exits 1; wrong usage exits 2 with one sentence and writes nothing", async () => {
  const bad = path.join(folder, "bad.csv");
  await writeFile(bad, "time,low,high,open,close,volume\n1723075200,1,1,1,1,-5\n");
  const fromFile = ["--exchange", "bitfinex", "--source"];
  expect(await run("bad", "--product", "BTC", ...fromFile, bad)).toBe(1);
  expect(output.printed).toMatch(
    /failed {2}bitfinex BTCUSD 2024-08-08 .*1 of 1 rows were rejected/,
  );
  expect(output.printed).toMatch(/rejected line 2: volume: negative or no number/);

  const rest = ["--url", server.url];
  const wrong: readonly (readonly [RegExp, readonly string[]])[] = [
    [/--product/, [...FROM, ...rest]],
    [/--product: was "\.\.\/x"/, ["--product", "../x", ...FROM, ...rest]],
    [
      /--product: was "SOL-USD", which Coinbase does not have/,
      ["--product", "SOL", ...FROM, ...rest],
    ],
    [/--product: was "BTC,ETH", and a file/, ["--product", "BTC,ETH", ...fromFile, file]],
    [/--from: was left out/, ["--product", "BTC", ...rest]],
    [/--to: was "2024-08-01"/, ["--product", "BTC", ...FROM, "--to", "2024-08-01", ...rest]],
    [
      /--to: was "2024-08-01" without/,
      ["--product", "BTC", "--to", "2024-08-01", ...fromFile, file],
    ],
    [
      /--from: asks for 2999-01-01, which has not/,
      ["--product", "BTC", "--from", "2999-01-01", ...rest],
    ],
    [/no candle/, ["--product", "BTC", "--from", "2020-01-01", ...rest]],
    [
      /has no candle of 2020-01-01/,
      ["--product", "BTC", "--from", "2020-01-01", ...fromFile, file],
    ],
    [/--exchange: was left out/, ["--product", "BTC", "--source", file]],
    [/--exchange: was "bitfinex", whose/, ["--product", "BTC", ...FROM, "--exchange", "bitfinex"]],
    [/--url: was given together/, ["--product", "BTC", ...fromFile, file, ...rest]],
    [/--source: was ".*missing.csv", which/, ["--product", "BTC", ...fromFile, "missing.csv"]],
    [
      /--url: was "http:\/\/example.com"/,
      ["--product", "BTC", ...FROM, "--url", "http://example.com"],
    ],
    [/--url: was "https:\/\/h.test"/, ["--product", "BTC", ...FROM, "--url", "https://u:p@h.test"]],
    [
      /--max-rejected-share: was "2", expected a number from 0 to 1/,
      ["--product", "BTC", ...FROM, ...rest, "--max-rejected-share", "2"],
    ],
  ];
  for (const [words, options] of wrong) {
    expect([options, await run("wrong", ...options)]).toEqual([options, 2]);
    expect(output.printed).toBe("");
    expect(output.complained.trim().split("\n")).toHaveLength(1);
    expect(output.complained).toMatch(words);
    expect(output.complained).toMatch(/^tickbook: .*; /);
  }
  expect(await readdir(folder)).not.toContain("wrong");
});
