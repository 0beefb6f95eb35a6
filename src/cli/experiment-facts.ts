import type { Experiment } from "../evaluation/experiment.js";
import type { LabelFacts, TrialFacts } from "../registry/trial-facts.js";

/** What an experiment's models predict, and from which data: as their bundles say it. */
export function experimentFacts({
  dataset,
  origin,
}: Pick<Experiment, "dataset" | "origin">): Required<TrialFacts> & LabelFacts {
  const { exchange, symbols, featureNames, labelKind, labelRule, horizonUs } = dataset;
  return {
    exchange,
    symbols,
    source: origin.source,
    window: origin.cut.window,
    features: featureNames.length,
    ...{ labelKind, labelRule, horizonUs },
  };
}
