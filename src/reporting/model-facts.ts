import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { mergeFacts, type ReportFacts } from "./facts.js";

/** A trained model, as far as a report's footer names it. */
export interface NamedModel {
  readonly name: string;
  readonly version: string;
  readonly seed: number;
  readonly backend: string;
  readonly isLoaded: boolean;
}

/** What computed a model, and its seed. */
export function modelFacts(model: NamedModel | Shortfall): ReportFacts {
  if (isShortfall(model)) return {};
  const { name, version, seed, backend } = model;
  const seeds = { [`of ${name}@${version}`]: seed };
  return backend === "plain" ? { seeds } : { seeds, tensorflow: backend };
}

/** The same of several models together. */
export function modelsFacts(models: readonly (NamedModel | Shortfall)[]): ReportFacts {
  return mergeFacts(models.map(modelFacts));
}
