import { OptionError } from "../core/errors.js";
import type { Tensorflow } from "../models/tensorflow.js";
import {
  defaultLstmSettings,
  defaultMlpSettings,
  defaultTransformerSettings,
} from "./default-settings.js";
import {
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
  modelName,
  RULE_SETTINGS,
  type TrainingSettings,
} from "./settings.js";

/** Names of all models that can be trained, from the one that knows least. */
export const MODEL_NAMES: readonly string[] = [
  ...RULE_SETTINGS.map(modelName),
  "logistic-base",
  "logistic",
  "mlp",
  "lstm",
  "transformer",
];

/**
 * What a model of a name is trained with where nothing else is asked for.
 *
 * @param tensorflow - networks are smaller on its JavaScript backend
 * @throws {OptionError} none is called so
 */
export function namedSettings(
  name: string,
  tensorflow: Pick<Tensorflow, "backend">,
): TrainingSettings {
  const settings = [
    ...RULE_SETTINGS,
    BASE_LOGISTIC_SETTINGS,
    LOGISTIC_SETTINGS,
    defaultMlpSettings(tensorflow),
    defaultLstmSettings(tensorflow),
    defaultTransformerSettings(tensorflow),
  ].find((one) => modelName(one) === name);
  if (settings !== undefined) return settings;
  throw new OptionError({
    column: "--model",
    message: `was "${name}", which no model is called`,
    fix: `use one of ${MODEL_NAMES.join(", ")}`,
  });
}
