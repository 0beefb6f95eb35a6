import { axis, type Figure, figure, timeAxis, timeText } from "../figure.js";
import { LIGHT } from "../palette.js";

/** A stretch of time in which a stream was silent longer than it should be. */
export interface Gap {
  readonly symbol: string;
  /** The data type that was silent. */
  readonly type: string;
  readonly startUs: number;
  readonly endUs: number;
}

/** Gaps of each stream as bars on one time axis. */
export function gapTimelineFigure({
  gaps,
  streams,
  fromUs,
  toUs,
}: {
  readonly gaps: readonly Gap[];
  /** Streams that were looked at, `symbol type`, also those without a gap. */
  readonly streams: readonly string[];
  readonly fromUs: number;
  readonly toUs: number;
}): Figure {
  const longest = gaps.reduce<Gap | undefined>(
    (best, gap) =>
      best === undefined || gap.endUs - gap.startUs > best.endUs - best.startUs ? gap : best,
    undefined,
  );
  const base = {
    type: "scatter",
    mode: "markers",
    x: streams.map(() => timeText(fromUs)),
    y: streams,
    marker: { opacity: 0 },
    hoverinfo: "skip",
  };
  const bars = gaps.slice(0, 2000).map(({ symbol, type, startUs, endUs }) => ({
    type: "scatter",
    mode: "lines+markers",
    x: [timeText(startUs), timeText(endUs)],
    y: [`${symbol} ${type}`, `${symbol} ${type}`],
    line: { color: LIGHT.bad, width: 9 },
    marker: { color: LIGHT.bad, symbol: "line-ns-open", size: 9 },
    hovertemplate: `${((endUs - startUs) / 1e6).toFixed(1)} s from %{x}<extra></extra>`,
  }));
  return figure({
    title:
      longest === undefined
        ? `No gap in any of the ${streams.length} streams`
        : `${gaps.length.toLocaleString("en-US")} gaps; the longest lasts ${duration(longest)} in ${longest.symbol} ${longest.type}`,
    subtitle: "silence longer than the stream's limit, as bars over the time looked at",
    alt: `A timeline with one row a stream; ${gaps.length} gaps are drawn as bars.`,
    n: `${streams.length} streams`,
    height: Math.max(200, 110 + 28 * streams.length),
    data: [base, ...bars],
    layout: {
      xaxis: timeAxis({ range: [timeText(fromUs), timeText(toUs)] }),
      yaxis: axis("", {
        type: "category",
        categoryorder: "array",
        categoryarray: [...streams].reverse(),
      }),
      margin: { l: 20, r: 28, t: 16, b: 52 },
    },
  });
}

function duration({ startUs, endUs }: Gap): string {
  const seconds = (endUs - startUs) / 1e6;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
