import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contentHash } from "../core/content-hash.js";
import { processPlace } from "../core/process-place.js";
import { runBeside } from "./test-processes.js";
import { type Trial, type TrialIdentity, trialKey } from "./trial.js";
import { readTrials, recordTrial } from "./trials.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-trials-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const identity = (seed: number): TrialIdentity => ({
  model: "logistic",
  data: "d1",
  code: "c1",
  settings: { model: "logistic", priorDeviation: 0.1 },
  seed,
  backend: "plain",
});
const result = (accuracy: number) => ({ figures: { accuracy, sharpe: Number.NaN }, bundle: "b1" });
const file = () => path.join(root, "registry", "trials.jsonl");

async function recordThree(): Promise<void> {
  for (const seed of [1, 2, 3]) await recordTrial(root, identity(seed), result(0.5 + seed / 100));
}

test("an empty store has no trials; recorded ones are read back in order, chained", async () => {
  expect(await readTrials(root)).toEqual([]);
  await recordThree();
  const trials = await readTrials(root);
  expect(trials.map(({ number, seed }) => [number, seed])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(trials[1]!.previous).toBe(trials[0]!.hash);
  expect(trials[0]!.figures).toEqual({ accuracy: 0.51, sharpe: Number.NaN });
});

test("the same trial again makes no new entry and gives the same figures", async () => {
  const first = await recordTrial(root, identity(1), result(0.55));
  const settings = { priorDeviation: 0.1, model: "logistic" };
  const again = await recordTrial(root, { ...identity(1), settings }, result(0.55));
  expect(again).toEqual(first);
  expect(await readTrials(root)).toHaveLength(1);
});

test("other results under a recorded trial are refused, and the ledger stays", async () => {
  await recordTrial(root, identity(1), result(0.55));
  const before = await readFile(file(), "utf8");
  await expect(recordTrial(root, identity(1), result(0.56))).rejects.toThrow("never changed");
  const otherBundle = { ...result(0.55), bundle: "b2" };
  await expect(recordTrial(root, identity(1), otherBundle)).rejects.toThrow("row 1");
  expect(await readFile(file(), "utf8")).toBe(before);
});

test("data, code, settings, seed, model and backend each make another trial", () => {
  const base = identity(1);
  const others = [
    { ...base, data: "d2" },
    { ...base, code: "c2" },
    { ...base, settings: { ...base.settings, priorDeviation: 0.2 } },
    { ...base, seed: 2 },
    { ...base, model: "lstm" },
    { ...base, backend: "native" },
  ];
  expect(new Set([base, ...others].map(trialKey)).size).toBe(7);
});

const TAMPERINGS: Readonly<Record<string, (lines: string[]) => string[]>> = {
  "a figure was changed": (lines) => lines.map((line) => line.replace("0.52", "0.62")),
  "a setting was changed": (lines) => lines.map((line) => line.replace("0.1", "0.3")),
  "an entry was removed": ([first, , third]) => [first!, third!],
  "the first entry was removed": ([, second, third]) => [second!, third!],
  "two entries changed places": ([first, second, third]) => [second!, first!, third!],
  "an entry was doubled": ([first, second, third]) => [first!, second!, third!, third!],
  "an entry was replaced by a whole one": ([first, second, third]) => {
    const { hash: _, ...content } = JSON.parse(second!) as Trial;
    const other = { ...content, figures: { accuracy: 0.99 } };
    return [first!, JSON.stringify({ ...other, hash: contentHash(other) }), third!];
  },
  "a line is no JSON": ([first, second]) => [first!, second!, "oops"],
  "a line is empty": ([first, second]) => [first!, "", second!],
};

test.each(Object.entries(TAMPERINGS))("reading and recording refuse when %s", async (_, tamper) => {
  await recordThree();
  const lines = (await readFile(file(), "utf8")).trimEnd().split("\n");
  await writeFile(file(), `${tamper(lines).join("\n")}\n`);
  await expect(readTrials(root)).rejects.toThrow(/trials\.jsonl, row \d: does not fit the chain/);
  await expect(recordTrial(root, identity(9), result(0.5))).rejects.toThrow("chain of hashes");
});

test("a line that a kill cut off was never recorded; the next record takes its place", async () => {
  await recordThree();
  const line = (await readFile(file(), "utf8")).split("\n")[0]!;
  await appendFile(file(), line.slice(0, 40));
  expect(await readTrials(root)).toHaveLength(3);
  await recordTrial(root, identity(4), result(0.54));
  expect((await readTrials(root)).map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
});

test("many recorders at once leave one whole chain", async () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i % 10);
  await Promise.all(seeds.map((seed) => recordTrial(root, identity(seed), result(seed))));
  const trials = await readTrials(root);
  expect(trials.map(({ seed }) => seed).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("a lock left by a process that is gone is taken over", async () => {
  await recordTrial(root, identity(1), result(0.5));
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  await writeFile(`${file()}.lock`, JSON.stringify({ host: processPlace(), pid: gone }));
  await recordTrial(root, identity(2), result(0.5));
  expect(await readTrials(root)).toHaveLength(2);
  expect(await readdir(path.dirname(file()))).toEqual(["promoted.json", "trials.jsonl"]);
});

test("several processes that record at once leave one whole chain", async () => {
  // Neighbours share half of their trials.
  await runBeside(
    root,
    [0, 4, 8].map(
      (first) => `
      for (let i = 0; i < 8; i++) {
        const identity = { model: "m", data: "d", code: "c", settings: {}, backend: "b", seed: ${first} + i };
        await registry.recordTrial(root, identity, { figures: { seed: identity.seed }, bundle: "b" });
      }`,
    ),
  );
  const seeds = (await readTrials(root)).map(({ seed }) => seed);
  expect(seeds.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i));
});
