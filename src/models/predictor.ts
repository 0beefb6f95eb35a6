// What is a trained model as the runtime uses it? Scaler, model and calibrator together, from inputs to a probability.
import { createHash } from "node:crypto";
import { DataError } from "../core/errors.js";
import { type Calibrator, calibrate } from "./calibrator.js";
import { calibratorFromStored, calibratorToStored } from "./calibrator-file.js";
import { type Logistic, logisticLogits } from "./logistic.js";
import { type Lstm, type LstmShape, lstmLayout, lstmLogits } from "./lstm.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  requireArray,
  type StoredArray,
  type StoredArrays,
} from "./safetensors.js";
import { type StandardScaler, scaleRow } from "./standard-scaler.js";
import { gatherWindows } from "./windows.js";

/** Everything that was fitted, in the order it is applied. */
export interface Predictor {
  /** Names of the inputs, in their order: the contract with the features. */
  readonly featureNames: readonly string[];
  readonly scaler: StandardScaler;
  readonly model: Logistic | Lstm;
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
  { scaler, model }: Pick<Predictor, "scaler" | "model">,
  inputs: Float32Array,
  rows: Uint32Array,
): Promise<Float64Array> {
  const logits = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += CHUNK) {
    const part = rows.subarray(start, start + CHUNK);
    logits.set(
      model.kind === "lstm"
        ? await lstmLogits(model, gatherWindows(scaler, inputs, part, model.steps))
        : logisticLogits(model, scaledRows(scaler, inputs, part)),
      start,
    );
  }
  return logits;
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
  const out = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) scaleRow(scaler, inputs, rows[i]!, out, i * width);
  return out;
}

/** SHA-256 of the inputs' names in their order: two parts that agree on it mean the same columns. */
export function featureNamesHash(names: readonly string[]): string {
  return createHash("sha256").update(names.join("\n")).digest("hex");
}

/** A predictor as one file in safetensors form. */
export function predictorToBytes({
  featureNames,
  scaler,
  model,
  calibrator,
}: Predictor): Uint8Array {
  const vector = (values: Float64Array): StoredArray => ({ shape: [values.length], values });
  const calibration = calibratorToStored(calibrator);
  const arrays: Record<string, StoredArray> = {
    ...calibration.arrays,
    "scaler.mean": vector(scaler.mean),
    "scaler.deviation": vector(scaler.deviation),
  };
  const texts: Record<string, string> = {
    ...calibration.texts,
    features: JSON.stringify(featureNames),
    kind: model.kind,
  };
  if (model.kind === "logistic") {
    arrays["logistic.weights"] = vector(model.weights);
    arrays["logistic.intercept"] = vector(Float64Array.of(model.intercept));
  } else {
    const { inputSize, steps, units, layers } = model;
    texts["lstm"] = JSON.stringify({ inputSize, steps, units, layers });
    for (const { name, shape, start, end } of lstmLayout(model)) {
      arrays[`lstm.${name}`] = { shape, values: model.parameters.slice(start, end) };
    }
  }
  return encodeSafetensors({ arrays, texts });
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
  const doubles = (name: string, length: number): Float64Array =>
    requireArray(stored, name, [length], Float64Array, file);
  return {
    featureNames,
    scaler: {
      mean: doubles("scaler.mean", featureNames.length),
      deviation: doubles("scaler.deviation", featureNames.length),
    },
    model:
      stored.texts["kind"] === "lstm"
        ? lstmOf(stored, featureNames.length, file)
        : {
            kind: "logistic",
            weights: doubles("logistic.weights", featureNames.length),
            intercept: doubles("logistic.intercept", 1)[0]!,
          },
    calibrator: calibratorFromStored(stored, file),
  };
}

function lstmOf(stored: StoredArrays, inputSize: number, file: string): Lstm {
  const shape = parseJson(stored.texts["lstm"]) as Partial<LstmShape> | undefined;
  const sizes = [shape?.inputSize, shape?.steps, shape?.units, shape?.layers];
  if (!sizes.every((size) => Number.isInteger(size) && size! > 0 && size! < 1e5)) {
    throw unusable(file, "had no sizes of its LSTM");
  }
  if (shape?.inputSize !== inputSize) {
    throw unusable(file, `had an LSTM of ${shape?.inputSize} inputs for ${inputSize} features`);
  }
  const slots = lstmLayout(shape as LstmShape);
  const parameters = new Float32Array(slots.at(-1)!.end);
  for (const slot of slots) {
    const name = `lstm.${slot.name}`;
    parameters.set(requireArray(stored, name, slot.shape, Float32Array, file), slot.start);
  }
  return { ...(shape as LstmShape), kind: "lstm", parameters };
}

function parseNames(text: string | undefined, file: string): readonly string[] {
  const names = parseJson(text);
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw unusable(file, "had no list of its features");
  }
  return names as readonly string[];
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    // Every caller refuses what is not the object it expects.
    return undefined;
  }
}

function unusable(file: string, message: string): DataError {
  return new DataError({ file, message, fix: "train the model again with `npx tickbook train`" });
}
