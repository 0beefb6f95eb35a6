// What do the stored features look like?
import { concatenate } from "../core/columns.js";
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import { FEATURES } from "../features/catalogue.js";
import type { FeatureChecks } from "../features/check/check-features.js";
import { MISSING_CAUSES } from "../features/check/missing-causes.js";
import type { OverallCheck } from "../features/check/over-symbols.js";
import type { FeatureRun } from "../features/compute-features.js";
import { featuresFolder } from "../features/feature-partition.js";
import { readDerived, readDerivedManifest } from "../store/derived.js";
import type { Store } from "../store/store.js";
import type { ReportFacts } from "./facts.js";
import type { CorrelationMatrix } from "./figures/correlation-heatmap.js";
import type { FeatureFamily } from "./figures/feature-multiples.js";
import { type MarketRange, symbolDays } from "./store-summary.js";
import type { Table } from "./table.js";

/** Stored one-minute features of a symbol: one column a feature, days one after the other. */
export interface FeatureFrame {
  readonly symbol: string;
  readonly barEndUs: Float64Array;
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** Fewer complete bars than this say nothing of a correlation. */
const CORRELATION_ROWS = 60;

/**
 * Reads a symbol's stored one-minute features.
 *
 * @throws {DataError} a table is damaged
 */
export async function featureFrame(
  store: Store,
  range: MarketRange,
  symbol: string,
): Promise<FeatureFrame | Shortfall> {
  const names = FEATURES.map(({ name }) => name);
  const parts: (readonly Float64Array[])[] = [];
  for (const day of symbolDays(range, symbol)) {
    const folder = featuresFolder(day, MINUTE_US);
    if ((await readDerivedManifest(store, folder)) === undefined) continue;
    const { columns } = await readDerived(store, folder, ["bar_end_us", ...names]);
    parts.push(["bar_end_us", ...names].map((name) => columns[name] as Float64Array));
  }
  if (parts.length === 0) {
    return shortfall({ step: "look at features", what: "days with features", has: 0, needs: 1 });
  }
  const joined = ["bar_end_us", ...names].map((_, j) => concatenate(parts.map((part) => part[j]!)));
  return { symbol, barEndUs: joined[0]!, names, columns: joined.slice(1) };
}

/** The frame cut into the catalogue's families, in its order. */
export function featureFamilies(frame: FeatureFrame | Shortfall): readonly FeatureFamily[] {
  if (!("columns" in frame)) return [];
  const families = [...new Set(FEATURES.map(({ family }) => family))];
  return families.map((family) => {
    const own = FEATURES.filter((feature) => feature.family === family);
    return {
      family,
      symbol: frame.symbol,
      names: own.map(({ name }) => name),
      units: own.map(({ unit }) => unit),
      barEndUs: frame.barEndUs,
      columns: own.map(({ name }) => frame.columns[frame.names.indexOf(name)]!),
    };
  });
}

/**
 * Pearson correlations between features over the bars that have all of them; features that are missing more often than
 * not, or never change, and raw prices are left out. Columns are scaled by danfo and multiplied by TensorFlow.
 */
export async function featureCorrelation(
  frame: FeatureFrame | Shortfall,
): Promise<CorrelationMatrix | Shortfall> {
  if (!("columns" in frame)) return frame;
  const kept = frame.names.filter((name, j) => !isPrice(name) && isVaried(frame.columns[j]!));
  const columns = kept.map((name) => frame.columns[frame.names.indexOf(name)]!);
  const rows = completeRows(columns);
  if (rows.length < CORRELATION_ROWS || kept.length < 2) {
    const step = "correlate features";
    return shortfall({ step, what: "complete bars", has: rows.length, needs: CORRELATION_ROWS });
  }
  const { DataFrame, StandardScaler } = await loadDanfo();
  const cells = rows.map((row) => columns.map((column) => column[row]!));
  const scaled = new StandardScaler().fitTransform(new DataFrame(cells, { columns: [...kept] }));
  const tensor = scaled.tensor;
  const values = tensor.matMul(tensor, true).div(rows.length).arraySync() as number[][];
  return { names: kept, values, rows: rows.length };
}

/** Count, mean, deviation and extremes of one feature; null where it has fewer than two values. */
export interface FeatureDescription {
  readonly feature: string;
  readonly values: number;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly least: number | null;
  readonly median: number | null;
  readonly largest: number | null;
}

/** Each feature's values as danfo describes them. */
export async function describeFeatures(
  frame: FeatureFrame | Shortfall,
): Promise<readonly FeatureDescription[] | Shortfall> {
  if (!("columns" in frame)) return frame;
  const { Series } = await loadDanfo();
  return frame.names.map((feature, j) => {
    const there = Array.from(frame.columns[j]!.filter((value) => !Number.isNaN(value)));
    const described = there.length < 2 ? undefined : new Series(there).describe();
    const statistic = (label: string): number | null =>
      described === undefined ? null : Number(described.values[described.index.indexOf(label)]);
    return {
      feature,
      values: there.length,
      mean: statistic("mean"),
      deviation: statistic("std"),
      least: statistic("min"),
      median: statistic("median"),
      largest: statistic("max"),
    };
  });
}

/** Days of a computation whose features are in the store. */
export function storedDays(run: FeatureRun): FeatureRun["partitions"] {
  return run.partitions.filter(({ status }) => status === "written" || status === "kept");
}

/** What is missing of each feature and why, beside its unit and definition. */
export function missingTable(checks: FeatureChecks): Table {
  return {
    caption: "Missing values by cause",
    columns: [
      { name: "feature", kind: "code" },
      { name: "family" },
      { name: "definition" },
      ...MISSING_CAUSES.map((name) => ({ name, unit: "%", digits: 1 })),
    ],
    rows: checks.overall.map(({ name, rows, missing }) => {
      const entry = FEATURES.find((feature) => feature.name === name);
      const shares = MISSING_CAUSES.map((cause) => (100 * missing[cause]) / Math.max(rows, 1));
      return [name, entry?.family ?? "", entry?.formula ?? "", ...shares];
    }),
  };
}

/** Values outside their range, wrong mask bits and failed days, for the validation cell. */
export function featureTotals(
  run: FeatureRun,
  checks: FeatureChecks,
): {
  readonly outside: number;
  readonly wrongBits: number;
  readonly failedDays: number;
  readonly missingShare: number;
} {
  const sum = (value: (check: OverallCheck) => number): number =>
    checks.overall.reduce((total, check) => total + value(check), 0);
  const cells = sum(({ rows }) => rows);
  return {
    outside: sum(({ outside }) => outside),
    wrongBits: sum(({ wrongBits }) => wrongBits),
    failedDays: run.partitions.filter(({ status }) => status === "failed").length,
    missingShare: cells === 0 ? 1 : 1 - sum(({ values }) => values) / cells,
  };
}

/** The notebook's answer: how many bars there are and how much of them is known. */
export function featureAnswer(run: FeatureRun, checks: FeatureChecks): ReportFacts {
  const { outside, wrongBits, failedDays, missingShare } = featureTotals(run, checks);
  const faults = outside + wrongBits + failedDays;
  const known = `${(100 * (1 - missingShare)).toFixed(1)} % of all values`;
  const bars = run.rows.toLocaleString("en-US");
  return {
    verdict: faults > 0 ? "fail" : "pass",
    answer:
      faults > 0
        ? `Not yet: ${outside} values leave their range, ${wrongBits} mask bits are wrong and ${failedDays} days failed.`
        : `${run.columns} numbers for each of ${bars} minutes: ${known} are there, the rest is missing for a known cause.`,
    figures: { bars: run.rows, features: run.columns },
  };
}

/** danfo, and so TensorFlow, are loaded only when a notebook asks for them. */
async function loadDanfo(): Promise<typeof import("danfojs-node")> {
  // TensorFlow reads these when it is loaded; without them it prints its greeting.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "0";
  return await import("danfojs-node");
}

/** Prices move together because they are the same price, and no model is fed them as they are. */
function isPrice(name: string): boolean {
  return FEATURES.some((feature) => feature.name === name && feature.unit === "price");
}

/** Whether at least half of a column is there and it takes more than one value. */
function isVaried(column: Float64Array): boolean {
  const values = column.filter((value) => !Number.isNaN(value));
  return values.length >= column.length / 2 && values.some((value) => value !== values[0]);
}

function completeRows(columns: readonly Float64Array[]): number[] {
  const rows: number[] = [];
  const length = columns[0]?.length ?? 0;
  for (let i = 0; i < length; i++) {
    if (columns.every((column) => !Number.isNaN(column[i]!))) rows.push(i);
  }
  return rows;
}
