// What do the features that drift most look like over time?
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { FeaturesOverTime } from "../figures/features-over-time.js";
import { type FeatureFrame, featureColumn, featureEntry } from "./feature-frame.js";
import type { FeatureStability } from "./feature-stability.js";
import { mostDrifting } from "./stability-table.js";

/** How many features are drawn over time. */
const SHOWN = 6;

/** The features of the first symbol that drift most, over time. */
export function driftingFeatures(
  frames: readonly FeatureFrame[] | Shortfall,
  stabilities: readonly FeatureStability[] | Shortfall,
): FeaturesOverTime | Shortfall {
  if (isShortfall(frames)) return frames;
  if (isShortfall(stabilities)) return stabilities;
  const [stability] = stabilities;
  const frame = frames.find(({ symbol }) => symbol === stability!.symbol)!;
  const names = mostDrifting(stability!, SHOWN);
  return {
    which: "that drift most",
    symbol: frame.symbol,
    names,
    units: names.map((name) => featureEntry(name)?.unit ?? ""),
    barEndUs: frame.barEndUs,
    columns: names.map((name) => featureColumn(frame, name)),
  };
}
