import { MINUTE_US } from "../../core/time.js";
import type { LabelFacts } from "../../registry/trial-facts.js";
import type { ModelCard } from "./model-card.js";

/** The label that a card's model predicts; undefined where its bundle does not name the rule. */
export function predictedLabel({
  labelKind,
  labelRule,
  horizonMinutes,
}: ModelCard["predicts"]): LabelFacts | undefined {
  const horizonUs = Math.round(horizonMinutes * MINUTE_US);
  return labelRule === undefined ? undefined : { labelKind, labelRule, horizonUs };
}
