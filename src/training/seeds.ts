// One configuration under several seeds: how far does its result hang on what was drawn?
import { OptionError } from "../core/errors.js";
import { mean, standardDeviation } from "../core/statistics.js";
import type { TrainingSettings } from "./settings.js";
import { isRule } from "./train-fold.js";
import type { TrainedModel } from "./trained-model.js";

/** Mean and scatter of a figure over seeds. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation, of n − 1; NaN of one seed. */
  readonly deviation: number;
}

/** Test figures of a model, each over its seeds. */
export type SeedSummary = Readonly<Record<(typeof FIGURES)[number], Spread>>;

const FIGURES = ["accuracy", "logLoss", "brierLoss"] as const;

/**
 * So many seeds from one on. Every one is a fit and a trial of its own.
 *
 * @throws {OptionError} several seeds of a model that draws nothing would be the same model
 */
export function seedsFrom(
  first: number,
  count: number,
  settings: TrainingSettings,
): readonly number[] {
  if (count > 1 && (isRule(settings) || settings.model === "logistic")) {
    throw new OptionError({
      column: "--seeds",
      message: `was ${count} for ${settings.model}, which draws nothing: all seeds give the same model`,
      fix: "leave it out",
    });
  }
  return Array.from({ length: count }, (_, k) => first + k);
}

/** What the test said of the same configuration under each seed, and how far that scatters: by draws alone, on one market. */
export function seedSummary(models: readonly Pick<TrainedModel, "figures">[]): SeedSummary {
  const spreads = FIGURES.map((name): [string, Spread] => {
    const values = models.map(({ figures }) => figures[name] ?? Number.NaN);
    return [name, { mean: mean(values), deviation: standardDeviation(values) }];
  });
  return Object.fromEntries(spreads) as SeedSummary;
}
