import { type ColumnSet, setsAmong } from "../dataset/column-sets.js";
import type { CalibratorKind } from "../models/calibrator.js";
import type { TransformerShape } from "../models/transformer-shape.js";
import type { ClassWeights } from "./class-weights.js";

/** What every model's settings hold of the steps after its fit. */
export interface FinalSettings {
  /** What is fitted on the calibration slice and ships with the model. */
  readonly calibrator: CalibratorKind;
  /**
   * Share of bars to act on, the surest ones, by a threshold that the calibration slice sets. It is fixed with the fit, and
   * another share is another trial: chosen on the test it would be luck that nobody counts.
   */
  readonly coverage: number;
}

/** How the logistic baseline is trained. */
export interface LogisticSettings extends FinalSettings {
  readonly model: "logistic";
  /** Inputs: of `base` those of the first 33 features, of `full` all that the dataset has. */
  readonly columns: ColumnSet;
  /**
   * Deviations of the normal prior on the weight of a scaled input to choose from: the one with the least log-loss in
   * cross-validation in time. One alone is taken as it is.
   */
  readonly priorDeviations: readonly number[];
}

/** A rule, which has nothing to fit but its calibrator. */
export interface RuleSettings extends FinalSettings {
  /**
   * `majority`: the more frequent side of the training rows. `persistence`: the side of the price's own change over the last
   * horizon. `ofi-sign`: the side of the bar's order flow imbalance.
   */
  readonly model: "majority" | "persistence" | "ofi-sign";
}

/** What all networks are trained with. */
export interface EpochSettings extends FinalSettings {
  /**
   * Deviation of the prior of a logistic regression on the newest bar, from which the head starts, so that the layers
   * learn what they add to it; 0 starts the head at zero.
   */
  readonly startPriorDeviation: number;
  /** Share of units silenced; one draw serves a whole window. */
  readonly dropout: number;
  /** Decay of matrices, per step and unit of learning rate (AdamW). */
  readonly weightDecay: number;
  /** Largest learning rate: reached after the first epoch, then falling as a cosine to a tenth. */
  readonly learningRate: number;
  /** Rows per step of the optimiser. */
  readonly batchSize: number;
  /** Every so many-th training row is taken; the next epoch begins one row later. Labels of neighbours overlap. */
  readonly stride: number;
  /** Most passes through the training rows. */
  readonly epochs: number;
  /** Epochs without a better early-stop loss before training ends. */
  readonly patience: number;
  /** Longest gradient; longer ones are shortened to it. */
  readonly gradientNorm: number;
  /**
   * Epochs that parameters are averaged over, the last ones most: the average is what is stopped by and kept, since single
   * steps carry the noise of their batches. 0 keeps the parameters of the last step.
   */
  readonly averageEpochs: number;
  /**
   * How rows count in the losses of training and early stop. `none`: alike, so that probabilities are the frequencies of the
   * bars as they come; directions are balanced within some points anyway. `balanced`: so that both sides of the training
   * rows count the same in all, which moves all log-odds by the log of the sides' ratio; of the calibrators `temperature`
   * cannot take that back, `platt` and `isotonic` can.
   */
  readonly classWeights: ClassWeights;
}

/** How the multilayer perceptron is trained. */
export interface MlpSettings extends EpochSettings {
  readonly model: "mlp";
  /** Units of each hidden layer, the first one first. */
  readonly units: readonly number[];
}

/** How the LSTM is trained; flat, so that a trial's settings read as one list. */
export interface LstmSettings extends EpochSettings {
  readonly model: "lstm";
  /** Bars in a window; the last one is the bar that is predicted from. */
  readonly steps: number;
  /** Units of each layer. */
  readonly units: number;
  /** Layers on top of each other. */
  readonly layers: number;
  /** Whether each layer's output is normalised over its units. */
  readonly layerNorm: boolean;
}

/** How the Transformer is trained; flat, as the LSTM's. */
export interface TransformerSettings extends EpochSettings {
  readonly model: "transformer";
  /** Bars in a window; the last one is the bar that is predicted from. */
  readonly steps: number;
  /** Numbers that stand for a bar in the stream through the blocks. */
  readonly width: number;
  /** Equal parts of the width that attend apart from each other. */
  readonly heads: number;
  /** Blocks on top of each other. */
  readonly layers: number;
  /** Rectified units of each block. */
  readonly feedForward: number;
  /** How bars are told apart: by a table that is learned, or by sines of their number. */
  readonly positions: TransformerShape["positions"];
}

/** Settings of any model that can be a member of an ensemble. */
export type MemberSettings =
  | RuleSettings
  | LogisticSettings
  | MlpSettings
  | LstmSettings
  | TransformerSettings;

/** A member of an ensemble: what its own trial was fitted with, on the same data. */
export interface EnsembleMemberSettings {
  /** What people call its trial: `logistic@0a1b2c3d4e5f`. */
  readonly name: string;
  readonly seed: number;
  /** The calibrator's kind is what the member is calibrated with in the ensemble, too; its coverage is not asked. */
  readonly settings: MemberSettings;
}

/** An ensemble: its members, and how they are calibrated together. */
export interface EnsembleSettings extends FinalSettings {
  readonly model: "ensemble";
  readonly members: readonly EnsembleMemberSettings[];
}

/** Settings of any model that is trained here. */
export type TrainingSettings = MemberSettings | EnsembleSettings;

/**
 * One number that stretches or presses log-odds about ½ and keeps every side that a model calls. A shift besides, as Platt's
 * has it, would be fitted on the drift of some days that the next ones do not share, and then call that side for all bars.
 */
const DEFAULT_CALIBRATOR: CalibratorKind = "temperature";

/** The steps after a fit where nothing else is asked for: every bar is acted on. */
export const FINAL_SETTINGS: FinalSettings = { calibrator: DEFAULT_CALIBRATOR, coverage: 1 };

/** The lowest rungs of the baseline ladder, from the one that knows least. */
export const RULE_SETTINGS: readonly RuleSettings[] = [
  { model: "majority", ...FINAL_SETTINGS },
  { model: "persistence", ...FINAL_SETTINGS },
  { model: "ofi-sign", ...FINAL_SETTINGS },
];

/**
 * A weight of 0.1 moves the odds by a tenth per deviation of its input: about what one feature may know. A tenth of the least
 * lets no input say anything, ten times the most holds none back.
 */
export const LOGISTIC_SETTINGS: LogisticSettings = {
  model: "logistic",
  columns: "full",
  priorDeviations: [0.003, 0.01, 0.03, 0.1, 0.3, 1],
  ...FINAL_SETTINGS,
};

/** The same on the 33 features that need no order book but for its mid. */
export const BASE_LOGISTIC_SETTINGS: LogisticSettings = { ...LOGISTIC_SETTINGS, columns: "base" };

/** The baseline ladder from the rung that knows least, but for the perceptron, whose settings depend on the backend. */
export const BASELINE_LADDER: readonly (RuleSettings | LogisticSettings)[] = [
  ...RULE_SETTINGS,
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
];

/** Large batches and every row: a step costs little beside its fixed part, and noise in it drowns what is beyond a line. */
export const MLP_SETTINGS: MlpSettings = {
  model: "mlp",
  units: [32, 16],
  startPriorDeviation: 0.1,
  dropout: 0.2,
  weightDecay: 0.1,
  learningRate: 5e-3,
  batchSize: 1024,
  stride: 1,
  epochs: 12,
  patience: 6,
  gradientNorm: 1,
  averageEpochs: 0,
  classWeights: "none",
  ...FINAL_SETTINGS,
};

/**
 * Small, because fifteen-minute labels of some weeks hold few independent outcomes. Both networks' settings were chosen on
 * informative markets of seeds 101, 102 and 104, by the truth; figures are reported from others.
 */
export const LSTM_SETTINGS: LstmSettings = {
  model: "lstm",
  steps: 30,
  units: 32,
  layers: 1,
  layerNorm: false,
  startPriorDeviation: 0.1,
  dropout: 0.5,
  weightDecay: 3,
  learningRate: 5e-3,
  batchSize: 256,
  stride: 5,
  epochs: 12,
  patience: 4,
  gradientNorm: 1,
  averageEpochs: 1,
  classWeights: "none",
  ...FINAL_SETTINGS,
};

/**
 * As small as the LSTM, for the same reason. One block is enough for means over the window, and its newest query is all that is
 * computed.
 */
export const TRANSFORMER_SETTINGS: TransformerSettings = {
  model: "transformer",
  steps: 30,
  width: 32,
  heads: 4,
  layers: 1,
  feedForward: 64,
  positions: "learned",
  startPriorDeviation: 0.1,
  dropout: 0.3,
  weightDecay: 1,
  learningRate: 3e-3,
  batchSize: 256,
  stride: 5,
  epochs: 12,
  patience: 6,
  gradientNorm: 1,
  averageEpochs: 1,
  classWeights: "none",
  ...FINAL_SETTINGS,
};

/** True of models that read the bars before a decision, too: they take longest to fit. */
export function readsWindows(model: string): boolean {
  return model === "lstm" || model === "transformer";
}

/** The longest window of any model where nothing else is asked for: folds are cut for it, so that all are tested on the same rows. */
export const WINDOW_BARS: number = Math.max(LSTM_SETTINGS.steps, TRANSFORMER_SETTINGS.steps);

/** What ledger and bundles call a model that these settings make. */
export function modelName(settings: TrainingSettings): string {
  const isBase = settings.model === "logistic" && settings.columns === "base";
  return isBase ? "logistic-base" : settings.model;
}

/**
 * What a fit on a dataset's features is called, and its settings as they say what it is fitted on: a logistic regression on
 * features of the base set alone has these as all its columns, whichever set was asked for, and is one trial.
 *
 * @param featureNames - of the dataset
 */
export function fittedSettings(
  settings: TrainingSettings,
  featureNames: readonly string[],
): { readonly name: string; readonly settings: TrainingSettings } {
  const isBaseAlone = !setsAmong(featureNames).includes("full");
  return settings.model === "logistic" && isBaseAlone
    ? { name: settings.model, settings: { ...settings, columns: "base" } }
    : { name: modelName(settings), settings };
}
