import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "./main.js";

let folder = "";
let printed = "";
let complained = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-train-"));
  printed = "";
  complained = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    complained += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const train = (...more: string[]): Promise<number> =>
  main(["train", "--exchange", "simulated", "--data", folder, ...more]);

test.each([
  ["an unknown model", ["--model", "oracle", "--symbols", "BTC", "--from", "2024-01-01"], /oracle/],
  [
    "a reversed range",
    ["--model", "lstm", "--symbols", "BTC", "--from", "2024-01-02", "--to", "2024-01-01"],
    /--to: was "2024-01-01"/,
  ],
  [
    "a horizon of none",
    ["--model", "lstm", "--symbols", "BTC", "--from", "2024-01-01", "--horizon", "0"],
    /horizonBars: was "0"/,
  ],
  [
    "a market without features",
    ["--model", "logistic", "--symbols", "BTC", "--from", "2024-01-01"],
    /no features are stored; compute them with `npx tickbook features`/,
  ],
])("%s exits 2 and says what to do", async (_, argv, said) => {
  expect(await train(...argv)).toBe(2);
  expect(complained).toMatch(said);
});

test("an empty store has no trials and no models", async () => {
  expect(await main(["trials", "--json", "--data", folder])).toBe(0);
  expect(JSON.parse(printed)).toEqual({ trials: [], count: 0 });
  printed = "";
  expect(await main(["models", "--json", "--data", folder])).toBe(0);
  expect(JSON.parse(printed)).toEqual({ models: [] });
});

test.each(["trials", "models"])(
  "%s exits 1 on a ledger that was changed, and names its line",
  async (command) => {
    mkdirSync(path.join(folder, "registry"));
    writeFileSync(path.join(folder, "registry", "trials.jsonl"), '{"number":1}\n');
    expect(await main([command, "--data", folder])).toBe(1);
    expect(complained).toMatch(/trials\.jsonl, row 1: does not fit the chain of hashes/);
  },
);
