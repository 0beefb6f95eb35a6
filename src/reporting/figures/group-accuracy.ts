import { LIGHT } from "../../core/palette.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import type { GroupAccuracy } from "../../evaluation/group-accuracy.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText } from "../evaluation-marks.js";
import {
  axis,
  type Figure,
  figure,
  intervalBars,
  type Layout,
  label,
  type Trace,
} from "../figure.js";

/** What the figure reads of a model's evaluation. */
type Grouped = Pick<
  ModelEvaluation,
  "model" | "rows" | "bySymbol" | "byHour" | "byMonth" | "byRegime"
> & { readonly metrics: Pick<ModelEvaluation["metrics"], "accuracy"> };

interface Panel {
  readonly name: string;
  readonly groups: readonly GroupAccuracy[];
  /** Where it lies across and upright, shares of the figure. */
  readonly across: readonly [number, number];
  readonly upright: readonly [number, number];
}

/** An interval of fewer independent rows than this says nothing: an hour of one day is a single block of time. */
const FEWEST_ROWS = 20;

const TOP = [0.58, 0.94] as const;
const BOTTOM = [0, 0.36] as const;

/** Accuracy by symbol, month, regime and hour, each beside the part's own majority and the accuracy of all rows. */
export function groupAccuracyFigure(evaluation: Grouped): Figure {
  const { model, rows, metrics } = evaluation;
  const panels = panelsOf(evaluation);
  const groups = panels.flatMap((panel) => panel.groups.filter((group) => group.rows > 0));
  const whole = metrics.accuracy.estimate;
  const known = groups.filter(({ accuracy }) => isKnown(accuracy));
  const apart = known.filter(({ accuracy: { lower, upper } }) => whole < lower || whole > upper);
  const finding =
    `In ${apart.length} of ${known.length} parts ${model}'s accuracy differs from the whole's ${(100 * whole).toFixed(1)} % ` +
    "beyond its 95 % interval; one in twenty would by luck";
  const unknown = groups.length - known.length;
  const hollow =
    unknown === 0 ? "" : `; hollow: ${unknown} parts of fewer than ${FEWEST_ROWS} independent rows`;
  return figure({
    title: finding,
    subtitle: `share of rows whose direction was right in each part, %, with 95 % block-bootstrap intervals; dashes: the part's own majority; line: all rows${hollow}`,
    alt: `Four panels of points with intervals, by symbol, month, regime of volatility and hour of the day, around the accuracy of all rows. ${finding}.`,
    n: `${rows.toLocaleString("en-US")} test rows, each in every panel`,
    height: 520,
    data: panels.flatMap(tracesOf),
    layout: {
      ...Object.fromEntries(panels.flatMap(axesOf)),
      shapes: panels.map((_, i) => wholeLine(i, 100 * whole)),
      annotations: panels.map(({ name, across, upright }) =>
        label(name, across[0], upright[1], {
          xref: "paper",
          yref: "paper",
          xanchor: "left",
          yanchor: "bottom",
          yshift: 3,
        }),
      ),
      margin: { l: 56, r: 20, t: 8, b: 52 },
    },
  });
}

function panelsOf({ bySymbol, byMonth, byRegime, byHour }: Grouped): readonly Panel[] {
  const regime = byRegime.reason === undefined ? "by volatility" : "by volatility: unknown";
  return [
    { name: "by symbol", groups: bySymbol, across: [0, 0.3], upright: TOP },
    { name: "by month", groups: byMonth, across: [0.37, 0.63], upright: TOP },
    { name: regime, groups: byRegime.groups, across: [0.7, 1], upright: TOP },
    { name: "by hour of the day (UTC)", groups: byHour, across: [0, 1], upright: BOTTOM },
  ];
}

function tracesOf({ groups: all }: Panel, i: number): readonly Trace[] {
  const groups = all.filter(({ rows }) => rows > 0);
  const place = i === 0 ? {} : { xaxis: `x${i + 1}`, yaxis: `y${i + 1}` };
  const majority = {
    type: "scatter",
    mode: "markers",
    x: groups.map(({ group }) => group),
    y: groups.map(({ majorityRate }) => plotNumber(100 * majorityRate, 2)),
    marker: { symbol: "line-ew", size: 11, line: { color: LIGHT.baseline, width: 2 } },
    hovertemplate: "%{x}: its own majority %{y} %<extra></extra>",
    ...place,
  };
  const known = groups.filter(({ accuracy }) => isKnown(accuracy));
  const others = groups.filter(({ accuracy }) => !isKnown(accuracy));
  const intervals = {
    error_y: intervalBars(
      known.map(({ accuracy }) => accuracy),
      { scale: 100, color: LIGHT.model, thickness: 1.4, width: 3 },
    ),
  };
  return [
    majority,
    {
      ...pointsOf(others),
      marker: { color: LIGHT.chance, symbol: "circle-open", size: 7 },
      ...place,
    },
    { ...pointsOf(known), marker: { color: LIGHT.model, size: 7 }, ...intervals, ...place },
  ];
}

function pointsOf(groups: readonly GroupAccuracy[]): Trace {
  return {
    type: "scatter",
    mode: "markers",
    x: groups.map(({ group }) => group),
    y: groups.map(({ accuracy }) => plotNumber(100 * accuracy.estimate, 2)),
    text: groups.map(
      ({ rows, accuracy }) =>
        `${intervalText(accuracy, 1) ?? "no interval"}, ${rows.toLocaleString("en-US")} rows, ${independentText(accuracy)}`,
    ),
    hovertemplate: "%{x}: right in %{y} %, %{text}<extra></extra>",
  };
}

/** All panels share one scale, so that they can be compared. */
function axesOf({ across, upright }: Panel, i: number): readonly (readonly [string, Layout])[] {
  const of = i === 0 ? "" : String(i + 1);
  const scale = i === 0 ? {} : { matches: "y", showticklabels: across[0] === 0 };
  return [
    [
      `xaxis${of}`,
      axis("", { type: "category", domain: across, anchor: `y${of}`, showgrid: false, nticks: 12 }),
    ],
    [
      `yaxis${of}`,
      axis(across[0] === 0 ? "accuracy (%)" : "", {
        domain: upright,
        anchor: `x${of}`,
        zeroline: false,
        nticks: 5,
        ...scale,
      }),
    ],
  ];
}

function wholeLine(i: number, y: number): Layout {
  const of = i === 0 ? "" : String(i + 1);
  return {
    type: "line",
    xref: `x${of} domain`,
    yref: `y${of}`,
    x0: 0,
    x1: 1,
    y0: y,
    y1: y,
    line: { color: LIGHT.chance, width: 1.2 },
    layer: "below",
  };
}

/** Whether its interval rests on enough. */
function isKnown({ lower, upper, effectiveRows }: GroupAccuracy["accuracy"]): boolean {
  return upper > lower && effectiveRows >= FEWEST_ROWS;
}
