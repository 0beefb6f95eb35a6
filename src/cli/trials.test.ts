import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLedger } from "../registry/ledger.js";
import { evaluateTrial, trainTrial } from "../registry/test-registry.js";
import { modelName, type Trial, versionOf } from "../registry/trial.js";
import { runCommandLine } from "./test-output.js";

let root = "";
let trials: readonly Trial[];
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "tickbook-trials-"));
  trials = [
    await trainTrial(root, 1),
    await trainTrial(root, 2, "logistic", { featureNames: ["close", "volume"] }),
    await trainTrial(root, 3, "lstm", {
      exchange: "bitfinex",
      symbols: ["BTCUSD", "ETHUSD"],
      horizonUs: 4 * 3600e6,
      labelKind: "close",
      labelRule: { kind: "triple-barrier", deviations: 1, volatilityBars: 60 },
      origin: { source: "candles", cut: { window: "rolling" } },
    }),
  ];
  await evaluateTrial(root, trials[0]!);
  await evaluateTrial(root, trials[2]!, {
    figures: { dailySharpe: 0.4, grossDailySharpe: 0.4, logLoss: 0.6 },
  });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const run = (...argv: string[]) => runCommandLine("trials", ...argv, "--data", root);
const seeds = async (...argv: string[]) => {
  const { out } = await run(...argv, "--json");
  return (JSON.parse(out) as { trials: { seed: number }[] }).trials.map(({ seed }) => seed);
};

test("lists every trial, N, the scatter of Sharpe ratios and the head to write down", async () => {
  const { code, out } = await run();
  const { head } = await readLedger(root);
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^entry +model +seed +predicts +inputs +data hash +accuracy/);
  expect(lines[1]).toMatch(
    new RegExp(
      `^1 +${modelName(trials[0]!)} +1 +SIMULATED simulated BTCUSDT from ticks, direction of the mid over 15 min +— +data 1 +0\\.71 .*priorDeviation 0\\.1`,
    ),
  );
  expect(lines[2]).toMatch(/direction of the mid over 15 min +2 +data 0 /);
  expect(lines[3]).toContain(
    "REAL bitfinex BTCUSD ETHUSD from candles, BOUNCE-PRONE: triple barrier of the close within 4 h",
  );
  // (0.4 − 0.11) / √2
  expect(lines.slice(4, 6)).toEqual([
    "N = 3 tries of 3 trials in the ledger, its chain of hashes whole; tries are trials, each once for every way of executing it that was evaluated, and the deflated Sharpe ratio is held against them",
    "3 trials of no known horizon, held against all: daily Sharpe ratios before costs scatter by 0.2051, 1 unknown",
  ]);
  expect(lines[6]).toMatch(new RegExp(`^head ${head} after 5 entries: write it down`));
  const json = JSON.parse((await run("--json")).out);
  expect(json.trials[2]).toMatchObject({
    ...{ isSimulated: false, exchange: "bitfinex", symbols: ["BTCUSD", "ETHUSD"] },
    ...{ source: "candles", window: "rolling", labelKind: "close", horizonUs: 4 * 3600e6 },
  });
  expect(json).toMatchObject({ count: 3, entries: 5, head, statistics: { count: 3, unknown: 1 } });
});

test.each([
  [["--symbol", "ETHUSD"], [3]],
  [
    ["--symbol", "BTCUSDT"],
    [1, 2],
  ],
  [
    ["--source", "ticks"],
    [1, 2],
  ],
  [["--label", "triple-barrier"], [3]],
  [
    ["--label", "mid", "--source", "ticks"],
    [1, 2],
  ],
  [
    ["--horizon", "15"],
    [1, 2],
  ],
  [
    ["--horizon", "15 min"],
    [1, 2],
  ],
  [["--horizon", "240"], [3]],
  [["--horizon", "4 h"], [3]],
  [["--horizon", "4h", "--symbol", "BTCUSDT"], []],
])("%j chooses by what the bundles say", async (argv, chosen) => {
  expect(await seeds(...argv)).toEqual(chosen);
});

test("a try is another way of executing a trial, and trials scatter by their horizon", async () => {
  const other = mkdtempSync(path.join(tmpdir(), "tickbook-trials-"));
  try {
    const fits = [];
    for (const [seed, horizonMinutes] of [
      [1, 15],
      [2, 15],
      [3, 0.5],
    ] as const) {
      fits.push(await trainTrial(other, seed, "logistic", {}, { horizonMinutes }));
    }
    await evaluateTrial(other, fits[0]!);
    await evaluateTrial(other, fits[0]!, { execution: "spot, 100 USD" });
    await evaluateTrial(other, fits[1]!, { figures: { grossDailySharpe: 0.21 } });
    const { out } = await runCommandLine("trials", "--data", other);
    expect(out).toContain("\nN = 4 tries of 3 trials in the ledger");
    expect(out).toContain("\n1 trial over 30 s: daily Sharpe ratios before costs are not known");
    // (0.21 − 0.11) / √2
    expect(out).toMatch(/^2 trials over 15 min: daily Sharpe .* scatter by 0\.0707, 0 unknown$/m);
    const json = JSON.parse((await runCommandLine("trials", "--json", "--data", other)).out);
    expect(json.count).toBe(4);
    expect(json.byHorizon).toMatchObject([
      { horizonMinutes: 0.5, trials: 1, unknown: 1 },
      { horizonMinutes: 15, trials: 2, unknown: 0 },
    ]);
  } finally {
    rmSync(other, { recursive: true });
  }
});

test("a trial whose bundle was altered has no facts and is still listed", async () => {
  const other = mkdtempSync(path.join(tmpdir(), "tickbook-trials-"));
  try {
    const trial = await trainTrial(other, 1);
    const version = path.join("registry", "models", "logistic", versionOf(trial.key));
    appendFileSync(path.join(other, version, "bundle.json"), " ");
    const { code, out } = await runCommandLine("trials", "--data", other);
    expect([code, out.split("\n")[1]]).toEqual([0, expect.stringMatching(/@\w+ +1 +— +— +data 1/)]);
  } finally {
    rmSync(other, { recursive: true });
  }
});

test("filters by model, data, settings and entry", async () => {
  expect(await seeds("--model", "lstm")).toEqual([3]);
  expect(await seeds("--data-hash", "data 1")).toEqual([1, 3]);
  expect(await seeds("--setting", "priorDeviation=0.2")).toEqual([2]);
  expect(await seeds("--setting", 'layers={"first":3}', "--setting", "model=lstm")).toEqual([3]);
  expect(await seeds("--since", "2")).toEqual([2, 3]);
});

test("filters that no trial passes together say so and name what there is", async () => {
  const { code, out } = await run("--model", "lstm", "--setting", "priorDeviation=0.2");
  expect(code).toBe(0);
  expect(out).toMatch(
    /^none of 3 trials is of model lstm, with setting priorDeviation=0\.2; there are: model logistic \(2\), lstm \(1\); data data 0 \(1\), data 1 \(2\); symbol BTCUSD \(1\), BTCUSDT \(2\), ETHUSD \(1\); source candles \(1\), ticks \(2\); label close \(1\), direction \(2\), mid \(2\), triple-barrier \(1\); horizon 15 min \(2\), 4 h \(1\); entries 1 to 3\n/,
  );
  const late = await run("--since", "4", "--json");
  expect([late.code, JSON.parse(late.out).trials]).toEqual([0, []]);
  expect(late.err).toMatch(/^none of 3 trials is from entry 4 on; there are: /);
});

test("an empty ledger says so, whatever is asked for", async () => {
  const empty = mkdtempSync(path.join(tmpdir(), "tickbook-trials-"));
  try {
    const argv = ["--model", "lstm", "--setting", "depth=3", "--data-hash", "0", "--since", "2"];
    const { code, out } = await runCommandLine("trials", ...argv, "--data", empty);
    expect(code).toBe(0);
    expect(out).toMatch(/^no trials yet; train a model with `npx tickbook train`\n/);
  } finally {
    rmSync(empty, { recursive: true });
  }
});

test("sorts best first, whatever lacks the figure last; losses from the lowest", async () => {
  expect(await seeds("--sort", "dailySharpe")).toEqual([3, 1, 2]);
  expect(await seeds("--sort", "accuracy")).toEqual([1, 3, 2]);
  expect(await seeds("--sort", "logLoss")).toEqual([3, 1, 2]);
});

test("compares trials: only what differs, and figures side by side", async () => {
  const { out } = await run("--compare", `1,${modelName(trials[1]!)},${versionOf(trials[2]!.key)}`);
  const cells = out.split("\n").map((line) => line.trimEnd().split(/ {2,}/));
  const row = (what: string) => cells.find(([name]) => name === what)?.slice(1);
  expect(row("what")).toEqual(trials.map(modelName));
  expect(row("model")).toEqual(["logistic", "logistic", "lstm"]);
  expect(row("setting priorDeviation")).toEqual(["0.1", "0.2", "0.3"]);
  expect(row("data")).toEqual(["data 1", "data 0", "data 1"]);
  expect(row("code")).toBeUndefined();
  expect(row("predicts")?.[2]).toMatch(/^REAL bitfinex .* triple barrier of the close within 4 h$/);
  expect(row("labelRule")).toEqual([
    ...["direction", "direction"],
    "triple-barrier, deviations 1, volatilityBars 60",
  ]);
  expect(row("source")).toEqual(["ticks", "ticks", "candles"]);
  expect(row("window")).toEqual(["anchored", "anchored", "rolling"]);
  expect(row("dailySharpe")).toEqual(["0.11", "—", "0.4"]);
  expect(row("last evaluation")).toEqual([
    "pass, 10 of 10 gates",
    "never evaluated",
    "pass, 10 of 10 gates",
  ]);
  const json = JSON.parse((await run("--compare", "1,2", "--json")).out);
  expect(json.compared.differences).toContainEqual({ what: "seed", values: ["1", "2"] });
});

test("a head that was noted earlier is found among the entries", async () => {
  const { out, code } = await run("--expect-head", trials[1]!.hash);
  expect(code).toBe(0);
  expect(out).toMatch(/the expected head is entry 2: all up to it is as it was then\n$/);
  const other = await run("--expect-head", "0123456789abcdef");
  expect([other.code, other.out]).toEqual([1, ""]);
});

test.each([
  [["--sort", "beauty"], /--sort: was "beauty", a figure that no trial has; use one of accuracy/],
  [
    ["--setting", "depth=3"],
    /--setting: named "depth", a setting that no trial has; use one of layers/,
  ],
  [["--setting", "depth"], /--setting: was "depth", expected key=value/],
  [
    ["--setting", "priorDeviation=0.9"],
    /--setting: was "priorDeviation=0\.9", a value that no trial has; use one of 0\.1, 0\.2, 0\.3/,
  ],
  [["--model", "oracle"], /--model: was "oracle", .* no trial has; use one of logistic, lstm/],
  [["--model", ""], /--model: was "", .* no trial has; use one of logistic, lstm/],
  [["--data-hash", "f00"], /--data-hash: was "f00", .* no trial has; use one of data 0, data 1/],
  [["--data-hash", ""], /--data-hash: was "", .* no trial has/],
  [["--symbol", "XRPUSD"], /--symbol: was "XRPUSD", .*; use one of BTCUSD, BTCUSDT, ETHUSD/],
  [["--source", "books"], /--source: was "books", .*; use one of candles, ticks/],
  [["--label", "up"], /--label: was "up", .*; use one of close, direction, mid, triple-barrier/],
  [["--horizon", "16"], /--horizon: was "16", which no trial has; use one of 15 min, 4 h/],
  [["--horizon", "soon"], /--horizon: was "soon", which no trial has/],
  [["--compare", "1,2", "--symbol", "BTCUSD"], /--symbol: was given with --compare/],
  [["--since", "0"], /--since: was "0", expected the number of an entry/],
  [["--since", "last week"], /--since: was "last week", expected the number of an entry/],
  [["--compare", "1"], /--compare: was "1", expected two or more/],
  [["--compare", "1,1"], /--compare: was "1,1", expected two or more trials, each once/],
  [["--compare", "1,99"], /--compare: was "99", which is no trial's entry; .* among 1, 2, 3/],
  [["--compare", "1,4"], /--compare: was "4", which is no trial's entry; .* among 1, 2, 3/],
  [["--compare", "1,oracle"], /--compare: was "oracle", which no trained model is called/],
  [["--compare", "1,2", "--sort", "accuracy"], /--sort: was given with --compare/],
  [["--expect-head", "xyz"], /--expect-head: was "xyz", expected at least 12 hexadecimal digits/],
])("%j exits 2 in one sentence", async (argv, said) => {
  const { code, err } = await run(...argv);
  expect(code).toBe(2);
  expect(err).toMatch(said);
});
