import type { Experiment } from "../evaluation/experiment.js";
import { marksOf, type TrialFacts } from "../registry/trial-facts.js";

/** Facts with what must be said of every result: SIMULATED or REAL, BOUNCE-PRONE. */
export interface ExperimentFacts extends Required<TrialFacts> {
  readonly marks: readonly string[];
}

/** What an experiment's models predict, and from which data: as their bundles say it. */
export function experimentFacts({
  dataset,
  origin,
}: Pick<Experiment, "dataset" | "origin">): ExperimentFacts {
  const { exchange, symbols, featureNames, labelKind, labelRule, horizonUs } = dataset;
  const facts = {
    exchange,
    symbols,
    source: origin.source,
    window: origin.cut.window,
    features: featureNames.length,
    ...{ labelKind, labelRule, horizonUs },
  };
  return { marks: marksOf(facts), ...facts };
}
