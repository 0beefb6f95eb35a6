import { coinColour, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { plotNumber } from "../downsample.js";
import { axis, type Figure, figure, type Layout, label, type Trace, timeText } from "../figure.js";
import { runMark } from "../runs/run-marks.js";
import type { RunReport } from "../runs/run-report.js";

type Drifting = Pick<RunReport, "acceptance" | "drift" | "run" | "shiftLimit">;

/** Above, how far the last day's inputs lie from training; below, how far confidence lies above what came true. */
export function runDriftFigure(report: Drifting): Figure {
  const { drift, run, shiftLimit } = report;
  const { maxExcess } = run.settings.signal;
  const { symbols } = run.record;
  const title = titleOf(report);
  const times = drift.map(({ barEndUs }) => barEndUs);
  const range =
    times.length < 2 ? {} : { range: [timeText(Math.min(...times)), timeText(Math.max(...times))] };
  return figure({
    title: `${runMark(report)}${title}`,
    subtitle:
      "above: mean stability index of the last day's inputs, beside the most of any training day; below: standard errors by which the last day's confidence lies above what came true; nothing before a day of inputs, or twenty independent statements",
    alt: `Two panels over time, one line a symbol: how far inputs have drifted, and how far confidence is above what came true, each beside its limit. ${title}.`,
    n: `${drift.length.toLocaleString("en-US")} bars`,
    height: 480,
    data: symbols.flatMap((symbol) => [
      line(report, symbol, { name: "shift", of: ({ shift }) => shift }),
      line(report, symbol, { name: "excess", of: ({ excess }) => excess, more: { yaxis: "y2" } }),
    ]),
    layout: {
      showlegend: symbols.length > 1,
      xaxis: axis("time (UTC)", { type: "date", anchor: "y2", nticks: 5, ...range }),
      yaxis: axis("shift of inputs", {
        domain: [0.56, 1],
        ...upTo(
          drift.map(({ shift }) => shift),
          shiftLimit,
        ),
      }),
      yaxis2: axis("excess of confidence", {
        domain: [0, 0.44],
        zeroline: true,
        ...upTo(
          drift.map(({ excess }) => excess),
          maxExcess,
        ),
      }),
      margin: { l: 64, r: 28, t: 28, b: 52 },
      shapes: [limitLine("y", shiftLimit), limitLine("y2", maxExcess)],
      annotations: [limitName("y", shiftLimit), limitName("y2", maxExcess)],
    },
  });
}

function line(
  { drift }: Drifting,
  symbol: string,
  {
    name,
    of,
    more = {},
  }: {
    readonly name: string;
    readonly of: (point: Drifting["drift"][number]) => number;
    readonly more?: Layout;
  },
): Trace {
  const own = drift.filter((point) => point.symbol === symbol);
  return {
    ...{
      type: "scatter",
      mode: "lines",
      name: symbol,
      legendgroup: symbol,
      showlegend: name === "shift",
    },
    x: own.map(({ barEndUs }) => timeText(barEndUs)),
    y: own.map((point) => plotNumber(of(point), 4)),
    line: { color: coinColour(coinOf(symbol)), width: 1.8 },
    hovertemplate: `${symbol}: ${name} %{y}<extra></extra>`,
    ...more,
  };
}

/** From the least that is drawn to the limit, so that it is always to be seen. */
function upTo(values: readonly number[], limit: number): Layout {
  const known = values.filter(Number.isFinite);
  const low = known.reduce((least, value) => Math.min(least, value), 0);
  const high = known.reduce((most, value) => Math.max(most, value), limit);
  return Number.isFinite(high) ? { range: [1.1 * low, 1.15 * high] } : {};
}

function limitLine(yref: string, y: number): Layout {
  const style = { color: LIGHT.bad, dash: "dash", width: 1.5 };
  return { type: "line", xref: "paper", x0: 0, x1: 1, yref, y0: y, y1: y, line: style };
}

function limitName(yref: string, y: number): Layout {
  const font = { size: 11, color: LIGHT.bad };
  return label("abstains above", 0, y, {
    xref: "paper",
    yref,
    xanchor: "left",
    yanchor: "bottom",
    font,
  });
}

function titleOf({ drift, run, shiftLimit }: Drifting): string {
  const share = (of: (point: Drifting["drift"][number]) => number, limit: number): number => {
    const known = drift.map(of).filter(Number.isFinite);
    return known.length === 0
      ? Number.NaN
      : known.filter((value) => value > limit).length / known.length;
  };
  const shifted = share(({ shift }) => shift, shiftLimit);
  const unsure = share(({ excess }) => excess, run.settings.signal.maxExcess);
  if (Number.isNaN(shifted) && Number.isNaN(unsure))
    return "Too few bars to say whether anything drifts";
  const percent = (value: number): string => `${(100 * value).toFixed(0)} % of the bars`;
  const inputs = Number.isNaN(shifted)
    ? "too few bars to say whether inputs drift"
    : shifted === 0
      ? "inputs stay as they were in training"
      : `inputs are others than in training on ${percent(shifted)}`;
  const confidence = Number.isNaN(unsure)
    ? "too few statements to judge its confidence"
    : unsure === 0
      ? "confidence is kept"
      : `confidence is not kept on ${percent(unsure)}`;
  return `${inputs[0]!.toUpperCase()}${inputs.slice(1)}; ${confidence}`;
}
