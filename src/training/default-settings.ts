// What is a network trained with where nothing else is asked for? As much as its backend can do in some minutes.
import type { Tensorflow } from "../models/tensorflow.js";
import {
  LSTM_SETTINGS,
  type LstmSettings,
  MLP_SETTINGS,
  type MlpSettings,
  TRANSFORMER_SETTINGS,
  type TransformerSettings,
} from "./settings.js";

/**
 * What an LSTM is trained with where nothing else is asked for: `LSTM_SETTINGS` on the native library, and on the
 * JavaScript backend a quarter of the units on a third of the rows, so that it ends within some minutes there too.
 */
export function defaultLstmSettings({ backend }: Pick<Tensorflow, "backend">): LstmSettings {
  return backend === "native"
    ? LSTM_SETTINGS
    : { ...LSTM_SETTINGS, units: 8, stride: 15, epochs: 8 };
}

/**
 * What a Transformer is trained with where nothing else is asked for: `TRANSFORMER_SETTINGS` on the native library, and on the
 * JavaScript backend a narrower one on a third of the rows.
 */
export function defaultTransformerSettings({
  backend,
}: Pick<Tensorflow, "backend">): TransformerSettings {
  if (backend === "native") return TRANSFORMER_SETTINGS;
  const sizes = { width: 8, heads: 2, feedForward: 16 };
  return { ...TRANSFORMER_SETTINGS, ...sizes, stride: 15, epochs: 8 };
}

/**
 * What a multilayer perceptron is trained with where nothing else is asked for: `MLP_SETTINGS` on the native library, and on
 * the JavaScript backend a quarter of the units on half of the rows.
 */
export function defaultMlpSettings({ backend }: Pick<Tensorflow, "backend">): MlpSettings {
  return backend === "native"
    ? MLP_SETTINGS
    : { ...MLP_SETTINGS, units: [8, 4], batchSize: 512, stride: 2 };
}
