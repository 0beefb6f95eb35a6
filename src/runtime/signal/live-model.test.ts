import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError, GateError, OptionError } from "../../core/errors.js";
import { MINUTE_US } from "../../core/time.js";
import { catalogueHash } from "../../features/catalogue.js";
import { PROFILE_BINS, PROFILE_FILE, profileToBytes } from "../../models/input-profile.js";
import { buildLstm } from "../../models/lstm.js";
import { type Predictor, predictorToBytes } from "../../models/predictor.js";
import { identityScaler } from "../../models/standard-scaler.js";
import { readLedger } from "../../registry/ledger.js";
import { demote, promote } from "../../registry/promotion.js";
import { evaluateTrial, trainTrial } from "../../registry/test-registry.js";
import { modelName, type Trial, versionOf } from "../../registry/trial.js";
import { openLiveModel } from "./live-model.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-live-model-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const NAMES = ["obi_l1", "tfi"];
const REHEARSAL = { isRehearsal: true };

const PROFILE = {
  featureNames: NAMES,
  scaler: identityScaler(NAMES.length),
  edges: new Float64Array(NAMES.length * (PROFILE_BINS - 1)),
  counts: new Float64Array(NAMES.length * PROFILE_BINS).fill(1),
  distanceLimit: 8,
  shiftLimit: 0.25,
  threshold: 0.1,
};

/** A fold's model, told from those of others by its intercept. */
function predictorOf(fold: number): Predictor {
  return {
    featureNames: NAMES,
    scaler: identityScaler(NAMES.length),
    model: { kind: "logistic", weights: Float64Array.of(1, 2), intercept: fold },
    calibrator: { kind: "temperature", temperature: 1 },
  };
}

const FILES = {
  "fold1.safetensors": predictorToBytes(predictorOf(1)),
  "fold2.safetensors": predictorToBytes(predictorOf(2)),
  [PROFILE_FILE]: profileToBytes(PROFILE),
};

/** A bundle that can be asked live, but for some changes. */
async function trained(
  about: Readonly<Record<string, unknown>> = {},
  { seed = 1, files = FILES }: { readonly seed?: number; readonly files?: typeof FILES } = {},
): Promise<Trial> {
  const usual = { folds: 2, latencyUs: 500_000, catalogueHash: catalogueHash() };
  return await trainTrial(root, seed, "logistic", { ...usual, ...about }, {}, files);
}

const named = ({ model: name, key }: Trial) => ({ name, version: versionOf(key) });

async function promoted(about: Readonly<Record<string, unknown>> = {}): Promise<Trial> {
  const trial = await trained(about);
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  return trial;
}

test("a promoted model is opened with its last fold, its profile, what was fixed in training and its entry", async () => {
  const trial = await promoted();
  expect(await openLiveModel(root, modelName(trial))).toEqual({
    name: modelName(trial),
    ...{ exchange: "simulated", symbols: ["BTCUSDT"], barUs: MINUTE_US },
    ...{ horizonBars: 15, latencyUs: 500_000 },
    predictor: predictorOf(2),
    profile: PROFILE,
    steps: 1,
    bundleSha256: trial.bundle,
    catalogueHash: catalogueHash(),
    promotedEntry: 3,
  });
});

test("a model that was never promoted, or is no longer, is refused unless it only rehearses", async () => {
  const trial = await trained();
  const open = (options = {}) => openLiveModel(root, modelName(trial), options);
  await expect(open()).rejects.toThrow(GateError);
  await expect(open()).rejects.toThrow(/is not promoted/);
  expect(await open(REHEARSAL)).toMatchObject({ promotedEntry: null, bundleSha256: trial.bundle });
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  expect((await open()).promotedEntry).toBe(3);
  await demote(root, { ...named(trial), reason: "odd" });
  await expect(open()).rejects.toThrow(/was demoted in entry 4 \(odd\)/);
  expect((await open(REHEARSAL)).promotedEntry).toBeNull();
});

test("a name alone opens what was trained last of it, and one with a version that version", async () => {
  const [first, second] = [await trained(), await trained({}, { seed: 2 })];
  const nameOf = async (asked: string) => (await openLiveModel(root, asked, REHEARSAL)).name;
  expect(await nameOf("logistic")).toBe(modelName(second));
  expect(await nameOf(modelName(first))).toBe(modelName(first));
});

test("a name that no model has is refused", async () => {
  await trained();
  for (const options of [{}, REHEARSAL]) {
    await expect(openLiveModel(root, "lstm", options)).rejects.toThrow(OptionError);
    await expect(openLiveModel(root, "logistic@abc", options)).rejects.toThrow(OptionError);
  }
});

test("a ledger with another head than was written down is refused", async () => {
  const trial = await promoted();
  const { head } = await readLedger(root);
  const open = (expectedHead: string) => openLiveModel(root, modelName(trial), { expectedHead });
  expect((await open(head)).promotedEntry).toBe(3);
  await expect(open("0".repeat(64))).rejects.toThrow(DataError);
});

/** What no live run can ask, by what a bundle says of its labels and data, with the reason. */
const UNASKABLE = [
  [{ labelRule: { kind: "triple-barrier" } }, /which of two barriers is met first/],
  [{ labelKind: "close" }, /was trained on candles, with labels on trade closes/],
  [{ origin: { source: "candles" } }, /was trained on candles, with labels on trade closes/],
] as const;

test.each(UNASKABLE)("%o is refused, promoted or not, and why is said", async (about, why) => {
  const trial = await promoted(about);
  for (const options of [{}, REHEARSAL]) {
    const refused = openLiveModel(root, modelName(trial), options);
    await expect(refused).rejects.toThrow(GateError);
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toMatchObject({ place: { column: modelName(trial) } });
  }
});

test("a model of another feature catalogue is refused, promoted or not", async () => {
  const trial = await promoted({ catalogueHash: "another" });
  for (const options of [{}, REHEARSAL]) {
    const refused = openLiveModel(root, modelName(trial), options);
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toMatchObject({ place: { column: "catalogueHash" } });
  }
});

test.each(["fold2.safetensors", PROFILE_FILE])("a bundle without %s is refused", async (file) => {
  const { [file]: _, ...files } = FILES as Readonly<Record<string, Uint8Array>>;
  const trial = await trained({}, { files: files as typeof FILES });
  const refused = openLiveModel(root, modelName(trial), REHEARSAL);
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow(`had no ${file}`);
});

test("a bundle of which a byte was changed is refused, promoted or not", async () => {
  const trial = await promoted();
  const { name, version } = named(trial);
  const file = path.join(root, "registry", "models", name, version, "fold2.safetensors");
  const bytes = await readFile(file);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(file, bytes);
  for (const options of [{}, REHEARSAL]) {
    const refused = openLiveModel(root, modelName(trial), options);
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toThrow(/fold2\.safetensors/);
  }
});

test("a model that looks back is asked with as many rows as it reads", async () => {
  const lstm = { inputSize: NAMES.length, units: 3, layers: 1, steps: 5, layerNorm: false };
  const model = buildLstm(lstm, 1, { weights: Float64Array.of(1, 2), intercept: 0 });
  const files = { ...FILES, "fold2.safetensors": predictorToBytes({ ...predictorOf(2), model }) };
  const trial = await trained({}, { files });
  expect((await openLiveModel(root, modelName(trial), REHEARSAL)).steps).toBe(5);
});
