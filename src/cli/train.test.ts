import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "./main.js";
import { captureOutput } from "./test-output.js";

let folder = "";
const output = captureOutput();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-train-"));
});

afterEach(() => {
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
    /--horizon-bars: was "0"/,
  ],
  [
    "a market without features",
    ["--model", "logistic", "--symbols", "BTC", "--from", "2024-01-01"],
    /no features are stored; compute them with `npx tickbook features`/,
  ],
])("%s exits 2 and says what to do", async (_, argv, said) => {
  expect(await train(...argv)).toBe(2);
  expect(output.complained).toMatch(said);
});

test("an empty store has no trials and no models", async () => {
  expect(await main(["trials", "--json", "--data", folder])).toBe(0);
  expect(JSON.parse(output.printed)).toMatchObject({ trials: [], count: 0, entries: 0 });
  output.printed = "";
  expect(await main(["models", "--json", "--data", folder])).toBe(0);
  expect(JSON.parse(output.printed)).toMatchObject({ models: [], unrecorded: [], entries: 0 });
});

test.each(["trials", "models"])(
  "%s exits 1 on a ledger that was changed, and names its line",
  async (command) => {
    mkdirSync(path.join(folder, "registry"));
    writeFileSync(path.join(folder, "registry", "trials.jsonl"), '{"number":1}\n');
    expect(await main([command, "--data", folder])).toBe(1);
    expect(output.complained).toMatch(/trials\.jsonl, row 1: does not fit the chain of hashes/);
  },
);
