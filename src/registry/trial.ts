// What makes two fits the same trial?

import { contentHash } from "../core/content-hash.js";
import type { Link } from "./chain.js";

/** What makes two fits the same trial. */
export interface TrialIdentity {
  /** Kind of model: `logistic`, `lstm`. */
  readonly model: string;
  /** Hash of the dataset and its folds. */
  readonly data: string;
  /** Hash of the code that decides what a fit gives. */
  readonly code: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** What computed it, where that moves the last bits: `native 2.21.0`. */
  readonly backend: string;
}

/** What a trial gave. */
export interface TrialResult {
  /** Test figures by name; NaN where one could not be measured. */
  readonly figures: Readonly<Record<string, number>>;
  /** Hash of the model bundle's list of files. */
  readonly bundle: string;
  /** What it was fitted for besides being a model of its own, as `horizon map`; empty for one that was asked for. */
  readonly part?: string;
}

/** A fit, as the ledger holds it. */
export interface Trial extends TrialIdentity, Required<TrialResult>, Link {
  readonly kind: "trial";
  /** Hash of the identity. */
  readonly key: string;
}

/** Hash that two fits share exactly when they are the same trial. */
export function trialKey({ model, data, code, settings, seed, backend }: TrialIdentity): string {
  return contentHash({ model, data, code, settings, seed, backend });
}

/** Version of the model that a trial made: the first twelve characters of its key. */
export function versionOf(key: string): string {
  return key.slice(0, 12);
}

/** What people call a trial's model: `logistic@0a1b2c3d4e5f`. */
export function modelName({ model, key }: Pick<Trial, "model" | "key">): string {
  return `${model}@${versionOf(key)}`;
}

/** The trial that made a model, by what people call that; undefined where there is none. */
export function trialOfModel(trials: Iterable<Trial>, model: string): Trial | undefined {
  return [...trials].find((one) => modelName(one) === model);
}
