import { isShortfall } from "../../core/shortfall.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import {
  type EnsembleSettings,
  FINAL_SETTINGS,
  LOGISTIC_SETTINGS,
  LSTM_SETTINGS,
  type LstmSettings,
  MLP_SETTINGS,
  type MlpSettings,
  TRANSFORMER_SETTINGS,
  type TrainingSettings,
  type TransformerSettings,
} from "../../training/settings.js";
import { persistentMarket } from "../test-persistent-market.js";
import { type EvaluatedModel, fittedHere, MODEL_STEPS } from "./model-steps.js";

/** Small networks, since only whether they move is asked. */
export const MLP: MlpSettings = { ...MLP_SETTINGS, units: [6], epochs: 5, patience: 5 };
export const LSTM: LstmSettings = {
  ...LSTM_SETTINGS,
  ...{ steps: 4, units: 4, stride: 8, epochs: 2 },
};
export const TRANSFORMER: TransformerSettings = {
  ...TRANSFORMER_SETTINGS,
  ...{ steps: 4, width: 4, heads: 2, feedForward: 4, stride: 8, epochs: 2 },
};

/** A line and a network together. */
export const ENSEMBLE: EnsembleSettings = {
  ...FINAL_SETTINGS,
  model: "ensemble",
  members: [
    { name: "logistic@1", seed: 1, settings: LOGISTIC_SETTINGS },
    { name: "mlp@2", seed: 2, settings: MLP },
  ],
};

/** What models are fitted on where a test gives nothing else. */
export const market: Dataset = persistentMarket(0.4, 1);
export const folds: readonly Fold[] = foldsOf(market, 2);

/** Folds with whole windows of the small LSTM and Transformer. */
export function foldsOf(dataset: Dataset, count: number): readonly Fold[] {
  const cut = walkForwardFolds(dataset, { folds: count, windowBars: LSTM.steps });
  if (isShortfall(cut)) throw new Error(cut.what);
  return cut;
}

/** A model as it would be evaluated here, fitted by any steps. */
export async function fitted(
  settings: TrainingSettings,
  {
    train = MODEL_STEPS.train,
    seed = 1,
    dataset = market,
    on = folds,
  }: {
    readonly train?: typeof MODEL_STEPS.train;
    readonly seed?: number;
    readonly dataset?: Dataset;
    readonly on?: readonly Fold[];
  } = {},
): Promise<EvaluatedModel> {
  const model = await fittedHere(dataset, on, settings, { train, seed });
  if (isShortfall(model)) throw new Error(model.what);
  return model;
}
