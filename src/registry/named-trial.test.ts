import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { namedTrial } from "./named-trial.js";
import { type TrialIdentity, versionOf } from "./trial.js";
import { readTrials, recordTrial } from "./trials.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-named-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const identity = (seed: number): TrialIdentity => ({
  model: "logistic",
  data: "d1",
  code: "c1",
  settings: { model: "logistic" },
  seed,
  backend: "plain",
});
const record = async (seed: number, part?: string) =>
  await recordTrial(root, identity(seed), {
    figures: {},
    bundle: "b1",
    ...(part === undefined ? {} : { part }),
  });

test("a bare name is the last model of its own, whatever comparisons were fitted after it", async () => {
  await record(1);
  const own = await record(2);
  const part = await record(3, "horizon map");
  const trials = await readTrials(root);
  expect(trials.map((trial) => trial.part)).toEqual(["", "", "horizon map"]);
  expect(namedTrial(trials, { name: "logistic" })).toEqual(own);
  expect(namedTrial(trials, { name: "logistic", version: versionOf(part.key) })).toEqual(part);
});

test("where all of a name are parts of comparisons, the error says so and names one", async () => {
  const part = await record(1, "candles beside ticks");
  const trials = await readTrials(root);
  expect(() => namedTrial(trials, { name: "logistic" })).toThrow("part of a comparison");
  expect(() => namedTrial(trials, { name: "logistic" })).toThrow(`logistic@${versionOf(part.key)}`);
  expect(() => namedTrial(trials, { name: "lstm" })).toThrow("no trained model");
});

test("what a trial was fitted for is no part of what makes it the same trial", async () => {
  const first = await record(1, "horizon map");
  expect(await record(1)).toEqual(first);
});
