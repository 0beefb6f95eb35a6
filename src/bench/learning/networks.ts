// Which networks are asked what they learn, and what does each do with one batch?

import { buildLstm, lstmLossAndGradient } from "../../models/lstm.js";
import type { LossGradient } from "../../models/network.js";
import type { TensorflowJs } from "../../models/tensorflow.js";
import { buildTransformer, transformerLossAndGradient } from "../../models/transformer.js";
import type { Windows } from "../../models/windows.js";
import {
  LSTM_SETTINGS,
  type LstmSettings,
  TRANSFORMER_SETTINGS,
  type TransformerSettings,
} from "../../training/settings.js";

/** Settings of a network that reads windows. */
export type NetworkSettings = LstmSettings | TransformerSettings;

/** All networks, with what each is trained with where nothing else is asked for. */
export const NETWORKS: readonly NetworkSettings[] = [LSTM_SETTINGS, TRANSFORMER_SETTINGS];

/** A fresh network and its loss, dropout off. */
export interface BareNetwork {
  readonly parameters: Float32Array;
  readonly lossGradient: (
    tf: TensorflowJs,
    windows: Windows,
    outcome: Float32Array,
  ) => LossGradient;
}

/**
 * A network before its first step, that starts from no line.
 *
 * @param inputSize - inputs of one step
 * @param seed - of its initial weights
 */
export function bareNetwork(
  settings: NetworkSettings,
  inputSize: number,
  seed: number,
): BareNetwork {
  if (settings.model === "lstm") {
    const model = buildLstm({ ...settings, inputSize }, seed);
    return {
      parameters: model.parameters,
      lossGradient: (tf, windows, outcome) => lstmLossAndGradient(tf, model, windows, outcome),
    };
  }
  const model = buildTransformer({ ...settings, inputSize }, seed);
  return {
    parameters: model.parameters,
    lossGradient: (tf, windows, outcome) => transformerLossAndGradient(tf, model, windows, outcome),
  };
}
