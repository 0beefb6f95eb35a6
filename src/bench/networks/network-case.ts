import type { Model } from "../../models/model.js";
import type { LossGradient } from "../../models/network.js";
import type { Slot } from "../../models/parameter-layout.js";
import type { StoredArray } from "../../models/safetensors.js";
import type { TensorflowJs } from "../../models/tensorflow.js";
import type { Windows } from "../../models/windows.js";

/** Inputs of a step: the whole catalogue. */
export const INPUTS = 53;

/** Steps of a window. */
export const STEPS = 60;

/** A network as it is measured: the code that training and runtime call, and where PyTorch has its parameters. */
export interface NetworkCase {
  /** PyTorch's modules need these numbers too. */
  readonly shape: { readonly inputSize: number; readonly steps: number } & Readonly<
    Record<string, unknown>
  >;
  readonly layout: readonly Slot[];
  /** Parameters of a fresh network. */
  readonly fresh: (seed: number) => Float32Array;
  readonly model: (parameters: Float32Array) => Model;
  /** Factors of dropout for so many windows. */
  readonly keepCount: (windows: number) => number;
  /** Mean log-loss of a batch and its gradient, as training has them. */
  readonly lossGradient: (
    tf: TensorflowJs,
    parameters: Float32Array,
    windows: Windows,
    outcome: Float32Array,
    keep: Float32Array | undefined,
  ) => LossGradient;
  /** Parameters, or their gradient, by the names and shapes that PyTorch's modules give them. */
  readonly toTorch: (parameters: Float32Array) => Readonly<Record<string, StoredArray>>;
}
