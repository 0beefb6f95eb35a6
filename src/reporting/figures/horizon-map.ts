import type { HorizonMap, HorizonPoint } from "../../evaluation/horizon-map.js";
import { axis, type Figure, figure, type Layout, label, type Trace } from "../figure.js";
import { horizonText } from "../horizon-text.js";
import { faded, LIGHT } from "../palette.js";

/** What the figure reads of a map. */
type DrawnMap = Pick<HorizonMap, "points"> & { readonly costs: Pick<HorizonMap["costs"], "name"> };

/** By horizon: how often the model is right, and what its calls earn beside what they cost. */
export function horizonMapFigure({ points, costs }: DrawnMap): Figure {
  const finding = findingOf(points, costs.name);
  const x = points.map(({ horizonUs }) => horizonUs / 1e6);
  const rows = points.map((point) => point.rows);
  const hasAttainable = points.some(({ attainable }) => attainable !== undefined);
  return figure({
    title: finding,
    subtitle: `above: share of test rows whose direction was right, %; below: mean return of the called side and what a round trip costs, bps; by horizon on a log scale, with 95 % block-bootstrap intervals${hasAttainable ? "; dashed: what the best filter of public events reaches on this simulated market" : ""}`,
    alt: `Two panels over the horizon: accuracy around a line at 50 %, and the edge in bps beside the cost of a round trip. ${finding}.`,
    n: `${Math.min(...rows).toLocaleString("en-US")} to ${Math.max(...rows).toLocaleString("en-US")} test rows a horizon`,
    height: 560,
    data: [
      ...figures(points, x, "accuracy"),
      ...figures(points, x, "edgeBps"),
      line(
        "cost with fees",
        x,
        points.map(({ costBps }) => costBps),
        LIGHT.bad,
        "solid",
      ),
      line(
        "cost of the spread",
        x,
        points.map((one) => one.spreadCostBps),
        LIGHT.usable,
        "solid",
      ),
      line(
        "size of the move",
        x,
        points.map(({ moveBps }) => moveBps),
        LIGHT.chance,
        "dot",
      ),
    ],
    layout: {
      xaxis: axis("horizon", {
        type: "log",
        anchor: "y2",
        tickmode: "array",
        tickvals: x,
        ticktext: points.map(({ horizonUs }) => horizonText(horizonUs)),
      }),
      yaxis: axis("accuracy (%)", { domain: [0.6, 1], zeroline: false }),
      yaxis2: axis("bps", { domain: [0, 0.5], zeroline: true, ...bpsRange(points) }),
      shapes: [
        {
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: 50,
          y1: 50,
          line: { color: LIGHT.chance, dash: "dot", width: 1.5 },
        },
      ],
      margin: { l: 64, r: 132, t: 16, b: 52 },
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
      error_y: {
        type: "data",
        symmetric: false,
        array: points.map((point) => rounded(scale * (point[name].upper - point[name].estimate))),
        arrayminus: points.map((point) =>
          rounded(scale * (point[name].estimate - point[name].lower)),
        ),
        color: LIGHT.model,
        thickness: 1.6,
        width: 5,
      },
      line: { color: faded(LIGHT.model, 0.5), width: 1.2 },
      marker: { color: LIGHT.model, size: 9 },
      hovertemplate: `${word} %{y}<extra></extra>`,
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
      hovertemplate: `attainable ${word} %{y}<extra></extra>`,
      ...place,
    },
  ];
}

function line(
  name: string,
  x: readonly number[],
  y: readonly number[],
  color: string,
  dash: string,
): Trace {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x,
    y: y.map(rounded),
    line: { color, dash, width: 1.8 },
    hovertemplate: `${name} %{y} bps<extra></extra>`,
    yaxis: "y2",
  };
}

/** Moves grow with the root of time and would press everything else to the floor. */
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

function endLabels(points: readonly HorizonPoint[], x: readonly number[]): readonly Layout[] {
  const last = points.at(-1);
  if (last === undefined) return [];
  const at = (text: string, y: number, color: string): Layout =>
    label(text, Math.log10(x.at(-1)!), y, {
      yref: "y2",
      xanchor: "left",
      xshift: 8,
      font: { size: 12, color },
    });
  return [
    at("cost with fees", last.costBps, LIGHT.bad),
    at("cost of the spread", last.spreadCostBps, LIGHT.usable),
    label("chance", Math.log10(x.at(-1)!), 50, {
      xanchor: "left",
      xshift: 8,
      font: { size: 12, color: LIGHT.muted },
    }),
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
  return `At no horizon does the edge beat ${cost} beyond its interval; ${names(open)} ${open.length === 1 ? "is" : "are"} undecided`;
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(1000 * value) / 1000 : null;
}
