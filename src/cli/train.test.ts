import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as settingsFile from "../core/settings-file.js";
import * as stores from "../store/store.js";
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

const MARKET = ["--model", "logistic", "--symbols", "BTC", "--from", "2024-01-01"];

/** The market's options, less those that are given otherwise. */
const marketBut = (argv: readonly string[]): readonly string[] =>
  MARKET.filter((_, i) => !argv.includes(MARKET[i - (i % 2)]!));

test.each([
  [
    "an option given twice",
    ["--folds", "2", "--folds", "3"],
    /--folds: was given twice, the second time as "3"; give it once/,
  ],
  ["an unknown model", ["--model", "oracle"], /oracle/],
  ["a reversed range", ["--to", "2023-12-31"], /--to: was "2023-12-31"/],
  ["a day that is none", ["--from", "2024-13-01"], /--from: was "2024-13-01"/],
  ["no symbol", ["--symbols", ","], /--symbols: was empty/],
  ["a horizon of none", ["--horizon", "0"], /--horizon: was "0", .* from 1 to 1440/],
  ["a horizon beyond a day", ["--horizon", "1441"], /--horizon: was "1441", .* from 1 to 1440/],
  ["a latency back in time", ["--latency", "-1"], /--latency: was "-1", .* from 0 to 60000/],
  ["a seed in words", ["--seed", "one"], /--seed: was "one", expected a whole number from 0/],
  ["no fold", ["--folds", "0"], /--folds: was "0", expected a whole number from 1 to 999/],
  ["too many folds", ["--folds", "1000"], /--folds: was "1000", .* from 1 to 999/],
  ["a bar that divides no day", ["--bar", "7m"], /--bar: was /],
  ["three shares", ["--shares", "0.5,0.2,0.3"], /--shares: was "0.5,0.2,0.3", expected four/],
  ["shares of more than all", ["--shares", "0.5,0.2,0.2,0.2"], /--shares: .* add up to 1/],
  ["a share of none", ["--shares", "0.5,0,0.2,0.3"], /--shares: .* above 0/],
  ["half a fold", ["--folds", "1.5"], /--folds: was "1.5", expected a whole number/],
  ["no coverage", ["--coverage", "0"], /--coverage: was "0", expected a share above 0, at most 1/],
  ["too much coverage", ["--coverage", "1.1"], /--coverage: was "1.1"/],
  ["a coverage in hexadecimal", ["--coverage", "0x1"], /--coverage: was "0x1"/],
  ["an unknown window", ["--window", "sliding"], /--window .* anchored, rolling/],
  ["an unknown label", ["--label", "close"], /--label .* direction, triple-barrier/],
  ["an unknown calibrator", ["--calibrator", "none"], /--calibrator .* temperature, platt/],
  ["an unknown set of columns", ["--columns", "54"], /--columns .* base, full/],
  [
    "a dataset above its folder",
    ["--name", "../up"],
    /--name: was "\.\.\/up", which no dataset can be called/,
  ],
  ["a dataset without a name", ["--name", ""], /--name: was "", which no dataset can be called/],
  [
    "members of a line",
    ["--members", "mlp"],
    /--members: was "mlp" with --model logistic, which has/,
  ],
  ["no members", ["--model", "ensemble", "--members", ","], /--members: named none/],
  ["a member twice", ["--model", "ensemble", "--members", "mlp, mlp"], /named mlp twice/],
  ["a member that is none", ["--model", "ensemble", "--members", "oracle"], /"oracle", which no/],
  [
    "an ensemble as a member",
    ["--model", "ensemble", "--members", "mlp,ensemble@0a1b2c3d4e5f"],
    /named "ensemble@0a1b2c3d4e5f", an ensemble itself; name its members/,
  ],
  [
    "the full set from candles",
    ["--source", "candles", "--columns", "full"],
    /--columns: was "full" with --source candles, which lack 20 of them: obi_l1, .*; give --columns base/,
  ],
  ["an unknown setting", ["--set", "depth=2"], /--set: named "depth", .* of logistic; use one of/],
  [
    "a setting beyond its rule",
    ["--model", "lstm", "--set", "units=8", "dropout=1.5"],
    /--set dropout: was "1\.5", expected a share from 0, below 1; give such a value/,
  ],
  [
    "a grid of one",
    ["--model", "lstm", "--grid", "units=8"],
    /--grid: asks for 1 try, expected 2 to 100/,
  ],
  [
    "a grid over what is set",
    ["--model", "lstm", "--set", "dropout=0", "units=8", "--grid", "units=16,32"],
    /--grid units: was asked for by --set, too; give it to one of them/,
  ],
  [
    "a grid of what has no early-stop loss",
    ["--grid", "priorDeviations=0.1,1"],
    /--grid: was given for logistic, which is not trained in epochs/,
  ],
  ["no seeds", ["--model", "lstm", "--seeds", "0"], /--seeds: was "0", .* from 2 to 100/],
  ["seeds of what draws none", ["--seeds", "3"], /--seeds: was 3 for logistic, which draws/],
  [
    "the order flow of candles",
    ["--model", "ofi-sign", "--source", "candles"],
    /--model: was "ofi-sign" with --source candles, which have no order flow/,
  ],
  [
    "the order flow among prices",
    ["--model", "ofi-sign", "--columns", "base"],
    /--model: was "ofi-sign" with --columns base/,
  ],
])("%s exits 2 before the store is opened, and is named as it was typed", async (_, argv, said) => {
  const open = vi.spyOn(stores, "openStore").mockRejectedValue(new Error("the store was opened"));
  expect(await train(...marketBut(argv), ...argv)).toBe(2);
  expect(output.complained).toMatch(said);
  expect(output.complained.trim().split("\n")).toHaveLength(1);
  expect(open).not.toHaveBeenCalled();
});

test.each([
  [{ horizonBars: 0 }, /^tickbook: tickbook\.yaml, horizonBars: was 0, expected a whole number/],
  [{ audit: { nosuch: 1 } }, /^tickbook: tickbook\.yaml, audit\.nosuch: is no threshold/],
  [{ book: 5 }, /^tickbook: tickbook\.yaml, book: was 5, expected seconds/],
])("%j in the settings file exits 2 before the store is opened", async (file, said) => {
  vi.spyOn(settingsFile, "readSettingsFile").mockReturnValue(file);
  const open = vi.spyOn(stores, "openStore").mockRejectedValue(new Error("the store was opened"));
  const evaluate = (): Promise<number> => main(["evaluate", "--model", "x", "--data", folder]);
  for (const command of [() => train(...MARKET), evaluate]) {
    output.complained = "";
    expect(await command()).toBe(2);
    expect(output.complained).toMatch(said);
  }
  expect(open).not.toHaveBeenCalled();
});

test.each([
  ["TICKBOOK_HORIZON_BARS", "0", /^tickbook: TICKBOOK_HORIZON_BARS: was "0", .* from 1 to 1440/],
  ["TICKBOOK_SEED", "one", /^tickbook: TICKBOOK_SEED: was "one", expected a whole number/],
])("%s=%s exits 2 by its own name", async (name, value, said) => {
  vi.stubEnv(name, value);
  expect(await train(...MARKET)).toBe(2);
  vi.unstubAllEnvs();
  expect(output.complained).toMatch(said);
});

test.each([
  ["ticks", /features --exchange simulated --symbols BTCUSDT --from 2024-01-01 --to 2024-01-02`/],
  ["candles", /of which no candles are stored; .*`npx tickbook candles .* --to 2024-01-02`/],
])("a market of which no %s are stored exits 2 and names the command", async (source, said) => {
  expect(await train(...MARKET, "--source", source)).toBe(2);
  expect(output.complained).toMatch(/named simulated BTCUSDT from 2024-01-01, of which no/);
  expect(output.complained).toMatch(said);
});

test("features of bars of another length are others, and the command that makes them names it", async () => {
  expect(await train(...MARKET, "--bar", "15m")).toBe(2);
  expect(output.complained).toMatch(
    /features --exchange simulated --symbols BTCUSDT --bar 15m --from/,
  );
});

test.each([
  ["0.0499", true],
  ["0.0001", true],
  ["0.05", false],
  ["1", false],
])(
  "a coverage of %s that no gate on accuracy passes is told before anything is read",
  async (coverage, isTold) => {
    expect(await train(...MARKET, "--coverage", coverage)).toBe(2);
    const said = `--coverage ${coverage} acts on fewer bars than the 5 % that the accuracy gate needs`;
    expect(output.printed.startsWith(said)).toBe(isTold);
  },
);

test("a model that TensorFlow computes begins with the device, a rule does not", async () => {
  expect(await train(...MARKET)).toBe(2);
  expect(output.printed).toMatch(/^computes on \S.*, (TensorFlow|tfjs) \d+\.\d+/m);
  output.printed = "";
  expect(await train("--model", "majority", ...MARKET.slice(2))).toBe(2);
  expect(output.printed).not.toContain("computes on");
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
