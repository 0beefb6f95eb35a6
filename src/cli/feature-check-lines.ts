// What the checks of stored features found, as lines for people: one a feature, then the findings as sentences.
import pc from "picocolors";
import { counted } from "../core/counted.js";
import type { FeatureChecks } from "../features/check/check-features.js";
import { countText, type FeatureFinding, signedText } from "../features/check/finding.js";
import type { CoefficientInterval, OverallCheck } from "../features/check/over-symbols.js";
import { MISSING_CAUSES, type MissingCause } from "../features/missing-rule.js";

/** Heads of the columns of causes, short enough for all to stand side by side. */
const CAUSE_HEADS: Readonly<Record<MissingCause, string>> = {
  source: "source",
  "no book": "book",
  "warm-up": "warm",
  "no trade": "trade",
  undefined: "undef",
};

/**
 * Lines of a terminal, some 110 characters wide.
 *
 * @param horizonBars - the horizon whose coefficients are shown; the first where the checks have not this one
 */
export function featureCheckLines(checks: FeatureChecks, horizonBars: number): readonly string[] {
  const horizon = Math.max(checks.horizons.indexOf(horizonBars), 0);
  const causes = MISSING_CAUSES.filter((cause) =>
    checks.overall.some(({ missing }) => missing[cause] > 0),
  );
  const table = checks.overall.map((check) => [
    ...cells(check, causes, horizon),
    flags(checks, check.name),
  ]);
  return [
    ...introduction(checks, horizon),
    ...alignedLines([heads(causes), ...table]),
    "",
    ...checks.findings.map(findingLine),
    totalLine(checks),
  ];
}

function introduction(checks: FeatureChecks, horizon: number): readonly string[] {
  const { symbols, rows, bar, horizons, latencyMs } = checks;
  const names = symbols.length === 0 ? "nothing" : symbols.map(({ symbol }) => symbol).join(", ");
  const bars = horizons[horizon] === 1 ? "bar" : `${horizons[horizon]} bars`;
  const closes = symbols.filter(({ price }) => price === "close").map(({ symbol }) => symbol);
  const bounce = `${closes.join(", ")}: no book, so returns are of the close, whose bounce alone can be predicted`;
  return [
    `${names}: ${countText(rows)} bars of ${bar}; missing values by cause in % of them`,
    `IC: rank correlation with the return of the next ${bars}, its interval of 95 %, and what is left ${latencyMs} ms later`,
    "drift: distance between the two halves of the rows, 0 to 1; of prices, drift and IC are those of ln(price / last close)",
    ...(closes.length === 0 ? [] : [bounce]),
    "",
  ];
}

function heads(causes: readonly MissingCause[]): readonly string[] {
  const missing = causes.map((cause) => CAUSE_HEADS[cause]);
  const fixed = ["least", "largest", "drift", "IC", "low", "high", "later", "look at"];
  return ["feature", "valid %", ...missing, ...fixed];
}

function cells(
  check: OverallCheck,
  causes: readonly MissingCause[],
  horizon: number,
): readonly string[] {
  const { name, rows, values, missing, least, largest, driftDistance, coefficients } = check;
  const percent = (count: number): string => (rows === 0 ? "—" : percentText(count / rows));
  const { now, afterLatency } = coefficients[horizon]!;
  return [
    name,
    percent(values),
    ...causes.map((cause) => (missing[cause] === 0 ? "·" : percent(missing[cause]))),
    numberText(least),
    numberText(largest),
    driftDistance === null ? "—" : driftDistance.toFixed(2),
    ...(["value", "low", "high"] as const).map((part) => coefficientText(now, part)),
    coefficientText(afterLatency, "value"),
  ];
}

/** One decimal; what is not nothing and not all is not shown as such. */
function percentText(share: number): string {
  if (share > 0 && share < 0.0005) return "<0.1";
  if (share < 1 && share > 0.9995) return ">99.9";
  return (100 * share).toFixed(1);
}

function coefficientText(
  coefficient: CoefficientInterval | null,
  part: keyof CoefficientInterval,
): string {
  const value = coefficient?.[part];
  return value === undefined || !Number.isFinite(value) ? "—" : signedText(value);
}

/** Three significant digits; whole numbers from a thousand on. */
function numberText(value: number | null): string {
  if (value === null) return "—";
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** Checks that found something, faults first; red where one is a fault. */
function flags({ findings }: FeatureChecks, name: string): string {
  const own = findings.filter(({ feature }) => feature === name);
  const text = [...new Set(own.map(({ check }) => check))].join(", ");
  if (text === "") return "";
  if (own.some(({ severity }) => severity === "fault")) return pc.red(text);
  return pc.yellow(text);
}

/** Words to the left, numbers to the right; the last column, which may have colours, as it is. */
function alignedLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!.length)));
  const last = widths.length - 1;
  return rows.map((row) =>
    row
      .map((text, j) => {
        if (j === 0) return text.padEnd(widths[0]!);
        return j === last ? ` ${text}` : text.padStart(widths[j]!);
      })
      .join(" ")
      .trimEnd(),
  );
}

function findingLine({ feature, symbol, severity, message }: FeatureFinding): string {
  const mark = severity === "fault" ? pc.red("fault ") : pc.yellow("review");
  return `${mark} ${symbol} ${feature} ${message}`;
}

function totalLine({ findings }: FeatureChecks): string {
  const faults = findings.filter(({ severity }) => severity === "fault").length;
  return `${counted(faults, "fault")}, ${countText(findings.length - faults)} for review`;
}
