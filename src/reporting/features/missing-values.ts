// What is missing of each feature, and why?
import type { FeatureChecks } from "../../features/check/check-features.js";
import type { OverallCheck } from "../../features/check/over-symbols.js";
import type { FeatureRun } from "../../features/compute-features.js";
import { MISSING_CAUSES } from "../../features/missing-rule.js";
import type { Table } from "../table.js";
import { featureEntry } from "./feature-frame.js";

/** What is missing of each feature by cause, beside the bars it has to warm up for; features that miss nothing are left out. */
export function missingTable({ overall }: FeatureChecks): Table {
  return {
    caption: "Missing values by cause, of features that miss any",
    columns: [
      { name: "feature", kind: "code" },
      { name: "family", kind: "short" },
      { name: "made from" },
      { name: "warms up", unit: "bars", digits: 0 },
      ...MISSING_CAUSES.map((name) => ({ name, unit: "%", digits: 1 })),
      { name: "in all", unit: "%", digits: 1 },
    ],
    rows: overall
      .filter((check) => missingShare(check) > 0)
      .map((check) => {
        const entry = featureEntry(check.name);
        const shares = MISSING_CAUSES.map((cause) => (100 * check.missing[cause]) / check.rows);
        return [
          check.name,
          entry?.family ?? "",
          entry?.inputs.join(", ") ?? "",
          entry?.warmUpBars ?? null,
          ...shares,
          100 * missingShare(check),
        ];
      }),
  };
}

/**
 * Which features are whole, which have no value at all, and which of those cannot have one because no stretch of data is as
 * long as they take to warm up.
 */
export function missingFindings({
  run,
  checks,
}: {
  readonly run: FeatureRun;
  readonly checks: FeatureChecks;
}): string {
  const { overall } = checks;
  const bars = longestStream(run);
  const whole = overall.filter((check) => missingShare(check) === 0).length;
  const none = overall.filter(({ values }) => values === 0);
  const short = none.filter(({ name }) => warmUp(name) >= bars);
  const others = none.filter((check) => !short.includes(check));
  const count = (number: number): string => number.toLocaleString("en-US");
  const list = (some: readonly OverallCheck[], words: (check: OverallCheck) => string): string =>
    some.map((check) => `\`${check.name}\` (${words(check)})`).join(", ");
  return [
    `**${whole} of ${overall.length} features have a value in every bar.**`,
    short.length === 0
      ? `The longest stretch without a break has ${count(bars)} bars, which is long enough for every feature to warm up.`
      : `The longest stretch without a break has ${count(bars)} bars, too short for ${list(short, ({ name }) => count(warmUp(name)))}: they cannot have a value here, whatever the market does.`,
    ...(others.length === 0 ? [] : [`No value for other reasons: ${list(others, mainCause)}.`]),
  ].join(" ");
}

/** Share of a feature's values that are missing, for whatever cause; all of no rows. */
function missingShare({ rows, values }: OverallCheck): number {
  return rows === 0 ? 1 : 1 - values / rows;
}

function warmUp(name: string): number {
  return featureEntry(name)?.warmUpBars ?? 0;
}

/** Bars of the longest stream: days that went on from the day before count together. */
function longestStream({ partitions }: FeatureRun): number {
  let longest = 0;
  let bars = 0;
  let symbol: string | undefined;
  for (const day of partitions) {
    if (!day.isResumed || day.symbol !== symbol) bars = 0;
    symbol = day.symbol;
    bars += day.rows;
    longest = Math.max(longest, bars);
  }
  return longest;
}

function mainCause({ missing }: OverallCheck): string {
  return MISSING_CAUSES.reduce((a, b) => (missing[b] > missing[a] ? b : a));
}
