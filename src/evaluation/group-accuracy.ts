// Is a model right everywhere, or in one corner? Accuracy of parts of the test rows, each beside its own base rate.

import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  weightedBootstrap,
} from "../core/block-bootstrap.js";
import { RATIO } from "../core/figure-range.js";
import { dateOf, HOUR_US } from "../core/time.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import { hits, majorityRate } from "./accuracy.js";
import { type Ceilings, ceilings, type Truth } from "./ceilings.js";

/** Accuracy of a part of the test rows beside the part's own base rate. */
export interface GroupAccuracy {
  readonly group: string;
  readonly rows: number;
  readonly accuracy: Bootstrapped;
  readonly majorityRate: number;
  /** Accuracies by true probability, where it is asked for and known: of the sides that were called, and what could be attained. */
  readonly byTruth?: Pick<Ceilings, "model" | "attainable">;
}

/** Groups, or why there are none. */
export interface RegimeAccuracy {
  readonly groups: readonly GroupAccuracy[];
  readonly reason?: string;
}

/** Test rows with what was said of them. */
export interface Predicted {
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
}

/** How groups are resampled. */
interface GroupOptions extends BlockBootstrapOptions {
  /** Accuracy of all rows together, where it was measured: a group that they all are in says the same. */
  readonly whole?: Bootstrapped;
  /** True probabilities at all rows of the dataset; only simulated data has them. */
  readonly truth?: Truth;
}

const REGIMES = ["low", "normal", "high"] as const;
const UNKNOWN_REGIME = "unknown";

/** There are many groups, and no gate looks at one. */
const REPLICATES = 100;

/** Accuracy by symbol. */
export function accuracyBySymbol(
  dataset: Dataset,
  predicted: Predicted,
  options: GroupOptions,
): readonly GroupAccuracy[] {
  const { symbols, symbolIndex } = dataset;
  return accuracyBy(dataset, predicted, options, symbols, (row) => symbols[symbolIndex[row]!]!);
}

/** Accuracy by hour of the day, UTC; a bar belongs to the hour it began in. */
export function accuracyByHour(
  dataset: Dataset,
  predicted: Predicted,
  options: GroupOptions,
): readonly GroupAccuracy[] {
  const hours = Array.from({ length: 24 }, (_, hour) => `${hour}`);
  const hourOf = (row: number): string =>
    `${Math.floor((dataset.barEndUs[row]! - dataset.barUs) / HOUR_US) % 24}`;
  return accuracyBy(dataset, predicted, options, hours, hourOf);
}

/** Accuracy by calendar month, UTC, `yyyy-mm`, those with a row only; a bar belongs to the month it began in. */
export function accuracyByMonth(
  dataset: Dataset,
  predicted: Predicted,
  options: GroupOptions,
): readonly GroupAccuracy[] {
  const monthOf = (row: number): string =>
    dateOf(dataset.barEndUs[row]! - dataset.barUs).slice(0, 7);
  const months = [...new Set(Array.from(predicted.rows, monthOf))].sort();
  return accuracyBy(dataset, predicted, options, months, monthOf);
}

/**
 * Accuracy by regime of volatility, by the dataset's one-hot `vol_regime_*`; rows for which all three are missing, as in
 * the first two days, are a group of their own.
 *
 * @returns no groups and the reason where the dataset lacks one of the columns
 */
export function accuracyByRegime(
  dataset: Dataset,
  predicted: Predicted,
  options: GroupOptions,
): RegimeAccuracy {
  const { featureNames, inputs } = dataset;
  const names = REGIMES.map((regime) => `vol_regime_${regime}`);
  const columns = names.map((name) => featureNames.indexOf(name));
  const absent = names.filter((_, k) => columns[k] === -1);
  if (absent.length > 0) {
    return { groups: [], reason: `the dataset has no column ${absent.join(", ")}` };
  }
  const regimeOf = (row: number): string => {
    const k = columns.findIndex((column) => inputs[row * featureNames.length + column] === 1);
    return REGIMES[k] ?? UNKNOWN_REGIME;
  };
  const groups = accuracyBy(dataset, predicted, options, [...REGIMES, UNKNOWN_REGIME], regimeOf);
  return { groups: groups.filter(({ group, rows }) => group !== UNKNOWN_REGIME || rows > 0) };
}

function accuracyBy(
  dataset: Dataset,
  { rows, probability }: Predicted,
  { whole, ...options }: GroupOptions,
  groups: readonly string[],
  groupOf: (row: number) => string,
): readonly GroupAccuracy[] {
  const members = new Map(groups.map((group): [string, number[]] => [group, []]));
  rows.forEach((row, i) => {
    members.get(groupOf(row))!.push(i);
  });
  return groups.map((group) => {
    const own = members.get(group)!;
    const predicted = {
      rows: Uint32Array.from(own, (i) => rows[i]!),
      probability: Float64Array.from(own, (i) => probability[i]!),
    };
    const known = whole === undefined || own.length < rows.length ? {} : { whole };
    return { group, ...groupAccuracy(dataset, predicted, { ...options, ...known }) };
  });
}

function groupAccuracy(
  { outcome, barEndUs, horizonBars }: Dataset,
  { rows, probability }: Predicted,
  { whole, truth, ...options }: GroupOptions,
): Omit<GroupAccuracy, "group"> {
  const came = Float64Array.from(rows, (row) => outcome[row]!);
  const rates = {
    rows: rows.length,
    majorityRate: majorityRate(came),
    ...(truth === undefined ? {} : { byTruth: accuracyByTruth(rows, probability, truth) }),
  };
  if (whole !== undefined) return { ...rates, accuracy: whole };
  const right = hits(probability, came);
  const { accuracy } = weightedBootstrap(
    Float64Array.from(rows, (row) => barEndUs[row]!),
    (weight) => ({ accuracy: weightedSum(weight, right) / totalWeight(weight) }),
    { ...options, horizonBars, replicates: REPLICATES, rangeOf: () => RATIO },
  );
  return { ...rates, accuracy };
}

function accuracyByTruth(
  rows: Uint32Array,
  probability: Float64Array,
  { oracleUp, attainableUp }: Truth,
): NonNullable<GroupAccuracy["byTruth"]> {
  const at = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]!);
  const truth = { oracleUp: at(oracleUp), attainableUp: at(attainableUp) };
  const { model, attainable } = ceilings(probability, truth);
  return { model, attainable };
}
