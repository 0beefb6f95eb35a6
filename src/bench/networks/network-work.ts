// What do ours and PyTorch's processes begin with? One file: a batch, the rows it was cut from, and the same parameters for both.
import { readFile, writeFile } from "node:fs/promises";
import { seededRandom } from "../../core/random.js";
import type { Predictor } from "../../models/predictor.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredArray,
} from "../../models/safetensors.js";
import { fitStandardScaler } from "../../models/standard-scaler.js";
import { gatherWindows, type Windows } from "../../models/windows.js";
import { madeRows } from "../logistic/made-rows.js";
import type { NetworkCase } from "./network-case.js";
import { NETWORK_CASES, type NetworkName } from "./network-cases.js";

/** Of the steps that are measured: both sides take them from the file. */
export interface StepSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly gradientNorm: number;
  /** Of the predictor's calibrator. */
  readonly temperature: number;
}

const SETTINGS: StepSettings = {
  learningRate: 1e-3,
  weightDecay: 0.1,
  gradientNorm: 1,
  temperature: 1.25,
};

/** Deviation of what is added to fresh parameters, so that none is zero and every array has a gradient. */
const PARAMETER_NOISE = 0.05;

/** PyTorch's arrays are in the file under its names behind this. */
const TORCH = "torch.";

/** What a process of ours reads from the file. */
export interface NetworkWork {
  readonly network: NetworkCase;
  readonly settings: StepSettings;
  readonly parameters: Float32Array;
  readonly windows: Windows;
  readonly outcome: Float32Array;
  /** Unscaled, rows × inputs; the first window ends at row `steps − 1`, the next one row later. */
  readonly inputs: Float32Array;
  readonly predictor: Predictor;
}

/**
 * Writes the file for both sides.
 *
 * @param windows - in the batch
 */
export async function writeNetworkWork(
  file: string,
  name: NetworkName,
  { windows: count, seed }: { readonly windows: number; readonly seed: number },
): Promise<void> {
  const network = NETWORK_CASES[name];
  const { inputSize, steps } = network.shape;
  const rows = count + steps - 1;
  const made = madeRows(rows, seed);
  const inputs = Float32Array.from(made.inputs);
  const all = Uint32Array.from({ length: rows }, (_, i) => i);
  const scaler = fitStandardScaler(inputs, made.names, all);
  const { values } = gatherWindows(scaler, inputs, all.subarray(steps - 1), steps);
  const random = seededRandom(seed, "parameters of a network that is measured");
  const parameters = network.fresh(seed).map((p) => p + PARAMETER_NOISE * random.normal());
  const arrays: Record<string, StoredArray> = {
    parameters: { shape: [parameters.length], values: parameters },
    windows: { shape: [steps, count, inputSize], values },
    outcome: { shape: [count], values: Float32Array.from(made.outcome).subarray(steps - 1) },
    inputs: { shape: [rows, inputSize], values: inputs },
    "scaler.mean": { shape: [inputSize], values: scaler.mean },
    "scaler.deviation": { shape: [inputSize], values: scaler.deviation },
  };
  for (const [key, array] of Object.entries(network.toTorch(parameters))) {
    arrays[`${TORCH}${key}`] = array;
  }
  const texts = {
    network: name,
    shape: JSON.stringify(network.shape),
    settings: JSON.stringify(SETTINGS),
  };
  await writeFile(file, encodeSafetensors({ arrays, texts }));
}

/** Reads it back. */
export async function readNetworkWork(file: string): Promise<NetworkWork> {
  const { arrays, texts } = decodeSafetensors(await readFile(file), file);
  const network = NETWORK_CASES[texts["network"] as NetworkName];
  const settings = JSON.parse(texts["settings"]!) as StepSettings;
  const floats = (name: string): Float32Array => arrays[name]!.values as Float32Array;
  const doubles = (name: string): Float64Array => arrays[name]!.values as Float64Array;
  const parameters = floats("parameters");
  const outcome = floats("outcome");
  return {
    network,
    settings,
    parameters,
    windows: { values: floats("windows"), count: outcome.length },
    outcome,
    inputs: floats("inputs"),
    predictor: {
      featureNames: Array.from({ length: network.shape.inputSize }, (_, j) => `x${j + 1}`),
      scaler: { mean: doubles("scaler.mean"), deviation: doubles("scaler.deviation") },
      model: network.model(parameters),
      calibrator: { kind: "temperature", temperature: settings.temperature },
    },
  };
}

/**
 * A gradient of ours as PyTorch's process writes its own: all arrays one after the other, in the order of their names.
 *
 * @param gradient - laid out as the parameters are
 */
export function inTorchOrder(network: NetworkCase, gradient: Float32Array): Float32Array {
  const arrays = network.toTorch(gradient);
  const parts = Object.keys(arrays).sort();
  return Float32Array.from(parts.flatMap((name) => [...arrays[name]!.values]));
}
