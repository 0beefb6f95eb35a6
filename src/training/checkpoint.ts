import { decodeSafetensors, encodeSafetensors, requireArray } from "../models/safetensors.js";
import { type AdamState, adamStart } from "./adam.js";
import type { Epoch } from "./fold-fit.js";

/** Where a running fit keeps its state between epochs, so that a killed one resumes. */
export interface CheckpointFile {
  /** For errors. */
  readonly name: string;
  /** The bytes last written; undefined when there are none. */
  readonly read: () => Promise<Uint8Array | undefined>;
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** All that the training loop carries from one epoch to the next; random draws are seeded per epoch. */
export interface LoopState {
  readonly parameters: Float32Array;
  /** Parameters of the epoch with the smallest early-stop loss. */
  readonly best: Float32Array;
  readonly adam: AdamState;
  readonly history: Epoch[];
}

/** The state before the first epoch, with the parameters to start from. */
export function freshState(parameters: Float32Array): LoopState {
  return {
    parameters: parameters.slice(),
    best: parameters.slice(),
    adam: adamStart(parameters.length),
    history: [],
  };
}

/** The state as bytes: the same values give the same bytes. */
export function stateToBytes({ parameters, best, adam, history }: LoopState): Uint8Array {
  const shape = [parameters.length];
  return encodeSafetensors({
    arrays: {
      parameters: { shape, values: parameters },
      best: { shape, values: best },
      "adam.mean": { shape, values: adam.mean },
      "adam.square": { shape, values: adam.square },
    },
    texts: { step: String(adam.step), history: JSON.stringify(history) },
  });
}

/**
 * The state from its bytes.
 *
 * @param parameters - how many the model has
 * @throws {DataError} damaged, or of a model of another size
 */
export function stateFromBytes(bytes: Uint8Array, parameters: number, file: string): LoopState {
  const stored = decodeSafetensors(bytes, file);
  const size = [parameters];
  return {
    parameters: requireArray(stored, "parameters", size, Float32Array, file),
    best: requireArray(stored, "best", size, Float32Array, file),
    adam: {
      mean: requireArray(stored, "adam.mean", size, Float64Array, file),
      square: requireArray(stored, "adam.square", size, Float64Array, file),
      step: Number(stored.texts["step"]),
    },
    history: JSON.parse(stored.texts["history"] ?? "[]") as Epoch[],
  };
}
