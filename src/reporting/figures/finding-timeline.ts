import { CHECK_NAMES, type CheckName } from "../../audit/finding.js";
import { counted } from "../../core/counted.js";
import { LIGHT } from "../../core/palette.js";
import { formatUtc } from "../../core/time.js";
import { CHECK_GROUPS, CHECK_MARKS, GROUP_COLOURS } from "../check-words.js";
import { durationText } from "../duration-text.js";
import { axis, type Figure, figure, label, timeAxis, timeText } from "../figure.js";
import type { FindingTimeline, TroubledSpan } from "../finding-timeline.js";

/** Stretches of one check that are drawn, the longest; each takes three points. */
const MOST_DRAWN = 1600;

/** Height of a stream's row, pixels. */
const ROW = 60;

/** Where the lanes of a row begin below its name, and how far they lie apart, as shares of the row. */
const LANES_FROM = -0.13;
const LANE = 0.14;

/** A stretch that takes less of the drawing is no bar. */
const LEAST_BAR = 0.006;

/** Room that a check takes in the legend, pixels, where there are two beside each other. */
const LEGEND = 9;

/** One row a stream; gaps and all other stretches as bars, each check with a shape and its group's colour and lane. */
export function findingTimelineFigure({ streams, spans, fromUs, toUs }: FindingTimeline): Figure {
  const checks = CHECK_NAMES.filter((name) => spans.some(({ check }) => check === name));
  const gaps = spans.filter(({ check }) => check === "gap");
  const longest = gaps.reduce<TroubledSpan | undefined>(
    (best, gap) => (best === undefined || lengthOf(gap) > lengthOf(best) ? gap : best),
    undefined,
  );
  const base = {
    type: "scatter",
    mode: "markers",
    showlegend: false,
    x: streams.map(() => timeText(fromUs)),
    y: streams.map((_, row) => row),
    marker: { opacity: 0, color: LIGHT.ground },
    hoverinfo: "skip",
  };
  const told = `${counted(spans.length, "stretch", "stretches")} of ${counted(checks.length, "check")}`;
  return figure({
    title: titleOf(gaps.length, longest, streams.length) + others(spans.length - gaps.length),
    subtitle:
      "stretches that the audit found, one row a stream; in each row silence on top, then the book, rows, clocks and the regime; single rows as a mark alone",
    alt: `A timeline with one row a stream: ${spans.length === 0 ? "nothing is drawn, for no check found anything" : `${told}, ${counted(gaps.length, "gap")} among them, as bars and marks`}.`,
    n: `${counted(streams.length, "stream")}, ${told}`,
    height: Math.max(220, 110 + LEGEND * checks.length + ROW * streams.length),
    data: [base, ...checks.map((check) => bars(check, { streams, spans, fromUs, toUs }))],
    layout: {
      showlegend: checks.length > 0,
      xaxis: timeAxis({ range: [timeText(fromUs), timeText(toUs)], nticks: 5 }),
      yaxis: axis("", {
        showticklabels: false,
        showgrid: false,
        range: [streams.length - 0.5, -0.5],
        zeroline: false,
      }),
      shapes: streams.map((_, row) => ({
        type: "line",
        xref: "paper",
        x0: 0,
        x1: 1,
        y0: row - 0.5,
        y1: row - 0.5,
        layer: "below",
        line: { color: LIGHT.line, width: 1 },
      })),
      // Names within the rows leave their whole width to the time, which a phone needs.
      annotations: streams.map((stream, row) =>
        label(stream, 0, row - 0.5, {
          xref: "paper",
          xanchor: "left",
          yanchor: "top",
          font: { size: 11, color: LIGHT.muted },
        }),
      ),
      legend: {
        orientation: "h",
        x: 0,
        y: 1.01,
        yanchor: "bottom",
        font: { size: 10 },
        itemwidth: 30,
      },
      margin: { l: 10, r: 14, t: 16, b: 52 },
    },
  });
}

function titleOf(gaps: number, longest: TroubledSpan | undefined, streams: number): string {
  if (longest === undefined)
    return `No gap in ${streams === 1 ? "the one stream" : `any of the ${streams} streams`}`;
  const { span, stream } = longest;
  const what = gaps === 1 ? "The one gap" : `${gaps.toLocaleString("en-US")} gaps; the longest`;
  return `${what} lasts ${durationText(span[1] - span[0])} (${stream}, ${formatUtc(span[0])})`;
}

function others(count: number): string {
  return count === 0 ? "" : `; ${counted(count, "other stretch", "other stretches")}`;
}

function bars(
  check: CheckName,
  { streams, spans, fromUs, toUs }: FindingTimeline,
): Figure["data"][number] {
  const { group, shape } = CHECK_MARKS[check];
  const lane = LANES_FROM + CHECK_GROUPS.indexOf(group) * LANE;
  const own = spans
    .filter((one) => one.check === check)
    .sort((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, MOST_DRAWN);
  const y = (one: TroubledSpan): number => streams.indexOf(one.stream) + lane;
  // What would be no longer than its mark is the mark alone.
  const points = own.flatMap((one) => {
    const isShort = lengthOf(one) < LEAST_BAR * (toUs - fromUs);
    const ends = isShort ? [one.span[0]] : [one.span[0], one.span[1]];
    return [...ends.map((timeUs) => ({ one, timeUs })), undefined];
  });
  const colour = GROUP_COLOURS[group];
  return {
    type: "scatter",
    mode: "lines+markers",
    name: check,
    x: points.map((point) => (point === undefined ? null : timeText(point.timeUs))),
    y: points.map((point) => (point === undefined ? null : y(point.one))),
    customdata: points.map((point) => (point === undefined ? "" : words(point.one))),
    connectgaps: false,
    line: { color: colour, width: 3 },
    marker: { color: colour, symbol: shape, size: 8, line: { width: 1.5, color: colour } },
    hovertemplate: `${check}<br>%{customdata}<extra></extra>`,
  };
}

function words({ stream, span }: TroubledSpan): string {
  const [startUs, endUs] = span;
  const length = endUs > startUs ? `, ${durationText(endUs - startUs)}` : "";
  return `${stream} ${formatUtc(startUs)}${length}`;
}

function lengthOf({ span }: TroubledSpan): number {
  return span[1] - span[0];
}
