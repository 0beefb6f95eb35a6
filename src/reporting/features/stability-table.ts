// Which features drift most?
import type { Table } from "../table.js";
import type { FeatureStability } from "./feature-stability.js";

/** Rows of the table. */
const SHOWN = 10;

/** The features that drift most, each with the block in which it is farthest off; one row for a feature of a symbol. */
export function driftTable(stabilities: readonly FeatureStability[]): Table {
  const all = stabilities.flatMap(({ symbol, labels, features }) =>
    features.map(({ name, family, shifts, widths, largest }) => {
      const block = shifts.indexOf(largest);
      return { symbol, name, family, largest, block: labels[block] ?? "", width: widths[block]! };
    }),
  );
  const sorted = all.sort((a, b) => Math.abs(b.largest) - Math.abs(a.largest));
  return {
    caption: "What drifts most",
    columns: [
      { name: "symbol" },
      { name: "feature", kind: "code" },
      { name: "family" },
      { name: "farthest off", kind: "short" },
      { name: "median less the whole's", unit: "middle halves", digits: 2 },
      { name: "middle half over the whole's", unit: "ratio", digits: 2 },
    ],
    rows: sorted
      .slice(0, SHOWN)
      .map(({ symbol, name, family, block, largest, width }) => [
        symbol,
        name,
        family,
        block,
        largest,
        width,
      ]),
  };
}

/** Names of one symbol's features that drift most. */
export function mostDrifting(stability: FeatureStability, count: number): readonly string[] {
  return [...stability.features]
    .sort((a, b) => Math.abs(b.largest) - Math.abs(a.largest))
    .slice(0, count)
    .map(({ name }) => name);
}
