// Each symbol's values of each feature in a few numbers, as danfo describes them.
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { FeatureFrame } from "./feature-frame.js";

/** One row a feature of a symbol, as columns; numbers are null where it has fewer than two values. */
export interface DescribedFeatures {
  readonly symbol: readonly string[];
  readonly feature: readonly string[];
  readonly values: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly deviation: readonly (number | null)[];
  readonly least: readonly (number | null)[];
  readonly median: readonly (number | null)[];
  readonly largest: readonly (number | null)[];
}

/** Describes every feature of every symbol; empty columns where there are no features. */
export async function describeFeatures(
  frames: readonly FeatureFrame[] | Shortfall,
): Promise<DescribedFeatures> {
  const all = isShortfall(frames) ? [] : frames;
  const { Series } = await loadDanfo();
  const rows = all.flatMap(({ symbol, names, columns }) =>
    names.map((feature, j) => {
      const there = Array.from(columns[j]!.filter((value) => !Number.isNaN(value)));
      return { symbol, feature, there, series: new Series(there.length < 2 ? [0] : there) };
    }),
  );
  // danfo's own `describe` counts more and takes four times as long.
  const statistics = (of: (series: (typeof rows)[number]["series"]) => number): (number | null)[] =>
    rows.map(({ there, series }) => (there.length < 2 ? null : of(series)));
  return {
    symbol: rows.map(({ symbol }) => symbol),
    feature: rows.map(({ feature }) => feature),
    values: rows.map(({ there }) => there.length),
    mean: statistics((series) => series.mean()),
    deviation: statistics((series) => series.std()),
    least: statistics((series) => series.min()),
    median: statistics((series) => series.median()),
    largest: statistics((series) => series.max()),
  };
}

/** danfo, and so TensorFlow, are loaded only when a notebook asks for them. */
async function loadDanfo(): Promise<typeof import("danfojs-node")> {
  // TensorFlow reads these when it is loaded; without them it prints its greeting.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "0";
  return await import("danfojs-node");
}
