// What is a trained model as the runtime uses it? Scaler, model and calibrator together, from inputs to a probability.
import { createHash } from "node:crypto";
import { alignedDoubles } from "../core/aligned-doubles.js";
import { type Calibrator, calibrate, calibratedLogits } from "./calibrator.js";
import { calibratorFromStored, calibratorToStored } from "./calibrator-file.js";
import {
  type Ensemble,
  type EnsembleMember,
  inputPlaces,
  memberRows,
  pooledLogits,
} from "./ensemble.js";
import { ensembleToStored, membersFromStored, type StoredMember } from "./ensemble-file.js";
import { logisticLogits } from "./logistic.js";
import { lstmLogits } from "./lstm.js";
import { mlpLogits } from "./mlp.js";
import { type Model, modelFromArrays, modelToArrays } from "./model.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  requireArray,
  type StoredArray,
  type StoredArrays,
} from "./safetensors.js";
import { signLogits } from "./sign-rule.js";
import { type StandardScaler, scaleRow } from "./standard-scaler.js";
import { storedJson, unusable } from "./stored-text.js";
import { transformerLogits } from "./transformer.js";
import { gatherWindows } from "./windows.js";

/** Everything that was fitted, in the order it is applied. */
export interface Predictor<Fitted extends Model | Ensemble = Model | Ensemble> {
  /** Names of the inputs, in their order: the contract with the features. */
  readonly featureNames: readonly string[];
  readonly scaler: StandardScaler;
  readonly model: Fitted;
  readonly calibrator: Calibrator;
}

/** Windows predicted at once: bounds the memory, not the result. */
const CHUNK = 1024;

/**
 * Log-odds of "up" before calibration.
 *
 * @param inputs - rows × features, row by row, NaN where missing
 * @param rows - the rows to predict at; as many rows up to each as a window has must be one gap-free run
 */
export async function predictLogits(
  fitted: Pick<Predictor, "scaler" | "model">,
  inputs: Float32Array,
  rows: Uint32Array,
): Promise<Float64Array> {
  return await inChunks(rows, (part) => chunkLogits(fitted, inputs, part));
}

async function inChunks(
  rows: Uint32Array,
  logitsOf: (part: Uint32Array) => Promise<Float64Array>,
): Promise<Float64Array> {
  const logits = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += CHUNK) {
    logits.set(await logitsOf(rows.subarray(start, start + CHUNK)), start);
  }
  return logits;
}

async function chunkLogits(
  { scaler, model }: Pick<Predictor, "scaler" | "model">,
  inputs: Float32Array,
  rows: Uint32Array,
): Promise<Float64Array> {
  switch (model.kind) {
    case "constant":
      return new Float64Array(rows.length).fill(model.logit);
    case "sign":
      return signLogits(model, scaledRows(scaler, inputs, rows), scaler.mean.length);
    case "logistic":
      return logisticLogits(model, scaledRows(scaler, inputs, rows));
    case "mlp":
      return await mlpLogits(model, gatherWindows(scaler, inputs, rows, 1).values);
    case "lstm":
      return await lstmLogits(model, gatherWindows(scaler, inputs, rows, model.steps));
    case "transformer":
      return await transformerLogits(model, gatherWindows(scaler, inputs, rows, model.steps));
    case "ensemble": {
      const said: Float64Array[] = [];
      for (const member of model.members) {
        const logits = await memberLogits(member, scaler.mean.length, inputs, rows);
        said.push(calibratedLogits(member.predictor.calibrator, logits));
      }
      const weights = model.members.map(({ weight }) => weight);
      return pooledLogits(weights, said);
    }
  }
}

/**
 * A member's own log-odds, before its calibration.
 *
 * @param width - inputs of the ensemble, which `inputs` are
 */
export async function memberLogits(
  { predictor, places }: Pick<EnsembleMember, "predictor" | "places">,
  width: number,
  inputs: Float32Array,
  rows: Uint32Array,
): Promise<Float64Array> {
  const steps = windowSteps(predictor.model);
  return await inChunks(rows, async (part) => {
    const own = memberRows({ inputs, rows: part }, width, places, steps);
    return await predictLogits(predictor, own.inputs, own.rows);
  });
}

/** Rows of the window that a model reads, the row that it predicts at included; of an ensemble the longest. */
export function windowSteps(model: Model | Ensemble): number {
  if (model.kind === "ensemble") {
    return Math.max(...model.members.map(({ predictor }) => windowSteps(predictor.model)));
  }
  return "steps" in model ? model.steps : 1;
}

/** Calibrated probability of "up" at each row; arguments as of `predictLogits`. */
export async function predictProbability(
  predictor: Predictor,
  inputs: Float32Array,
  rows: Uint32Array,
): Promise<Float64Array> {
  return calibrate(predictor.calibrator, await predictLogits(predictor, inputs, rows));
}

/** Scaled copy of some rows: rows × features, row by row. */
export function scaledRows(
  scaler: StandardScaler,
  inputs: Float32Array,
  rows: Uint32Array,
): Float64Array {
  const width = scaler.mean.length;
  const out = alignedDoubles(rows.length * width);
  for (let i = 0; i < rows.length; i++) scaleRow(scaler, inputs, rows[i]!, out, i * width);
  return out;
}

/** SHA-256 of the inputs' names in their order: two parts that agree on it mean the same columns. */
export function featureNamesHash(names: readonly string[]): string {
  return createHash("sha256").update(names.join("\n")).digest("hex");
}

/** A predictor as one file in safetensors form. */
export function predictorToBytes(predictor: Predictor): Uint8Array {
  return encodeSafetensors(predictorToStored(predictor));
}

function predictorToStored({ featureNames, scaler, model, calibrator }: Predictor): StoredArrays {
  const vector = (values: Float64Array): StoredArray => ({ shape: [values.length], values });
  const stored =
    model.kind === "ensemble"
      ? ensembleToStored(
          model.members.map((one) => ({ ...one, stored: predictorToStored(one.predictor) })),
        )
      : modelToArrays(model);
  const calibration = calibratorToStored(calibrator);
  const arrays = {
    ...stored.arrays,
    ...calibration.arrays,
    "scaler.mean": vector(scaler.mean),
    "scaler.deviation": vector(scaler.deviation),
  };
  const texts = { ...stored.texts, ...calibration.texts, features: JSON.stringify(featureNames) };
  return { arrays, texts };
}

/**
 * A predictor from its file.
 *
 * @param file - its name, for errors
 * @throws {DataError} the file is damaged, or its arrays do not fit its sizes
 */
export function predictorFromBytes(bytes: Uint8Array, file: string): Predictor {
  const stored = decodeSafetensors(bytes, file);
  const featureNames = parseNames(stored.texts["features"], file);
  if (stored.texts["kind"] !== "ensemble") return predictorOf(stored, featureNames, file);
  const members = membersFromStored(stored, file).map((one) => memberOf(one, featureNames));
  return { ...fittedAround(stored, featureNames, file), model: { kind: "ensemble", members } };
}

function predictorOf(
  stored: StoredArrays,
  featureNames: readonly string[],
  file: string,
): Predictor<Model> {
  const around = fittedAround(stored, featureNames, file);
  return { ...around, model: modelFromArrays(stored, featureNames.length, file) };
}

/** All of a predictor but its model. */
function fittedAround(
  stored: StoredArrays,
  featureNames: readonly string[],
  file: string,
): Omit<Predictor, "model"> {
  const doubles = (name: string): Float64Array =>
    requireArray(stored, name, [featureNames.length], Float64Array, file);
  const scaler = { mean: doubles("scaler.mean"), deviation: doubles("scaler.deviation") };
  const none = scaler.deviation.findIndex((deviation) => !(deviation > 0));
  if (none >= 0) {
    const found = `${scaler.deviation[none]} as the deviation of ${featureNames[none]}`;
    throw unusable(file, `had ${found}, expected more than 0`);
  }
  return {
    featureNames,
    scaler,
    calibrator: calibratorFromStored(stored, file),
  };
}

function memberOf(
  { name, weight, stored, place }: StoredMember,
  featureNames: readonly string[],
): EnsembleMember {
  const own = parseNames(stored.texts["features"], place);
  const places = inputPlaces(own, featureNames);
  const missing = own.filter((_, j) => places[j] === -1);
  if (missing.length > 0) {
    const inputs = `${featureNames.length} features`;
    throw unusable(place, `reads ${missing.join(", ")}, and the ensemble has ${inputs} without it`);
  }
  return { name, weight, places, predictor: predictorOf(stored, own, place) };
}

function parseNames(text: string | undefined, file: string): readonly string[] {
  const names = storedJson(text);
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw unusable(file, "had no list of its features");
  }
  return names as readonly string[];
}
