import type { Bootstrapped } from "../../core/block-bootstrap.js";
import { faded, LIGHT } from "../../core/palette.js";
import type { HorizonMap, HorizonPoint } from "../../evaluation/horizon-map.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText, markOf, NO_INTERVAL } from "../evaluation-marks.js";
import {
  axis,
  dottedLine,
  type Figure,
  figure,
  intervalBars,
  type Layout,
  label,
  type Trace,
} from "../figure.js";
import { horizonText } from "../horizon-text.js";
import { TEST_MAJORITY } from "../model-names.js";
import { rangeText } from "../quantity-text.js";
import { untoldText } from "../untold-truth.js";

/** What the figure reads of a map. */
type DrawnMap = Pick<HorizonMap, "points" | "labelKind"> & {
  readonly costs: Pick<HorizonMap["costs"], "name" | "defaultFundingRate">;
};

/** By horizon: how often the model is right, and what its calls earn beside what they cost. */
export function horizonMapFigure({ points, costs, labelKind }: DrawnMap): Figure {
  const finding = `${markOf({ isVoid: false, labelKind })}${findingOf(points, costs.name)}`;
  const x = points.map(({ horizonUs }) => horizonUs / 1e6);
  const hasAttainable = points.some(({ attainable }) => attainable !== undefined);
  return figure({
    title: finding,
    subtitle: `above: share of test rows whose direction was right, %, beside the majority of the test; below: mean return of the called side, the edge, and what a round trip costs${costs.defaultFundingRate === undefined ? "" : " with its expected funding"}, bps; by horizon on a log scale, with 95 % block-bootstrap intervals of each by itself; whether it pays is judged over all horizons together (Holm)${hasAttainable ? "; dashed: what the best filter of public events reaches on this simulated market" : ""}${untoldText(points)}`,
    alt: `Two panels over the horizon: accuracy beside the majority and a line at 50 %, and the edge in bps beside the cost of a round trip. ${finding}.`,
    n: rowsText(points),
    height: 560,
    data: [
      majorityTrace(points, x),
      ...figures(points, x, "accuracy"),
      ...figures(points, x, "edgeBps"),
      costTrace(
        "cost with fees",
        x,
        LIGHT.bad,
        points.map(({ costBps }) => costBps),
      ),
      costTrace(
        "cost of the spread",
        x,
        LIGHT.usable,
        points.map((one) => one.spreadCostBps),
      ),
    ],
    layout: {
      xaxis: axis("horizon", {
        type: "log",
        anchor: "y2",
        tickmode: "array",
        tickvals: x,
        ticktext: points.map(({ horizonUs }) => horizonText(horizonUs)),
        ...(points.length < 2
          ? {}
          : { range: [Math.log10(x[0]!) - 0.1, Math.log10(x.at(-1)!) + 0.1] }),
      }),
      yaxis: axis("accuracy (%)", { domain: [0.6, 1], zeroline: false }),
      yaxis2: axis("bps", { domain: [0, 0.5], zeroline: true, ...bpsRange(points) }),
      shapes: [dottedLine(50)],
      margin: { l: 56, r: 92, t: 16, b: 52 },
      annotations: endLabels(points, x),
    },
  });
}

/** Points with their intervals, and what is attainable as a dashed line. */
function figures(
  points: readonly HorizonPoint[],
  x: readonly number[],
  name: "accuracy" | "edgeBps",
): readonly Trace[] {
  const scale = name === "accuracy" ? 100 : 1;
  const place = name === "accuracy" ? {} : { yaxis: "y2" };
  const unit = name === "accuracy" ? " %" : " bps";
  const word = name === "accuracy" ? "accuracy" : "edge";
  const attainable = points.map((point) => {
    const value = point.attainable?.[name];
    return value === undefined ? null : rounded(scale * value);
  });
  return [
    {
      type: "scatter",
      mode: "lines+markers",
      name: word,
      x,
      y: points.map((point) => rounded(scale * point[name].estimate)),
      error_y: intervalBars(
        points.map((point) => point[name]),
        { scale, color: LIGHT.model, thickness: 1.6, width: 5 },
      ),
      line: { color: faded(LIGHT.model, 0.5), width: 1.2 },
      marker: { color: LIGHT.model, size: 9 },
      text: points.map((point) => intervalWords(point[name], name)),
      hovertemplate: `${word} %{y}${unit}, %{text}<extra></extra>`,
      ...place,
    },
    {
      type: "scatter",
      mode: "lines",
      name: `attainable ${word}`,
      x,
      y: attainable,
      connectgaps: true,
      line: { color: LIGHT.attainable, dash: "dash", width: 1.8 },
      hovertemplate: `attainable ${word} %{y}${unit}<extra></extra>`,
      ...place,
    },
  ];
}

function majorityTrace(points: readonly HorizonPoint[], x: readonly number[]): Trace {
  return {
    type: "scatter",
    mode: "lines",
    x,
    y: points.map(({ majorityRate }) => rounded(100 * majorityRate)),
    line: { color: LIGHT.baseline, width: 1.8 },
    hovertemplate: `${TEST_MAJORITY} %{y} %<extra></extra>`,
  };
}

function costTrace(name: string, x: readonly number[], color: string, y: readonly number[]): Trace {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x,
    y: y.map(rounded),
    line: { color, width: 1.8 },
    hovertemplate: `${name} %{y} bps<extra></extra>`,
    yaxis: "y2",
  };
}

function rowsText(points: readonly HorizonPoint[]): string {
  if (points.length === 0) return "0 horizons";
  return `${rangeText(points.map(({ rows }) => rows))} test rows at each of ${points.length} horizons`;
}

/** All that is drawn, with a little room. */
function bpsRange(points: readonly HorizonPoint[]): Layout {
  const shown = points.flatMap(({ edgeBps, costBps, attainable }) =>
    [edgeBps.estimate, edgeBps.lower, edgeBps.upper, costBps, attainable?.edgeBps ?? 0].filter(
      Number.isFinite,
    ),
  );
  const [low, high] = [Math.min(0, ...shown), Math.max(1, ...shown)];
  const edge = 0.12 * (high - low);
  return { range: [low - edge, high + edge] };
}

/** Names at the ends of lines; of two that end close together the upper one stands higher. */
function endLabels(points: readonly HorizonPoint[], x: readonly number[]): readonly Layout[] {
  const last = points.at(-1);
  if (last === undefined) return [];
  const at = (
    ends: readonly { text: string; y: number; color: string }[],
    yref: string,
  ): Layout[] =>
    ends
      .filter(({ y }) => Number.isFinite(y))
      .sort((a, b) => b.y - a.y)
      .map(({ text, y, color }, i, all) =>
        label(text, Math.log10(x.at(-1)!), y, {
          yref,
          xanchor: "left",
          xshift: 8,
          yshift: (all.length === 2 ? 14 : 7) * ((all.length - 1) / 2 - i),
          font: { size: 11, color },
        }),
      );
  return [
    ...at(
      [
        { text: "accuracy", y: 100 * last.accuracy.estimate, color: LIGHT.model },
        { text: "test majority", y: 100 * last.majorityRate, color: LIGHT.baseline },
      ],
      "y",
    ),
    ...at(
      [
        { text: "edge", y: last.edgeBps.estimate, color: LIGHT.model },
        { text: "cost with fees", y: last.costBps, color: LIGHT.bad },
        { text: "cost of spread", y: last.spreadCostBps, color: LIGHT.usable },
      ],
      "y2",
    ),
  ];
}

function findingOf(points: readonly HorizonPoint[], preset: string): string {
  const paying = points.filter(({ pays }) => pays === "yes");
  const open = points.filter(({ pays }) => pays === "undecided");
  const names = (some: readonly HorizonPoint[]): string =>
    some.map(({ horizonUs }) => horizonText(horizonUs)).join(", ");
  const cost = `what a round trip costs (${preset})`;
  if (points.length === 0) return "No horizon has enough data";
  if (paying.length > 0) return `The edge beats ${cost} at ${names(paying)}`;
  if (open.length === 0) return `At no horizon does the edge beat ${cost}`;
  return `At no horizon does the edge beat ${cost} beyond doubt; ${names(open)} ${open.length === 1 ? "is" : "are"} undecided`;
}

function intervalWords(figure: Bootstrapped, name: "accuracy" | "edgeBps"): string {
  const interval = name === "accuracy" ? intervalText(figure, 1) : intervalText(figure, 2, 1);
  return interval === null ? NO_INTERVAL : `${interval}, ${independentText(figure)}`;
}

function rounded(value: number): number | null {
  return plotNumber(value, 3);
}
