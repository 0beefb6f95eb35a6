// Is a source of candles as good as ticks, said for a report?

import type { SourceComparison } from "../audit/sources/compare-sources.js";
import type { Difference } from "../audit/sources/minute-differences.js";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import type { ReportFacts } from "./facts.js";
import type { Cell, Table, TableColumn } from "./table.js";

/** A figure of a comparison, with what it means. */
interface Metric<Values> {
  readonly name: string;
  readonly values: (comparison: SourceComparison) => Values;
  readonly words: string;
}

const COVERAGE: readonly Metric<readonly [ticks: number, candles: number]>[] = [
  {
    name: "points",
    values: ({ ticks, candles }) => [ticks.points, candles.points],
    words: "trades and book states against candles: how often the source told anything",
  },
  {
    name: "points a minute",
    values: ({ ticks, candles }) => [ticks.pointsPerMinute, candles.pointsPerMinute],
    words: "over the minutes that have any",
  },
  {
    name: "missing minutes",
    values: ({ ticks, candles }) => [ticks.missingMinutes, candles.missingMinutes],
    words: "minutes of which the source tells nothing at all",
  },
  {
    name: "gaps",
    values: ({ ticks, candles }) => [ticks.gaps, candles.gaps],
    words: "runs of missing minutes",
  },
  {
    name: "longest gap (minutes)",
    values: ({ ticks, candles }) => [ticks.longestGapMinutes, candles.longestGapMinutes],
    words: "the longest of these runs",
  },
  {
    name: "book known (% of the time)",
    values: ({ ticks, candles }) => [100 * ticks.bookCoverage, 100 * candles.bookCoverage],
    words: "time in which a valid order book was known; a candle has none",
  },
];

const AGREEMENT: readonly Metric<number>[] = [
  {
    name: "minutes compared",
    values: ({ comparedMinutes }) => comparedMinutes,
    words: "minutes with a trade and a candle; all below is over these",
  },
  {
    name: "traded, but no candle (minutes)",
    values: ({ tradedWithoutCandle }) => tradedWithoutCandle,
    words: "what the source of candles lost, where it is the same market",
  },
  {
    name: "correlation of one-minute returns",
    values: ({ correlation }) => correlation,
    words: "1: the same moves at the same time; 0: none in common",
  },
  {
    name: "tracking error (bps a minute)",
    values: ({ trackingErrorBps }) => trackingErrorBps,
    words: "deviation of the difference of the two returns",
  },
  {
    name: "tracking error (% a year)",
    values: ({ trackingErrorAnnualRatio }) => 100 * trackingErrorAnnualRatio,
    words: "the same over a year of minutes, as if they were independent",
  },
  {
    name: "level (ticks ÷ candles)",
    values: ({ closeRatio }) => closeRatio,
    words: "median ratio of closes: another quote currency, or another price",
  },
  {
    name: "lag of the candles (minutes)",
    values: ({ lagMinutes }) => lagMinutes,
    words: "0: stamped with the same minute; 1: a minute late",
  },
  ...differences("close", "bps", ({ close }) => close),
  ...differences("high", "bps", ({ high }) => high),
  ...differences("low", "bps", ({ low }) => low),
  ...differences("volume", "%", ({ volume }) => volume),
];

function differences(
  name: string,
  unit: "bps" | "%",
  of: (comparison: SourceComparison) => Difference,
): readonly Metric<number>[] {
  const scale = unit === "bps" ? 1e4 : 100;
  return [
    {
      name: `${name}: median difference (${unit})`,
      values: (comparison) => scale * of(comparison).median,
      words: `half of the minutes differ by less in ${name}`,
    },
    {
      name: `${name}: 95 % within (${unit})`,
      values: (comparison) => scale * of(comparison).percentile95,
      words: "one minute in twenty differs by more",
    },
    {
      name: `${name}: largest difference (${unit})`,
      values: (comparison) => scale * of(comparison).largest,
      words: "the worst minute",
    },
    {
      name: `${name}: equal to the digit (%)`,
      values: (comparison) =>
        comparison.isSameMarket ? 100 * of(comparison).equalShare : Number.NaN,
      words: "minutes that are equal as printed; only asked of the same market",
    },
  ];
}

/** How much each source tells, and when it tells nothing: ticks beside candles, for each symbol. */
export function sourceTable(comparisons: readonly SourceComparison[]): Table {
  return {
    caption: "How much each source tells",
    columns: [
      { name: "metric" },
      ...comparisons.flatMap(({ ticks }): readonly TableColumn[] => [
        { name: `${ticks.symbol} ticks` },
        { name: `${ticks.symbol} candles` },
      ]),
      { name: "in plain words" },
    ],
    rows: COVERAGE.map(({ name, values, words }) => [
      name,
      ...comparisons.flatMap((comparison): readonly Cell[] => values(comparison)),
      words,
    ]),
  };
}

/** How far candles and ticks agree on the minutes that both tell of. */
export function agreementTable(comparisons: readonly SourceComparison[]): Table {
  return {
    caption: "How far ticks and candles agree",
    columns: [
      { name: "metric" },
      ...comparisons.map(({ ticks }) => ({ name: ticks.symbol })),
      { name: "in plain words" },
    ],
    rows: AGREEMENT.map(({ name, values, words }) => [name, ...comparisons.map(values), words]),
  };
}

/** In words: how much more the ticks tell, gaps against gaps, whether both tell of the same moves, and what is unknown. */
export function sourceFindings(comparisons: readonly SourceComparison[]): string {
  return comparisons.map((comparison) => `- ${sentence(comparison)}`).join("\n");
}

function sentence(comparison: SourceComparison): string {
  const { ticks, candles, pointsRatio, shortfalls } = comparison;
  const against = `${ticks.exchange} ${ticks.symbol} ticks against ${candles.exchange} ${candles.symbol} candles`;
  const more = Number.isNaN(pointsRatio) ? "no candle to compare with" : pointsText(comparison);
  const gaps =
    `gaps ${count(ticks.gaps)} vs ${count(candles.gaps)} ` +
    `(${count(ticks.missingMinutes)} vs ${count(candles.missingMinutes)} of ${count(comparison.minutes)} minutes missing)`;
  const moves = Number.isNaN(comparison.correlation)
    ? shortfalls.map(shortfallText).join(" ")
    : movesText(comparison);
  return `${against}: **${more}, ${gaps}**. ${moves}`;
}

/** "412 × more points": so many points for each of the other's. */
function pointsText({ pointsRatio }: SourceComparison): string {
  return `${figure(pointsRatio)} × ${pointsRatio >= 1 ? "more" : "as many"} points`;
}

function movesText(comparison: SourceComparison): string {
  const { correlation, trackingErrorBps, lagMinutes, tradedWithoutCandle } = comparison;
  const late = `${Math.abs(lagMinutes)} min ${lagMinutes > 0 ? "late" : "early"}`;
  return (
    `Returns correlate ${correlation.toFixed(4)} and differ by ${figure(trackingErrorBps)} bps a minute` +
    `${lagMinutes === 0 ? "" : `; the candles are best taken to be ${late}`}` +
    `${tradedWithoutCandle === 0 ? "" : `; ${count(tradedWithoutCandle)} minutes were traded of which no candle tells`}.`
  );
}

/** Figures for the report's record: the first symbol's; none where there is nothing to compare. */
export function sourceFacts(comparisons: readonly SourceComparison[] | Shortfall): ReportFacts {
  const [first] = isShortfall(comparisons) ? [] : comparisons;
  if (first === undefined) return {};
  return {
    figures: {
      pointsRatio: finite(first.pointsRatio),
      tickGaps: first.ticks.gaps,
      candleGaps: first.candles.gaps,
      candleCorrelation: finite(first.correlation),
    },
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 6 });
}
