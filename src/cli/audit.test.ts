import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  candlesOf,
  DATE,
  freshStore,
  randomTrades,
  storeCandles,
  storeTrades,
  without,
} from "../audit/sources/test-sources.js";
import { auditCommand } from "./audit.js";

const MARKET = { exchange: "binance", symbol: "BTCUSDT" };
let root: string;
let remove: () => Promise<void>;
let printed: string;
let said: string;

beforeEach(async () => {
  const fresh = await freshStore();
  root = fresh.store.root;
  remove = fresh.remove;
  const trades = randomTrades(20_000);
  await storeTrades(fresh.store, MARKET, trades);
  const candles = without(candlesOf(trades), (minute) => minute >= 60 && minute < 70);
  await storeCandles(fresh.store, { exchange: "coinbase", symbol: "BTC-USD", date: DATE }, candles);
  [printed, said] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await remove();
});

async function run(...options: string[]): Promise<void> {
  await runAs(["--json"], options);
}

async function runAs(global: readonly string[], options: readonly string[]): Promise<void> {
  const program = new Command().option("--data <dir>").option("--json").exitOverride();
  auditCommand(program);
  const market = ["--exchange", "binance", "--symbols", "BTC", "--from", DATE];
  const place = ["--data", root, ...global, "audit", ...market];
  await program.parseAsync([...place, ...options], { from: "user" });
}

test("audit --compare puts every figure of ticks against candles into the JSON, and says them on standard error", async () => {
  await run("--compare", "coinbase");
  const { verdict, comparison } = JSON.parse(printed);
  expect(verdict).toMatch(/good|usable|bad/);
  expect(comparison).toHaveLength(1);
  expect(comparison[0]).toMatchObject({
    ticks: { exchange: "binance", symbol: "BTCUSDT", bookCoverage: 0 },
    candles: { exchange: "coinbase", symbol: "BTC-USD" },
    isSameMarket: false,
    days: [DATE],
  });
  expect(comparison[0].candles.missingMinutes).toBeGreaterThanOrEqual(10);
  expect(comparison[0].close.largest).toBe(0);
  expect(comparison[0]).not.toHaveProperty("columns");
  expect(said).toMatch(/× more points, gaps \d+ vs \d+/);
  expect(said).toMatch(/points a minute/);
});

test("audit --compare without a name takes the candles that are there; without any it says so", async () => {
  await run("--compare");
  expect(JSON.parse(printed).comparison[0].candles.exchange).toBe("coinbase");
  printed = "";
  await run("--compare", "bitfinex");
  expect(JSON.parse(printed).comparison).toMatchObject({ kind: "shortfall", has: 0, needs: 1 });
  expect(said).toMatch(/Not enough data to compare ticks with candles/);
});

test("an exchange that has no name for the coin, or is none, is wrong usage", async () => {
  await expect(run("--compare", "kraken")).rejects.toThrow(/kraken has no known name/);
  await expect(run("--compare", "../x")).rejects.toThrow(/no exchange or symbol is called/);
  expect(said).toBe("");
  await run();
  expect(JSON.parse(printed)).not.toHaveProperty("comparison");
});

test("the JSON holds verdict, findings and hours with their reasons, no place on disk, and thresholds only where they differ", async () => {
  await run();
  const { verdict, findings, hours, ...rest } = JSON.parse(printed);
  expect(Object.keys(rest).sort()).toEqual(["days", "exchange", "symbols"]);
  expect(printed).not.toContain(root);
  const fields = ["check", "count", "first", "isFatal", "type", "symbol", "date", "value", "unit"];
  for (const finding of findings)
    expect(Object.keys(finding)).toEqual(expect.arrayContaining([...fields, "detail", "spans"]));
  expect(findings.map(({ check }: { check: string }) => check)).toContain("coverage");
  for (const { reasons, type } of hours)
    expect([type, Array.isArray(reasons)]).toEqual([type, true]);
  expect(process.exitCode).toBe(verdict === "bad" ? 1 : 0);
});

test("for people the verdict stands first and last, findings between them, and where to look next", async () => {
  await runAs([], []);
  const lines = stripVTControlCharacters(printed).trimEnd().split("\n");
  expect(lines[0]).toMatch(/usable .*BTCUSDT \d+ of \d+ hours good/);
  expect(lines.at(-1)).toBe("verdict: usable");
  expect(lines.at(-2)).toMatch(/^look next: npx tickbook notebooks 02 /);
  expect(printed).toMatch(new RegExp(`BTCUSDT ${DATE}\\S*\\n.* coverage `));
  expect(said).toBe("");
});
