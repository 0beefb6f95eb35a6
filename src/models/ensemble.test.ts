import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { calibrate } from "./calibrator.js";
import { type EnsembleMember, inputPlaces } from "./ensemble.js";
import { buildLstm } from "./lstm.js";
import type { Model } from "./model.js";
import {
  type Predictor,
  predictLogits,
  predictorFromBytes,
  predictorToBytes,
  predictProbability,
  windowSteps,
} from "./predictor.js";
import { decodeSafetensors, encodeSafetensors, type StoredArray } from "./safetensors.js";
import { identityScaler } from "./standard-scaler.js";

const random = seededRandom(4, "ensemble test");
const normals = (n: number): Float32Array => new Float32Array(n).map(() => random.normal());

const FEATURES = ["a", "b", "c"];
const scalerOf = (width: number) => ({
  mean: Float64Array.from(normals(width)),
  deviation: Float64Array.from(normals(width), (value) => 1 + value * value),
});
const fresh = buildLstm({ inputSize: 3, steps: 4, units: 3, layers: 1, layerNorm: true }, 1);
const lstm: Predictor<Model> = {
  featureNames: FEATURES,
  scaler: scalerOf(3),
  model: { ...fresh, parameters: normals(fresh.parameters.length) },
  calibrator: { kind: "temperature", temperature: 1.5 },
};
const line: Predictor<Model> = {
  featureNames: ["c", "a"],
  scaler: scalerOf(2),
  model: { kind: "logistic", weights: Float64Array.of(1, -2), intercept: 0.25 },
  calibrator: { kind: "platt", slope: 0.6, shift: -0.1 },
};
/** Reads two steps of two of the inputs. */
const short = buildLstm({ inputSize: 2, steps: 2, units: 2, layers: 1, layerNorm: false }, 2);
const narrow: Predictor<Model> = {
  featureNames: ["b", "c"],
  scaler: scalerOf(2),
  model: { ...short, parameters: normals(short.parameters.length) },
  calibrator: {
    kind: "isotonic",
    probability: Float64Array.of(0.2, 0.5, 0.8),
    calibrated: Float64Array.of(0.4, 0.5, 0.6),
  },
};

function member(name: string, weight: number, predictor: Predictor<Model>): EnsembleMember {
  return { name, weight, predictor, places: inputPlaces(predictor.featureNames, FEATURES) };
}

function ensembleOf(...members: readonly EnsembleMember[]): Predictor {
  return {
    featureNames: FEATURES,
    scaler: identityScaler(3),
    model: { kind: "ensemble", members },
    calibrator: { kind: "platt", slope: 1.2, shift: 0.05 },
  };
}

const ensemble = ensembleOf(
  member("lstm@1", 0.5, lstm),
  member("logistic-base@2", 0.2, line),
  member("lstm@3", 0.3, narrow),
);
const inputs = normals(3 * 40);
inputs[13] = Number.NaN;
const rows = Uint32Array.from({ length: 30 }, (_, i) => i + 5);

/** The same inputs with fewer columns. */
function columns(names: readonly string[]): Float32Array {
  const places = inputPlaces(names, FEATURES);
  return Float32Array.from({ length: 40 * names.length }, (_, i) => {
    return inputs[3 * Math.floor(i / names.length) + places[i % names.length]!]!;
  });
}

test("it says the weighted mean of its members' calibrated log-odds, each from its own columns and window", async () => {
  const parts = await Promise.all(
    [lstm, line, narrow].map((one) => predictProbability(one, columns(one.featureNames), rows)),
  );
  const odds = parts.map((part) => part.map((p) => Math.log(p / (1 - p))));
  const logits = await predictLogits(ensemble, inputs, rows);
  for (const [i, logit] of logits.entries()) {
    const expected = 0.5 * odds[0]![i]! + 0.2 * odds[1]![i]! + 0.3 * odds[2]![i]!;
    expect(logit).toBeCloseTo(expected, 6);
  }
  expect(await predictProbability(ensemble, inputs, rows)).toEqual(
    calibrate(ensemble.calibrator, logits),
  );
});

test("of one member it is that member, calibrated once more", async () => {
  const alone = ensembleOf(member("logistic-base@2", 1, line));
  const own = await predictLogits(line, columns(["c", "a"]), rows);
  const twice = own.map((logit) => 1.2 * (0.6 * logit - 0.1) + 0.05);
  expect(await predictProbability(alone, inputs, rows)).toEqual(
    twice.map((logit) => 1 / (1 + Math.exp(-logit))),
  );
});

test("it reads the longest window of its members and nothing else", async () => {
  expect(windowSteps(ensemble.model)).toBe(4);
  const at = Uint32Array.of(20);
  const before = await predictLogits(ensemble, inputs, at);
  const changed = inputs.map((value, i) => (i < 3 * 17 || i >= 3 * 21 ? 99 : value));
  expect(await predictLogits(ensemble, changed, at)).toEqual(before);
  changed[3 * 17] = 99;
  expect(await predictLogits(ensemble, changed, at)).not.toEqual(before);
});

test("it predicts the same bits after a round trip through one file", async () => {
  const bytes = predictorToBytes(ensemble);
  const back = predictorFromBytes(bytes, "f");
  expect(back).toEqual(ensemble);
  expect(predictorToBytes(back)).toEqual(bytes);
  const probability = await predictProbability(ensemble, inputs, rows);
  expect(await predictProbability(back, inputs, rows)).toEqual(probability);
});

const stored = decodeSafetensors(predictorToBytes(ensemble), "f");
const weights = (...values: readonly number[]): Readonly<Record<string, StoredArray>> => ({
  "ensemble.weights": { shape: [values.length], values: Float64Array.from(values) },
});
const without = (...names: readonly string[]): Readonly<Record<string, StoredArray>> =>
  Object.fromEntries(Object.entries(stored.arrays).filter(([name]) => !names.includes(name)));

test.each([
  ["a weight below 0", { arrays: weights(0.9, 0.3, -0.2) }, "a weight of -0.2, expected 0 or more"],
  ["weights that are too much", { arrays: weights(0.5, 0.5, 0.5) }, "add up to 1.5, expected 1"],
  ["weights of nothing", { arrays: weights(0, 0, 0) }, "add up to 0, expected 1"],
  ["a weight too few", { arrays: weights(0.5, 0.5) }, "expected Float64Array[3]"],
  ["a member too few", { texts: { members: '["lstm@1","logistic-base@2"]' } }, "Float64Array[2]"],
  [
    "a member that is not named",
    { arrays: weights(0.5, 0.5), texts: { members: '["lstm@1","logistic-base@2"]' } },
    /had "member3\.\S+" and names 2 members/,
  ],
  [
    "a member that is not there",
    { arrays: weights(0.5, 0.2, 0.2, 0.1), texts: { members: '["a","b","c","d"]' } },
    "f, member 4 (d): had no list of its features",
  ],
  ["no names", { texts: { members: "7" } }, "no list of its members"],
  ["names that are none", { texts: { members: "[]" } }, "no list of its members"],
  ["code where names belong", { texts: { members: "process.exit(1)" } }, "no list of its members"],
  [
    "a member on other features",
    { texts: { "member2.features": '["z","a"]' } },
    "f, member 2 (logistic-base@2): reads z, and the ensemble has 3 features without it",
  ],
  [
    "a member of other sizes",
    { texts: { "member2.features": '["c","b","a"]' } },
    "expected Float64Array[3]",
  ],
  ["an ensemble in an ensemble", { texts: { "member1.kind": "ensemble" } }, 'kind "ensemble"'],
  [
    "a member's calibrator nobody knows",
    { texts: { "member3.calibrator": "beta" } },
    'named the calibrator "beta"',
  ],
])("a file with %s is refused", (_, { arrays, texts }: Changes, message) => {
  const changed = encodeSafetensors({
    arrays: { ...stored.arrays, ...arrays },
    texts: { ...stored.texts, ...texts },
  });
  expect(() => predictorFromBytes(changed, "f")).toThrow(message);
});

interface Changes {
  readonly arrays?: Readonly<Record<string, StoredArray>>;
  readonly texts?: Readonly<Record<string, string>>;
}

test("a file without a member's weights, or with a weight that is no number, is refused", () => {
  for (const name of ["member2.logistic.weights", "ensemble.weights", "scaler.mean"]) {
    const changed = encodeSafetensors({ ...stored, arrays: without(name) });
    expect(() => predictorFromBytes(changed, "f")).toThrow(
      `had no array "${name.replace("member2.", "")}"`,
    );
  }
  const changed = encodeSafetensors({
    ...stored,
    arrays: { ...stored.arrays, ...weights(Number.NaN, 0.5, 0.5) },
  });
  expect(() => predictorFromBytes(changed, "f")).toThrow(
    'a value in "ensemble.weights" that is no number',
  );
});
