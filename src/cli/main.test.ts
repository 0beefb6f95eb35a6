import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "./main.js";
import { captureOutput } from "./test-output.js";

let folder = "";
const output = captureOutput();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-cli-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ingest = (...more: string[]): Promise<number> =>
  main(["ingest", "--exchange", "binance", "--data", path.join(folder, "data"), ...more]);

test("help exits 0 and lists the commands", async () => {
  expect(await main(["--help"])).toBe(0);
  for (const name of [
    "simulate",
    "serve",
    "ingest",
    "audit",
    "features",
    "train",
    "notebooks",
    "doctor",
  ]) {
    expect(output.printed).toContain(name);
  }
});

test.each([
  ["an unknown command", ["frobnicate"], /frobnicate.*`npx tickbook --help`/],
  [
    "an unknown option",
    ["sql", "SELECT 1", "--frobnicate"],
    /frobnicate.*`npx tickbook sql --help`/,
  ],
  ["a misspelt option", ["sql", "SELECT 1", "--jso"], /mean --json.*`npx tickbook sql --help`/],
  ["a required option left out", ["audit"], /--exchange.*`npx tickbook audit --help`/],
  ["an argument too many", ["doctor", "x"], /too many.*`npx tickbook doctor --help`/],
  ["an empty query", ["sql", " "], /query: was empty/],
])("%s exits 2 and says in one sentence which, and where to look", async (_, argv, said) => {
  expect(await main(argv)).toBe(2);
  expect(output.complained).toMatch(said);
  expect(output.complained.trim().split("\n")).toHaveLength(1);
  expect(output.complained).toMatch(/^tickbook: /);
});

test.each([
  [
    "a missing folder",
    ["--source", "/nowhere/at/all", "--symbols", "BTCUSDT", "--from", "2024-08-08"],
    /nowhere/,
  ],
  [
    "a reversed range",
    ["--source", ".", "--symbols", "BTCUSDT", "--from", "2024-08-09", "--to", "2024-08-08"],
    /--to/,
  ],
  [
    "a date that is none",
    ["--source", ".", "--symbols", "BTCUSDT", "--from", "2024-02-30"],
    /2024-02-30/,
  ],
  [
    "a symbol that leaves the store",
    ["--source", ".", "--symbols", "../x", "--from", "2024-08-08"],
    /\.\.\/x/,
  ],
  [
    "an unknown type",
    ["--source", ".", "--symbols", "BTCUSDT", "--types", "candles2", "--from", "2024-08-08"],
    /candles2/,
  ],
  [
    "an empty list of types",
    ["--source", ".", "--symbols", "BTCUSDT", "--types", ",", "--from", "2024-08-08"],
    /--types: was ","/,
  ],
])("%s exits 2 in one sentence and writes nothing", async (_, argv, said) => {
  expect(await ingest(...argv)).toBe(2);
  expect(output.complained).toMatch(said);
  expect(output.complained.trim().split("\n")).toHaveLength(1);
  expect(readdirSync(folder)).toEqual([]);
});
