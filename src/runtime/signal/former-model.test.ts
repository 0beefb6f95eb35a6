import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError } from "../../core/errors.js";
import { catalogueHash } from "../../features/catalogue.js";
import { PROFILE_FILE, profileToBytes } from "../../models/input-profile.js";
import { predictorToBytes } from "../../models/predictor.js";
import { demote, promote } from "../../registry/promotion.js";
import { evaluateTrial, trainTrial } from "../../registry/test-registry.js";
import { modelName, type Trial, versionOf } from "../../registry/trial.js";
import { MODEL } from "../loop/test-run.js";
import { type KnownModel, openFormerModel } from "./former-model.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-former-model-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const named = ({ model: name, key }: Trial) => ({ name, version: versionOf(key) });

async function trained(seed: number, catalogue = catalogueHash()): Promise<Trial> {
  const { predictor, profile, latencyUs, horizonBars } = MODEL;
  const about = { folds: 1, latencyUs, horizonBars, catalogueHash: catalogue };
  const files = {
    "fold1.safetensors": predictorToBytes(predictor),
    [PROFILE_FILE]: profileToBytes({ ...profile, shiftLimit: 1e9, distanceLimit: 8 }),
  };
  return await trainTrial(root, seed, "logistic", about, {}, files);
}

async function demoted(seed: number, catalogue?: string): Promise<Trial> {
  const trial = await trained(seed, catalogue);
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  await demote(root, { ...named(trial), reason: "odd" });
  return trial;
}

/** Opens what a run of a trial's model was begun with. */
const open = async (trial: Trial, asked: string | undefined) =>
  await openFormerModel(root, asked, {
    isOf: async ({ name }: KnownModel) => name === modelName(trial),
  });

test("the demoted model of a run is found by its name, by a part of it, and without one", async () => {
  const [first, second] = [await demoted(1), await demoted(2)];
  const former = { name: modelName(first), bundleSha256: first.bundle, promotedEntry: 3 };
  for (const asked of [undefined, "logistic", modelName(first)]) {
    expect(await open(first, asked)).toMatchObject(former);
  }
  expect(await open(first, modelName(second))).toBeUndefined();
  expect(await open(first, "lstm")).toBeUndefined();
});

test("a model that was never promoted has no run that holds anything", async () => {
  expect(await open(await trained(1), undefined)).toBeUndefined();
});

test("a ledger with another head than was written down is refused", async () => {
  await demoted(1);
  const options = { isOf: async () => true, expectedHead: "0".repeat(64) };
  await expect(openFormerModel(root, undefined, options)).rejects.toThrow(DataError);
});

test("a model of another feature catalogue is refused, and how to close its run is said", async () => {
  const refused = open(await demoted(1, "another"), undefined);
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow(/nor close what it holds; close that with the version/);
});
