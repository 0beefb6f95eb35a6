import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLedger } from "../registry/ledger.js";
import { evaluateTrial, trainTrial } from "../registry/test-registry.js";
import { modelName, versionOf } from "../registry/trial.js";
import { runCommandLine } from "./test-output.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "tickbook-promote-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const run = (...argv: string[]) => runCommandLine(...argv, "--data", root);

test("promoted, listed, demoted: each an entry, and JSON tells what may run", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  const name = modelName(trial);
  const promoted = await run("promote", name, "--sign-off", "Ann", "--json");
  expect(promoted.code).toBe(0);
  const { head } = await readLedger(root);
  expect(promoted.err).toBe(
    `${name} promoted in entry 3, signed off by Ann: SIMULATED simulated BTCUSDT from ticks, direction of the mid over 15 min\nledger head ${head.slice(0, 12)} after 3 entries\n`,
  );
  expect(JSON.parse(promoted.out)).toMatchObject({
    head,
    entries: 3,
    name: "logistic",
    version: versionOf(trial.key),
    entry: 3,
    marks: ["SIMULATED"],
    promoted: [{ name: "logistic", version: versionOf(trial.key), since: 3, signOff: "Ann" }],
  });
  const view = readFileSync(path.join(root, "registry", "promoted.json"), "utf8");
  expect(JSON.parse(view).promoted).toMatchObject([{ name: "logistic", marks: ["SIMULATED"] }]);
  const demoted = await run("demote", name, "--reason", "drifted", "--json");
  const after = await readLedger(root);
  expect(demoted.err).toBe(
    `${name} demoted in entry 4\nledger head ${after.head.slice(0, 12)} after 4 entries\n`,
  );
  expect(JSON.parse(demoted.out)).toMatchObject({ entry: 4, promoted: [], head: after.head });
  expect((await run("models")).out).toContain("demoted in entry 4, drifted");
  const again = await run("demote", name);
  expect(again.code).toBe(0);
  expect(again.out).toMatch(new RegExp(`^${name} demoted in entry 4\nledger head .* 4 entries\n$`));
});

test("a refusal exits 1 and names what stands in the way", async () => {
  const trial = await trainTrial(root, 1);
  const gates = [{ name: "sharpe", verdict: "undecided", value: 0.4, margin: -0.6 }] as const;
  await evaluateTrial(root, trial, { gates, verdict: "undecided" });
  const { code, err, out } = await run("promote", modelName(trial), "--json");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toBe(
    `tickbook: ${modelName(trial)}: did not pass every gate: sharpe undecided (value 0.4000, margin -0.6000); ` +
      "only a pass of every gate promotes\n",
  );
});

test.each([
  ["promote", "logistic", /expected NAME@version; take the whole name from `npx tickbook models`/],
  ["promote", "logistic@0", /promote: was "logistic@0", which no trained model is called/],
  ["demote", "lstm@0", /demote: was "lstm@0", which no trained model is called/],
  ["demote", "@", /demote: was "@", which no trained model/],
])("%s %s exits 2 in one sentence", async (command, name, said) => {
  await trainTrial(root, 1);
  const { code, err } = await run(command, name);
  expect(code).toBe(2);
  expect(err).toMatch(said);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
});

test("without a name, or with a sign-off that is no line, usage is wrong", async () => {
  expect((await run("promote")).code).toBe(2);
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  const { code, err } = await run("promote", modelName(trial), "--sign-off", "\u001b[2J");
  expect(code).toBe(2);
  expect(err).toMatch(/--sign-off: was "\\u001b\[2J", expected one line/);
});

test("a ledger that was written anew is refused where its head was noted", async () => {
  const trial = await trainTrial(root, 1);
  const { head } = JSON.parse((await run("trials", "--json")).out) as { head: string };
  await evaluateTrial(root, trial);
  const name = modelName(trial);
  expect((await run("promote", name, "--expect-head", head)).code).toBe(0);
  // Another store with the same model: a chain that holds, without the trial that was noted.
  rmSync(path.join(root, "registry"), { recursive: true });
  await trainTrial(root, 2);
  await evaluateTrial(root, await trainTrial(root, 1));
  const anew = await run("promote", name, "--expect-head", head.slice(0, 16));
  expect(anew.code).toBe(1);
  expect(anew.err).toMatch(/trials\.jsonl: has no entry with the hash .* written anew/);
  expect((await run("promote", name, "--expect-head", "abc")).code).toBe(2);
});

test.each([
  ["demote", ["logistic@0"]],
  ["evaluate", ["--model", "logistic"]],
  [
    "train",
    ["--model", "logistic", "--exchange", "simulated", "--symbols", "BTC", "--from", "2024-03-01"],
  ],
] as const)(
  "%s refuses a ledger that does not hold the head that was noted",
  async (command, argv) => {
    await trainTrial(root, 1);
    const { head } = await readLedger(root);
    const absent = await run(command, ...argv, "--expect-head", "0".repeat(12));
    expect(absent.code).toBe(1);
    expect(absent.err).toMatch(/trials\.jsonl: has no entry with the hash 000000000000/);
    expect((await run(command, ...argv, "--expect-head", "abc")).err).toMatch(
      /12 hexadecimal digits/,
    );
    const held = await run(command, ...argv, "--expect-head", head.toUpperCase());
    expect(held.err).not.toMatch(/expect-head|has no entry/);
  },
);
