// What does a killed fit go on from? All that the loop carries from epoch to epoch, checked before it is used.
import { DataError } from "../core/errors.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  requireArray,
  type StoredArrays,
} from "../models/safetensors.js";
import { type AdamState, adamStart } from "./adam.js";
import type { Epoch } from "./fold-fit.js";

/** Where a running fit keeps its state between epochs, so that a killed one resumes. */
export interface CheckpointFile {
  /** For errors. */
  readonly name: string;
  /** Names the fit: data, code, settings, seed and fold. The state of another is not gone on from. */
  readonly fit: string;
  /** The bytes last written; undefined when there are none. */
  readonly read: () => Promise<Uint8Array | undefined>;
  /** What was written before stays until all of this is there. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/**
 * All that the training loop carries from one epoch to the next. Random draws are no part of it: order and dropout of each
 * epoch are streams of their own, of the seed and the number of the epoch.
 */
export interface LoopState {
  readonly parameters: Float32Array;
  /** Of the parameters of past steps. */
  readonly average: Float32Array;
  /** The average after the epoch with the smallest early-stop loss. */
  readonly best: Float32Array;
  readonly adam: AdamState;
  readonly history: Epoch[];
}

/** The state before the first epoch, with the parameters to start from. */
export function freshState(parameters: Float32Array): LoopState {
  return {
    parameters: parameters.slice(),
    average: parameters.slice(),
    best: parameters.slice(),
    adam: adamStart(parameters.length),
    history: [],
  };
}

/**
 * The state as the last epoch left it. A checkpoint that is damaged or of another fit is not gone on from, and the first epoch
 * that ends writes it anew: what it costs is the time of its epochs.
 *
 * @param parameters - how many the model has
 * @param onNotice - told why a checkpoint is not used
 * @returns undefined where training begins anew
 */
export async function resumedState(
  checkpoint: CheckpointFile | undefined,
  parameters: number,
  onNotice: (line: string) => void = () => {},
): Promise<LoopState | undefined> {
  const bytes = await checkpoint?.read();
  if (checkpoint === undefined || bytes === undefined) return undefined;
  try {
    return stateFromBytes(bytes, parameters, checkpoint);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { file, message } = error.place;
    onNotice(`the checkpoint ${file} ${message}: training begins anew`);
    return undefined;
  }
}

/**
 * The state as bytes: the same values give the same bytes. All of it lies in arrays, which the format holds a hash of.
 *
 * @param fit - as the checkpoint names it
 */
export function stateToBytes(
  { parameters, average, best, adam, history }: LoopState,
  { fit }: Pick<CheckpointFile, "fit">,
): Uint8Array {
  const shape = [parameters.length];
  const curve = history.flatMap((epoch) => FIGURES.map((name) => epoch[name]));
  return encodeSafetensors({
    arrays: {
      parameters: { shape, values: parameters },
      average: { shape, values: average },
      best: { shape, values: best },
      "adam.mean": { shape, values: adam.mean },
      "adam.square": { shape, values: adam.square },
      "adam.step": { shape: [1], values: Float64Array.of(adam.step) },
      history: { shape: [history.length, FIGURES.length], values: Float64Array.from(curve) },
    },
    texts: { fit },
  });
}

/** What is kept of each epoch, in this order. */
const FIGURES = ["epoch", "trainLoss", "earlyStopLoss", "earlyStopAccuracy"] as const;

/**
 * The state from its bytes.
 *
 * @param parameters - how many the model has
 * @throws {DataError} damaged, of another fit, or of a model of another size
 */
function stateFromBytes(
  bytes: Uint8Array,
  parameters: number,
  { name: file, fit }: Pick<CheckpointFile, "name" | "fit">,
): LoopState {
  const stored = decodeSafetensors(bytes, file);
  if (stored.texts["fit"] !== fit) throw unusable(file, "is of another fit");
  const size = [parameters];
  const [step] = requireArray(stored, "adam.step", [1], Float64Array, file);
  return {
    parameters: requireArray(stored, "parameters", size, Float32Array, file),
    average: requireArray(stored, "average", size, Float32Array, file),
    best: requireArray(stored, "best", size, Float32Array, file),
    adam: {
      mean: requireArray(stored, "adam.mean", size, Float64Array, file),
      square: requireArray(stored, "adam.square", size, Float64Array, file),
      step: step!,
    },
    history: historyOf(stored, file),
  };
}

function historyOf(stored: StoredArrays, file: string): Epoch[] {
  const epochs = stored.arrays["history"]?.shape[0] ?? 0;
  const shape = [epochs, FIGURES.length];
  const values = requireArray(stored, "history", shape, Float64Array, file);
  return Array.from({ length: epochs }, (_, i) => {
    const row = values.subarray(i * FIGURES.length, (i + 1) * FIGURES.length);
    const figures = FIGURES.map((name, j) => [name, row[j]!]);
    return Object.fromEntries(figures) as unknown as Epoch;
  });
}

function unusable(file: string, message: string): DataError {
  return new DataError({ file, message, fix: "delete it: training begins anew" });
}
