import type { Interval } from "../core/interval.js";
import { LIGHT } from "../core/palette.js";
import { plotNumber } from "./downsample.js";

/** One trace as Plotly takes it. */
export type Trace = Readonly<Record<string, unknown>>;

/** Layout as Plotly takes it. */
export type Layout = Readonly<Record<string, unknown>>;

/** A picture: a Plotly specification, and the words that go with it. */
export interface Figure {
  /** The finding as a sentence. */
  readonly title: string;
  /** What is drawn, and in which unit. */
  readonly subtitle: string;
  /** One sentence that says what is to be seen, for readers who do not see it. */
  readonly alt: string;
  /** How much data it shows, with its noun: "12,960 bars". */
  readonly n: string;
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

/** What a figure is made from. */
export interface FigureParts extends Figure {
  /** Height in pixels; 380 when not given. */
  readonly height?: number;
}

/** An axis title and grid as all figures have them; `more` overrides single settings. */
export function axis(title: string, more: Layout = {}): Layout {
  return {
    title: { text: title, standoff: 8, font: { size: 13, color: LIGHT.muted } },
    gridcolor: LIGHT.line,
    linecolor: LIGHT.line,
    zerolinecolor: LIGHT.chance,
    tickfont: { color: LIGHT.muted, size: 12 },
    automargin: true,
    nticks: 7,
    ...more,
  };
}

/** A time axis; times are given as `timeText` writes them and read in UTC. */
export function timeAxis(more: Layout = {}): Layout {
  return axis("time (UTC)", { type: "date", ...more });
}

/** A time as Plotly reads it in UTC: `yyyy-mm-dd hh:mm:ss.mmm`. */
export function timeText(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString().replace("T", " ").replace("Z", "");
}

/** Text set into the drawing itself, in place of a legend. Coordinates are the axes' unless `more` says otherwise. */
export function label(text: string, x: number | string, y: number, more: Layout = {}): Layout {
  return { text, x, y, showarrow: false, font: { size: 12, color: LIGHT.text }, ...more };
}

/**
 * Intervals as `error_x` or `error_y` of the points they belong to; none where an end is unknown.
 *
 * @param style.scale - what a figure is multiplied with, 100 for percent
 * @param style.thickness - of the bar, pixels
 * @param style.width - of its ends, pixels
 */
export function intervalBars(
  intervals: readonly Interval[],
  {
    scale = 1,
    ...style
  }: {
    readonly scale?: number;
    readonly color: string;
    readonly thickness: number;
    readonly width: number;
  },
): Layout {
  const length = (of: (interval: Interval) => number): (number | null)[] =>
    intervals.map((interval) => plotNumber(scale * of(interval), 3));
  return {
    type: "data",
    symmetric: false,
    array: length(({ estimate, upper }) => upper - estimate),
    arrayminus: length(({ estimate, lower }) => estimate - lower),
    ...style,
  };
}

/** A dotted line across the drawing: what chance gives, or half of all. */
export function dottedLine(y: number, width = 1.5): Layout {
  const line = { color: LIGHT.chance, dash: "dot", width };
  return { type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line };
}

/**
 * Puts the house style around traces: ground, font, grid, margins and hover.
 *
 * Title, subtitle and n are not part of the layout, because the page sets them as text that can be read out, selected and
 * wrapped.
 *
 * @param parts - traces, layout and words; `layout` overrides the style
 */
export function figure({ height = 380, layout, ...parts }: FigureParts): Figure {
  return {
    ...parts,
    layout: {
      height,
      autosize: true,
      margin: { l: 64, r: 28, t: 16, b: 52 },
      paper_bgcolor: LIGHT.ground,
      plot_bgcolor: LIGHT.ground,
      font: { family: "system-ui, sans-serif", size: 13, color: LIGHT.text },
      hoverlabel: { font: { family: "system-ui, sans-serif", size: 13 } },
      showlegend: false,
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { size: 12 } },
      ...layout,
    },
  };
}
