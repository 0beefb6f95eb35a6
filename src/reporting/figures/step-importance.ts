import { faded, LIGHT, MARK_SHAPES } from "../../core/palette.js";
import type { InputImportance } from "../../evaluation/input-importance.js";
import { plotNumber } from "../downsample.js";
import { intervalText, percentText, ratioInterval } from "../evaluation-marks.js";
import { axis, type Figure, figure, label, type Trace } from "../figure.js";
import { logTicks } from "../log-ticks.js";
import { modelText } from "../model-names.js";
import { rangeText } from "../quantity-text.js";

const DASHES = ["solid", "dash", "dashdot", "dot"] as const;
const COLOURS = [LIGHT.model, LIGHT.bid, LIGHT.ask, LIGHT.attainable] as const;

/** How far back models that read windows look: the share of each bar, the newest one on the right. */
export function stepImportanceFigure(importances: readonly InputImportance[]): Figure {
  const reading = importances.filter(({ steps }) => steps.length > 1);
  const steps = Math.max(1, ...reading.map((one) => one.steps.length));
  const finding = findingOf(reading);
  const even = 100 / steps;
  const windows = reading.length === 0 ? [0] : reading.map((one) => one.windows);
  const shares = [
    even,
    ...reading.flatMap((one) => one.steps.map((share) => 100 * share.estimate)),
  ];
  return figure({
    title: finding,
    subtitle:
      "share of each bar of the window in the size of the slopes of the log-odds by all its inputs, % on a logarithmic scale, bands: 95 % intervals over blocks of time; dotted: if all slopes were equal",
    alt: `A line a model over the bars of the window, from ${steps - 1} bars back to the newest, with bands, beside a dotted line at ${even.toFixed(1)} %. ${finding}.`,
    n: `${rangeText(windows)} test windows`,
    data: reading.flatMap(tracesOf),
    layout: {
      xaxis: axis("bars back from the newest", {
        range: [steps - 0.5, -0.5],
        zeroline: false,
        dtick: Math.max(1, Math.round(steps / 12)),
      }),
      yaxis: axis("share (%)", { type: "log", ...logTicks(shares) }),
      showlegend: true,
      margin: { l: 64, r: 60, t: 36, b: 52 },
      shapes: [
        {
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: even,
          y1: even,
          line: { color: LIGHT.chance, dash: "dot", width: 1.5 },
        },
      ],
      annotations: [
        label("equal", 1, Math.log10(even), {
          xref: "paper",
          xanchor: "left",
          xshift: 4,
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

function tracesOf({ model, steps }: InputImportance, i: number): readonly Trace[] {
  const color = COLOURS[i % COLOURS.length]!;
  // A logarithm has no place for 0: what a model does not read at all is not drawn.
  const read = steps.map((share, back) => ({ ...share, back })).filter((one) => one.estimate > 0);
  const percent = (share: number): number | null => plotNumber(100 * share, 4);
  const x = read.map(({ back }) => back);
  const least = Math.min(...read.map(({ estimate }) => estimate)) / 10;
  const low = read.map(({ lower }) => percent(Math.max(lower, least)));
  const high = read.map(({ upper }) => percent(upper));
  const band = {
    type: "scatter",
    mode: "lines",
    x: [...x, ...[...x].reverse()],
    y: [...high, ...[...low].reverse()],
    fill: "toself",
    fillcolor: faded(color, 0.18),
    line: { width: 0 },
    hoverinfo: "skip",
    showlegend: false,
  };
  return [
    ...(read.length > 1 ? [band] : []),
    {
      type: "scatter",
      mode: "lines+markers",
      name: modelText(model),
      x,
      y: read.map(({ estimate }) => percent(estimate)),
      line: { color, width: 1.8, dash: DASHES[i % DASHES.length] },
      marker: { color, size: 6, symbol: MARK_SHAPES[i % MARK_SHAPES.length] },
      text: read.map((share) => intervalText(share, 2) ?? "no interval"),
      hovertemplate: `${modelText(model)}, %{x} bars back: %{y} %, %{text}<extra></extra>`,
    },
  ];
}

function findingOf(reading: readonly InputImportance[]): string {
  const told = reading.map(
    ({ model, history }) =>
      `${modelText(model)} takes ${percentText(history.estimate)} (${ratioInterval(history)})`,
  );
  return told.length === 0
    ? "No model reads a window"
    : `From bars before the newest ${told.join(", ")} of what moves it`;
}
