// The tables of a model card.

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
    ],
    rows: metrics
      .filter((metric) => metric.unit === unit)
      .map(({ name, value, lower, upper, base, baseName }): readonly Cell[] => [
        name,
        scale * value,
        interval(scale * lower, scale * upper, digits),
        scale * base,
        baseName,
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
    ],
    rows: bySymbol.map(({ group, rows, accuracy, majorityRate }): readonly Cell[] => [
      group,
      rows,
      100 * accuracy.estimate,
      interval(100 * accuracy.lower, 100 * accuracy.upper, 1),
      100 * majorityRate,
    ]),
  };
}

/** Every gate: rule, value, interval, margin, verdict. */
export function gatesTable({ gates }: ModelCard): Table {
  return {
    caption: "Only a pass of every gate promotes",
    columns: [
      { name: "gate", kind: "short" },
      { name: "verdict", kind: "verdict" },
      { name: "rule", kind: "long" },
      { name: "value", digits: 4 },
      { name: "95 % interval", kind: "aside" },
      { name: "margin", digits: 4 },
      { name: "beside, and why", kind: "long" },
    ],
    rows: gates.map(({ name, rule, value, lower, upper, margin, verdict, reason, beside }) => [
      name,
      verdict,
      rule,
      value,
      lower < upper ? interval(lower, upper, 4) : null,
      margin,
      [beside, reason].filter((words) => words !== undefined).join("; "),
    ]),
  };
}

/** The plan's own gates, and what each cannot tell from skill. */
export function planGatesTable({ planGates }: ModelCard): Table {
  return {
    caption: "A pass of these promotes nothing",
    columns: [
      { name: "gate", kind: "short" },
      { name: "literally", kind: "verdict" },
      { name: "rule", kind: "short" },
      { name: "value", digits: 4 },
      { name: "what it misses", kind: "long" },
    ],
    rows: planGates.map(({ name, verdict, rule, value, misses }) => [
      name,
      verdict,
      rule,
      value,
      misses,
    ]),
  };
}

/** Stated and observed probabilities by bin. */
export function reliabilityTable({ calibration }: ModelCard): Table {
  return {
    caption: "Calibration in bins of equal mass",
    columns: [
      { name: "rows" },
      { name: "stated", unit: "%", digits: 1 },
      { name: "came true", unit: "%", digits: 1 },
    ],
    rows: calibration.bins.map(({ rows, meanProbability, upRate }) => [
      rows,
      100 * meanProbability,
      100 * upRate,
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

/** Known experiments and whether they came out as they must. */
export function canariesTable({ canaries }: ModelCard): Table {
  return {
    caption:
      canaries.length === 0 ? "None were run" : "Whether known experiments come out as they must",
    columns: [
      { name: "canary", kind: "short" },
      { name: "rule", kind: "long" },
      { name: "value", unit: "%", digits: 1 },
      { name: "expected", unit: "%", digits: 1 },
      { name: "standard error", unit: "points", digits: 2 },
      { name: "verdict", kind: "verdict" },
    ],
    rows: canaries.map(({ name, rule, value, expected, standardError, isRight }) => [
      name,
      rule,
      100 * value,
      100 * expected,
      100 * standardError,
      isRight ? "pass" : "fail",
    ]),
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
    rows: folds.map(({ fold, slice, from, to, rows }) => [fold, slice, from, to, rows]),
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
