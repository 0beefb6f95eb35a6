// The tables of a model card.

import { sliceText } from "../slice-text.js";
import type { Cell, Table } from "../table.js";
import type { CardMetric } from "./card-metrics.js";
import type { ModelCard } from "./model-card.js";

/** Figures of one unit beside their bases. */
export function metricTable(metrics: readonly CardMetric[], unit: CardMetric["unit"]): Table {
  const scale = unit === "ratio" ? 100 : 1;
  const digits = unit === "ratio" ? 2 : 4;
  const shown = unit === "ratio" ? { unit: "%" } : {};
  return {
    caption: unit === "ratio" ? "Shares" : "Scores",
    columns: [
      { name: "figure", kind: "short" },
      { name: "value", digits, ...shown },
      { name: "95 % interval", kind: "aside", ...shown },
      { name: "base", digits, ...shown },
      { name: "of", kind: "short" },
      { name: "independent rows", digits: 0 },
    ],
    rows: metrics
      .filter((metric) => metric.unit === unit)
      .map(({ name, value, lower, upper, base, baseName, effectiveRows }): readonly Cell[] => [
        name,
        scale * value,
        interval(scale * lower, scale * upper, digits),
        scale * base,
        baseName,
        independent(effectiveRows),
      ]),
  };
}

/** Accuracy by symbol beside the symbol's own base rate. */
export function bySymbolTable({ bySymbol }: ModelCard): Table {
  return {
    caption: "Accuracy by symbol",
    columns: [
      { name: "symbol" },
      { name: "rows" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "95 % interval", unit: "%", kind: "aside" },
      { name: "majority", unit: "%", digits: 1 },
      { name: "independent rows", digits: 0 },
    ],
    rows: bySymbol.map(({ group, rows, accuracy, majorityRate }): readonly Cell[] => [
      group,
      rows,
      100 * accuracy.estimate,
      interval(100 * accuracy.lower, 100 * accuracy.upper, 1),
      100 * majorityRate,
      independent(accuracy.effectiveRows),
    ]),
  };
}

/** The bars that are acted on beside all of them. */
export function coverageTable({ coverage, data, metrics }: ModelCard): Table {
  const all = metrics.find(({ name }) => name === "accuracy");
  const shown = (lower: number, upper: number): string | null =>
    interval(100 * lower, 100 * upper, 1);
  return {
    caption: "Bars that are acted on, beside all",
    columns: [
      { name: "bars", kind: "short" },
      { name: "rows" },
      { name: "share", unit: "%", digits: 1 },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "95 % interval", unit: "%", kind: "aside" },
      { name: "majority", unit: "%", digits: 1 },
      { name: "break-even accuracy", unit: "%", digits: 1 },
    ],
    rows: [
      [
        "acted on",
        coverage.rows,
        100 * coverage.share,
        100 * coverage.accuracy,
        shown(coverage.lower, coverage.upper),
        100 * coverage.majorityRate,
        100 * coverage.breakEvenAccuracy,
      ],
      [
        "all",
        data.testRows,
        100,
        all === undefined ? null : 100 * all.value,
        all === undefined ? null : shown(all.lower, all.upper),
        all === undefined ? null : 100 * all.base,
        null,
      ],
    ],
  };
}

/** Where each slice of each fold lies in time. */
export function foldsTable({ folds }: ModelCard): Table {
  return {
    caption: "Slices, UTC",
    columns: [
      { name: "fold" },
      { name: "slice", kind: "short" },
      { name: "first bar end", kind: "short" },
      { name: "last label end", kind: "short" },
      { name: "rows" },
    ],
    rows: folds.map(({ fold, slice, from, to, rows }) => [fold, sliceText(slice), from, to, rows]),
  };
}

/** Names and values, the values as code. */
export function factsTable(caption: string, facts: Readonly<Record<string, unknown>>): Table {
  return {
    caption,
    columns: [
      { name: "name", kind: "short" },
      { name: "value", kind: "code" },
    ],
    rows: Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  };
}

/** Both ends of an interval, in the unit of its column; nothing where one is unknown. */
export function interval(lower: number, upper: number, digits: number): string | null {
  const isKnown = Number.isFinite(lower) && Number.isFinite(upper);
  return isKnown ? `${fixed(lower, digits)} to ${fixed(upper, digits)}` : null;
}

/** As numbers of a table are shown: with a true minus, and without one where nothing is left of it. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text.replace(/^-/, "−");
}

/** Unknown where it is 0, and where an older evaluation does not say. */
function independent(effectiveRows: number | undefined): number | null {
  return effectiveRows !== undefined && effectiveRows >= 0.5 ? Math.round(effectiveRows) : null;
}
