// Which inputs move what a model says? Slopes of the log-odds by every scaled input of a window.
import type { Ensemble } from "./ensemble.js";
import type { Logistic } from "./logistic.js";
import { type Lstm, lstmInputGradient } from "./lstm.js";
import type { Model } from "./model.js";
import type { StandardScaler } from "./standard-scaler.js";
import { type Transformer, transformerInputGradient } from "./transformer.js";
import { gatherWindows } from "./windows.js";

/** A model whose log-odds have slopes by its inputs. */
export type SlopedModel = Logistic | Lstm | Transformer;

/** Windows and the slopes of their log-odds, step by step. */
export interface WindowSlopes {
  /** Of one window; a model without a window reads one. */
  readonly steps: number;
  /** steps × rows × inputs: change of the log-odds for a deviation of the input. */
  readonly values: Float32Array;
}

/** Whether there are slopes: rules and constants have none, and those of an ensemble are its members'. */
export function isSloped(model: Model | Ensemble): model is SlopedModel {
  return model.kind === "logistic" || model.kind === "lstm" || model.kind === "transformer";
}

/**
 * Slopes of the log-odds, before calibration, at some rows.
 *
 * @param inputs - rows × features, row by row, NaN where missing
 * @param rows - the rows whose windows are asked; as of `predictLogits`
 */
export async function inputGradient(
  { scaler, model }: { readonly scaler: StandardScaler; readonly model: SlopedModel },
  inputs: Float32Array,
  rows: Uint32Array,
): Promise<WindowSlopes> {
  switch (model.kind) {
    case "logistic": {
      const width = model.weights.length;
      const values = new Float32Array(rows.length * width).map((_, i) => model.weights[i % width]!);
      return { steps: 1, values };
    }
    case "lstm": {
      const { steps } = model;
      const windows = gatherWindows(scaler, inputs, rows, steps);
      return { steps, values: await lstmInputGradient(model, windows) };
    }
    case "transformer": {
      const { steps } = model;
      const windows = gatherWindows(scaler, inputs, rows, steps);
      return { steps, values: await transformerInputGradient(model, windows) };
    }
  }
}
