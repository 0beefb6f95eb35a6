import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { main } from "./main.js";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-start-"));
});

afterAll(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

async function start(...args: readonly string[]): Promise<{ code: number; error: string }> {
  let error = "";
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    error += String(text);
    return true;
  });
  const out = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  try {
    const places = ["--data", path.join(folder, "data"), "--reports", path.join(folder, "reports")];
    const code = await main(args.includes("--data") ? args : [...args, ...places]);
    return { code, error };
  } finally {
    err.mockRestore();
    out.mockRestore();
    process.exitCode = 0;
  }
}

const EMPTY = path.join(tmpdir(), "tickbook-no-such-mirror");

test.each([
  ["an unknown simulated symbol", ["start", "--symbols", "DOGEUSDT"], /DOGEUSDT/],
  ["a reversed range", ["start", "--from", "2024-01-03", "--to", "2024-01-01"], /--to: was/],
  ["a day that is none", ["start", "--from", "2024-02-31"], /calendar day/],
  ["a seed that is none", ["start", "--seed", "x"], /seed/],
  ["an exchange without a source", ["start", "--exchange", "binance"], /without a --source/],
  ["a source without a first day", ["start", "--source", EMPTY], /--from: was missing/],
  ["a missing folder", ["start", "--source", EMPTY, "--from", "2024-01-01"], /no-such-mirror/],
  ["an unknown edge", ["start", "--edge", "huge"], /edge/],
  ["an unknown notebook", ["notebooks", "99"], /no notebook/],
  ["an unknown notebook after a space", ["notebooks", "01", "04,98"], /"98", which is no notebook/],
  [
    "a notebook on the Python kernel",
    ["notebooks", "00"],
    /"00", whose cells are python, .*; open notebooks\/00-colab\.ipynb in JupyterLab/,
  ],
  [
    "a parameter of none of two",
    ["notebooks", "01", "04", "--params", '{"a":1}'],
    /horizonBars, latencyMs, folds, embargoBars, coverage, costs, seed/,
  ],
  ["parameters that are no JSON", ["notebooks", "01", "--params", "{"], /JSON object/],
  ["an unknown parameter", ["notebooks", "01", "--params", '{"sybmols":"BTC"}'], /"sybmols"/],
])("%s ends with exit code 2 and one sentence, before anything runs", async (_, args, words) => {
  const { code, error } = await start(...args);
  expect(code).toBe(2);
  expect(error.trim().split("\n").at(-1)).toMatch(words);
  expect(error).not.toMatch(/^\s+at /m);
  const reports = path.join(folder, "reports");
  mkdirSync(reports, { recursive: true });
  expect(readdirSync(reports)).toEqual([]);
});

test("a symbol that the source does not have is refused before notebooks run", async () => {
  const mirror = path.join(folder, "mirror");
  const day = path.join(mirror, "binance", "trades", "2024", "08", "08");
  mkdirSync(day, { recursive: true });
  writeFileSync(path.join(day, "BTCUSDT.csv.gz"), "");
  const { code, error } = await start(
    ...["start", "--source", mirror, "--exchange", "binance", "--symbols", "XYZUSDT"],
    ...["--from", "2024-08-08"],
  );
  expect(code).toBe(2);
  expect(error).toMatch(/XYZUSDT/);
});

test("a source that refuses every file is refused with its reason before notebooks run", async () => {
  const mirror = path.join(folder, "unreadable");
  // A folder where the file should be.
  mkdirSync(path.join(mirror, "binance/trades/2024/08/08/BTCUSDT.csv.gz"), { recursive: true });
  const { code, error } = await start(
    ...["start", "--source", mirror, "--exchange", "binance", "--symbols", "BTC"],
    ...["--from", "2024-08-08", "--data", path.join(folder, "refused")],
  );
  expect(code).toBe(2);
  expect(error).toMatch(/^tickbook: --source: .* has no file of .* that it opens: .*is a folder/);
});

test.skipIf(process.getuid?.() === 0)("a folder that cannot be written to is refused", async () => {
  const locked = path.join(folder, "locked");
  mkdirSync(locked, { mode: 0o500 });
  const { code, error } = await start("start", "--data", path.join(locked, "data"));
  expect([code, error]).toEqual([2, expect.stringContaining("cannot be written to")]);
});

test("a store below a file is refused", async () => {
  const { code, error } = await start("start", "--data", path.join(__filename, "data"));
  expect([code, error]).toEqual([2, expect.stringContaining("cannot be written to")]);
});
