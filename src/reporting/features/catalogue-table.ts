// What is computed, in words?
import { catalogueHash } from "../../features/catalogue.js";
import type { FeatureEntry } from "../../features/feature.js";
import type { ReportFacts } from "../facts.js";
import type { Table } from "../table.js";

/** All that the catalogue says of each feature. */
export function catalogueTable(entries: readonly FeatureEntry[]): Table {
  return {
    caption: "The catalogue of features",
    columns: [
      { name: "feature", kind: "code" },
      { name: "family" },
      { name: "formula", kind: "long" },
      { name: "unit" },
      { name: "made from" },
      { name: "looks back", unit: "bars" },
      { name: "warms up", unit: "bars", digits: 0 },
      { name: "NaN beside warm-up" },
      { name: "range", kind: "short" },
      { name: "source" },
    ],
    rows: entries.map((entry) => [
      entry.name,
      entry.family,
      entry.formula,
      entry.unit,
      entry.inputs.join(", "),
      Number.isFinite(entry.lookbackBars) ? entry.lookbackBars.toLocaleString("en-US") : "all",
      entry.warmUpBars,
      entry.nullRule,
      rangeText(entry.range),
      entry.source,
    ]),
  };
}

/** How many features there are, and the hash by which a saved model names them. */
export function catalogueFindings(entries: readonly FeatureEntry[]): string {
  const families = new Set(entries.map(({ family }) => family)).size;
  const bookless = entries.filter(({ inputs }) => !inputs.includes("book")).length;
  return (
    `**${entries.length} features in ${families} families**; ${bookless} of them need no book. The SHA-256 of this table is ` +
    `\`${catalogueHash()}\`: a saved model names it, and serves no other catalogue.`
  );
}

/** The catalogue's hash for the report's record. */
export function catalogueFacts(): ReportFacts {
  return { figures: { catalogue: catalogueHash() } };
}

/** Bounds in brackets, or the side that is bounded. */
function rangeText([least, largest]: FeatureEntry["range"]): string {
  const number = (value: number): string => String(value).replace("-", "−");
  if (Number.isFinite(least) && Number.isFinite(largest)) {
    return `[${number(least)}, ${number(largest)}]`;
  }
  if (Number.isFinite(least)) return `≥ ${number(least)}`;
  return Number.isFinite(largest) ? `≤ ${number(largest)}` : "any";
}
