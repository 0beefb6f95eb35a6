// Which features say the same, in a table?
import { mean } from "../../core/statistics.js";
import type { Table } from "../table.js";
import type { FeatureCorrelation } from "./feature-correlation.js";

/** Clusters of two features or more: who is in, how alike they are, and the one that stands for the others best. */
export function clusterTable(correlation: FeatureCorrelation): Table {
  const clusters = correlation.clusters.filter((names) => names.length > 1);
  return {
    caption: "Features that say the same; ρ without its sign",
    columns: [
      { name: "features", kind: "long" },
      { name: "of them" },
      { name: "mean ρ", digits: 2 },
      { name: "least ρ", digits: 2 },
      { name: "stands for all", kind: "code" },
    ],
    rows: clusters.map((names) => {
      const pairs = pairsOf(correlation, names);
      return [
        names.join(", "),
        names.length,
        mean(pairs),
        Math.min(...pairs),
        centreOf(correlation, names),
      ];
    }),
  };
}

/** |ρ| of each pair of names; pairs without one are skipped. */
function pairsOf({ names, values }: FeatureCorrelation, some: readonly string[]): number[] {
  const at = some.map((name) => names.indexOf(name));
  return at
    .flatMap((i, k) => at.slice(k + 1).map((j) => Math.abs(values[i]![j]!)))
    .filter((value) => !Number.isNaN(value));
}

/** The name whose correlations with the others are strongest on average; of equals the first. */
function centreOf({ names, values }: FeatureCorrelation, some: readonly string[]): string {
  const strength = (name: string): number =>
    some.reduce((sum, other) => {
      const value = Math.abs(values[names.indexOf(name)]![names.indexOf(other)]!);
      return sum + (Number.isNaN(value) ? 0 : value);
    }, 0);
  return some.reduce((best, name) => (strength(name) > strength(best) ? name : best));
}
