import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { type Calibrator, calibrate } from "./calibrator.js";
import { buildLstm, type Lstm } from "./lstm.js";
import { buildMlp } from "./mlp.js";
import {
  featureNamesHash,
  type Predictor,
  predictLogits,
  predictorFromBytes,
  predictorToBytes,
  predictProbability,
} from "./predictor.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";
import { buildTransformer, type Transformer } from "./transformer.js";
import type { TransformerShape } from "./transformer-shape.js";

const random = seededRandom(2, "predictor test");
const normals = (n: number): Float32Array => new Float32Array(n).map(() => random.normal());

const common = {
  featureNames: ["a", "b"],
  scaler: { mean: Float64Array.of(0.5, -1), deviation: Float64Array.of(2, 0.3) },
  calibrator: { kind: "platt", slope: 0.7, shift: 0.1 },
} as const;
const fresh = buildLstm({ inputSize: 2, steps: 4, units: 3, layers: 1, layerNorm: false }, 1);
const lstm: Predictor = {
  ...common,
  model: { ...fresh, parameters: normals(fresh.parameters.length) },
};
const encoder = (shape: Partial<TransformerShape> = {}): Predictor => {
  const sizes = { inputSize: 2, steps: 4, width: 6, heads: 2, layers: 2, feedForward: 5 };
  const built = buildTransformer({ ...sizes, positions: "learned", ...shape }, 1);
  return { ...common, model: { ...built, parameters: normals(built.parameters.length) } };
};
const transformer = encoder();
const freshNormed = buildLstm({ ...fresh, layerNorm: true }, 1);
const normed: Predictor = {
  ...common,
  model: { ...freshNormed, parameters: normals(freshNormed.parameters.length) },
};
const logistic: Predictor = {
  ...common,
  model: { kind: "logistic", weights: Float64Array.of(1, -2), intercept: 0.25 },
};
const freshMlp = buildMlp({ inputSize: 2, units: [5, 3] }, 1);
const mlp: Predictor = {
  ...common,
  model: { ...freshMlp, parameters: normals(freshMlp.parameters.length) },
};
const constant: Predictor = { ...common, model: { kind: "constant", logit: -0.3 } };
const sign: Predictor = { ...common, model: { kind: "sign", input: 1 } };
const inputs = normals(2 * 40);
inputs[13] = Number.NaN;
const rows = Uint32Array.from({ length: 37 }, (_, i) => i + 3);

test.each([
  ["constant", constant],
  ["sign rule", sign],
  ["logistic", logistic],
  ["mlp", mlp],
  ["lstm", lstm],
  ["lstm with layer norm", normed],
  ["transformer", transformer],
  ["transformer with sinusoidal positions", encoder({ positions: "sinusoidal" })],
])(
  "a predictor of kind %s predicts the same bits after a round trip through bytes",
  async (_, predictor) => {
    const bytes = predictorToBytes(predictor);
    const back = predictorFromBytes(bytes, "f");
    expect(back).toEqual(predictor);
    expect(predictorToBytes(back)).toEqual(bytes);
    const probability = await predictProbability(predictor, inputs, rows);
    expect(await predictProbability(back, inputs, rows)).toEqual(probability);
  },
);

const isotonic: Calibrator = {
  kind: "isotonic",
  probability: Float64Array.of(0.2, 0.5, 0.8),
  calibrated: Float64Array.of(0.4, 0.5, 0.6),
};

test.each<Calibrator>([{ kind: "temperature", temperature: 1.7 }, isotonic])(
  "a calibrator of kind $kind ships with its model",
  async (calibrator) => {
    const predictor = { ...logistic, calibrator };
    const back = predictorFromBytes(predictorToBytes(predictor), "f");
    expect(back).toEqual(predictor);
    expect(await predictProbability(back, inputs, rows)).toEqual(
      calibrate(calibrator, await predictLogits(logistic, inputs, rows)),
    );
  },
);

test.each<[string, Calibrator, string]>([
  ["a slope that turns the order round", { kind: "platt", slope: -1, shift: 0 }, "a slope of -1"],
  ["a temperature of 0", { kind: "temperature", temperature: 0 }, "a temperature of 0"],
  ["no knots", { ...isotonic, probability: new Float64Array(0) }, "expected Float64Array[0]"],
  [
    "no knots at all",
    { ...isotonic, probability: new Float64Array(0), calibrated: new Float64Array(0) },
    "no knots",
  ],
  [
    "knots that do not rise",
    { ...isotonic, probability: Float64Array.of(0.2, 0.2, 0.8) },
    "do not rise",
  ],
  ["values that fall", { ...isotonic, calibrated: Float64Array.of(0.4, 0.3, 0.6) }, "fall"],
  ["a certainty", { ...isotonic, calibrated: Float64Array.of(0.4, 0.5, 1) }, "not between 0 and 1"],
])("a calibrator with %s is refused", (_, calibrator, message) => {
  const bytes = predictorToBytes({ ...logistic, calibrator });
  expect(() => predictorFromBytes(bytes, "f")).toThrow(message);
});

test("a logistic prediction is the formula worked by hand, a missing input being the mean", async () => {
  const [logit] = await predictLogits(
    logistic,
    Float32Array.of(2.5, Number.NaN),
    Uint32Array.of(0),
  );
  expect(logit).toBeCloseTo(0.25 + (2.5 - 0.5) / 2, 6);
});

test("a constant says the same at every row, a sign rule what its input says there", async () => {
  const two = [Float32Array.of(9, 9, 9, -9, 9, Number.NaN), Uint32Array.of(0, 1, 2)] as const;
  expect([...(await predictLogits(constant, ...two))]).toEqual([-0.3, -0.3, -0.3]);
  expect([...(await predictLogits(sign, ...two))]).toEqual([1, -1, 0]);
});

test.each([
  ["lstm", lstm],
  ["transformer", transformer],
])("a model of kind %s reads its window and nothing else", async (_, model) => {
  const before = await predictLogits(model, inputs, Uint32Array.of(20));
  const changed = inputs.map((value, i) => (i < 2 * 17 || i >= 2 * 21 ? 99 : value));
  expect(await predictLogits(model, changed, Uint32Array.of(20))).toEqual(before);
  changed[2 * 17] = 99;
  expect(await predictLogits(model, changed, Uint32Array.of(20))).not.toEqual(before);
});

const twoLayers: Predictor = { ...common, model: buildLstm({ ...fresh, layers: 2 }, 1) };
const lstmSizes = (change: object): Record<string, string> => ({
  lstm: JSON.stringify({
    inputSize: 2,
    steps: 4,
    units: 3,
    layers: 1,
    layerNorm: false,
    ...change,
  }),
});

/** The sizes of a Transformer's file, some of them others. */
const encoderSizes = (change: object): Record<string, string> => {
  const { kind: _, parameters: __, ...sizes } = transformer.model as Transformer;
  return { transformer: JSON.stringify({ ...sizes, ...change }) };
};

test.each([
  ["an array of another shape", lstm, { features: '["a","b","c"]' }, "expected Float64Array[3]"],
  ["no list of features", lstm, { features: "7" }, "no list of its features"],
  ["sizes that are none", lstm, lstmSizes({ units: -3 }), "no sizes of an LSTM"],
  ["sizes that do not fit", lstm, lstmSizes({ units: 5 }), "layer0"],
  ["another number of inputs", lstm, lstmSizes({ inputSize: 9 }), "9 inputs for 2 features"],
  ["sizes beyond any memory", lstm, lstmSizes({ units: 9e4, layers: 9e4 }), "layer0"],
  ["a window beyond a day", lstm, lstmSizes({ steps: 1441 }), "no sizes of an LSTM"],
  ["fewer layers than arrays", twoLayers, lstmSizes({}), 'an array "lstm.layer1.bias", which'],
  ["layer norms that it keeps quiet", normed, lstmSizes({}), "lstm.layer0.norm.bias"],
  ["layer norms that it lacks", lstm, lstmSizes({ layerNorm: true }), "lstm.layer0.norm.gain"],
  ["half a layer norm", lstm, lstmSizes({ layerNorm: 0.5 }), "no sizes of an LSTM"],
  ["code where sizes belong", lstm, { lstm: "process.exit(1)" }, "no sizes of an LSTM"],
  ["a calibrator nobody knows", lstm, { calibrator: "beta" }, 'named the calibrator "beta"'],
  [
    "the numbers of another calibrator",
    lstm,
    { calibrator: "temperature" },
    "calibrator.temperature",
  ],
  ["another kind", lstm, { kind: "logistic" }, 'no array "logistic.weights"'],
  ["a kind that is none", lstm, { kind: "oracle" }, 'kind "oracle", which is none'],
  ["heads that do not divide", transformer, encoderSizes({ heads: 4 }), "4 heads, which do not"],
  ["more heads than width", transformer, encoderSizes({ heads: 12 }), "12 heads, which do not"],
  ["no heads", transformer, encoderSizes({ heads: 0 }), "no sizes of a Transformer"],
  [
    "positions that are none",
    transformer,
    encoderSizes({ positions: "rotary" }),
    "no sizes of a T",
  ],
  ["no positions", transformer, encoderSizes({ positions: undefined }), "no sizes of a T"],
  ["half a block", transformer, encoderSizes({ layers: 1.5 }), "no sizes of a Transformer"],
  ["a block too many", transformer, encoderSizes({ layers: 3 }), "block2.attention.norm.gain"],
  ["a block too few", transformer, encoderSizes({ layers: 1 }), "block1."],
  ["another width", transformer, encoderSizes({ width: 8 }), "input.kernel"],
  ["other units", transformer, encoderSizes({ feedForward: 6 }), "units.input.kernel"],
  ["more steps than positions", transformer, encoderSizes({ steps: 9 }), '"transformer.positions"'],
  [
    "positions that its sizes deny",
    transformer,
    encoderSizes({ positions: "sinusoidal" }),
    'an array "transformer.positions", which a Transformer of its sizes does not have',
  ],
  [
    "a Transformer of other inputs",
    transformer,
    encoderSizes({ inputSize: 3 }),
    "3 inputs for 2 features",
  ],
  [
    "a Transformer beyond any memory",
    transformer,
    encoderSizes({ layers: 9e4, width: 9e4, feedForward: 9e4 }),
    "input.kernel",
  ],
  ["no list of sizes", transformer, { transformer: "null" }, "no sizes of a Transformer"],
  ["no units", mlp, { mlp: '{"inputSize":2,"units":[]}' }, "no sizes of an MLP"],
  ["units that are no list", mlp, { mlp: '{"inputSize":2,"units":5}' }, "no sizes of an MLP"],
  ["a layer too many", mlp, { mlp: '{"inputSize":2,"units":[5,3,3]}' }, "layer2.kernel"],
  ["other inputs", mlp, { mlp: '{"inputSize":1,"units":[5,3]}' }, "1 inputs for 2 features"],
  ["an input beyond the last", sign, { sign: '{"input":2}' }, "a rule on input 2 of 2"],
  ["half an input", sign, { sign: '{"input":0.5}' }, "a rule on input 0.5 of 2"],
  ["no input", sign, { sign: "null" }, "a rule on input undefined of 2"],
  ["another kind", sign, { kind: "constant" }, 'no array "constant.logit"'],
])("a file with %s is refused", (_, predictor, texts, message) => {
  const stored = decodeSafetensors(predictorToBytes(predictor), "f");
  const changed = encodeSafetensors({ ...stored, texts: { ...stored.texts, ...texts } });
  expect(() => predictorFromBytes(changed, "f")).toThrow(message);
});

test.each([0, -1])("a scaler that divides by %d is refused", (deviation) => {
  const scaler = { ...common.scaler, deviation: Float64Array.of(1, deviation) };
  const bytes = predictorToBytes({ ...lstm, scaler });
  expect(() => predictorFromBytes(bytes, "f")).toThrow(
    `f: had ${deviation} as the deviation of ${common.featureNames[1]}, expected more than 0`,
  );
});

test("an LSTM of before there were layer norms has none and predicts as it did", async () => {
  const stored = decodeSafetensors(predictorToBytes(lstm), "f");
  const sizes = JSON.stringify({ inputSize: 2, steps: 4, units: 3, layers: 1 });
  const older = encodeSafetensors({ ...stored, texts: { ...stored.texts, lstm: sizes } });
  const read = predictorFromBytes(older, "f");
  expect(read).toEqual(lstm);
  expect(await predictLogits(read, inputs, rows)).toEqual(await predictLogits(lstm, inputs, rows));
});

test.each([lstm, transformer])(
  "weights of kind $model.kind that are no numbers and missing bytes are refused",
  (whole) => {
    const model = whole.model as Transformer | Lstm;
    const parameters = model.parameters.slice().fill(Number.NaN, 5, 6);
    const broken = predictorToBytes({ ...whole, model: { ...model, parameters } });
    expect(() => predictorFromBytes(broken, "f")).toThrow("no number");
    const bytes = predictorToBytes(whole);
    expect(() => predictorFromBytes(bytes.subarray(0, -4), "f")).toThrow(/^f: /);
  },
);

test("the hash of feature names tells order and names apart", () => {
  const hashes = [["a", "b"], ["b", "a"], ["ab"], ["a", "b", "c"]].map(featureNamesHash);
  expect(new Set(hashes).size).toBe(4);
});
