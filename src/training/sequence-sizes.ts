// How large are the sequence models of a comparison? As a minute allows, or as large as the hardware can.
import { OptionError } from "../core/errors.js";
import type { Tensorflow } from "../models/tensorflow.js";
import { defaultLstmSettings, defaultTransformerSettings } from "./default-settings.js";
import {
  LSTM_SETTINGS,
  type LstmSettings,
  TRANSFORMER_SETTINGS,
  type TransformerSettings,
} from "./settings.js";

/** What sequence models are trained with, and how often. */
export interface SequenceSize {
  readonly settings: readonly (LstmSettings | TransformerSettings)[];
  /** Fits of each, from seeds that count up; what differs between them is luck. */
  readonly seeds: number;
  /** Whether their calibrated ensemble is one more model: the canary that refits it fits every member again. */
  readonly hasEnsemble: boolean;
}

/** Every training row in every epoch, and layers of the usual size. */
const FULL: SequenceSize = {
  settings: [
    { ...LSTM_SETTINGS, layers: 2, units: 128, stride: 1, learningRate: 1e-3 },
    {
      ...TRANSFORMER_SETTINGS,
      width: 64,
      heads: 4,
      layers: 2,
      feedForward: 256,
      stride: 1,
      learningRate: 1e-3,
    },
  ],
  seeds: 3,
  hasEnsemble: true,
};

/**
 * Sequence models of a size by its name. `small`: once what each is trained with where nothing else is asked for. `full`: two
 * layers of 128 units, two blocks of width 64, on every row, from three seeds, and their ensemble; ten minutes
 * on twelve days of three symbols, where a small one takes seconds.
 *
 * @throws {OptionError} there is no size of that name
 */
export function sequenceSize(size: string, tensorflow: Pick<Tensorflow, "backend">): SequenceSize {
  if (size === "full") return FULL;
  if (size === "small") {
    const settings = [defaultLstmSettings(tensorflow), defaultTransformerSettings(tensorflow)];
    return { settings, seeds: 1, hasEnsemble: false };
  }
  throw new OptionError({
    column: "size",
    message: `was "${size}", which no size is called`,
    fix: "use small or full",
  });
}
