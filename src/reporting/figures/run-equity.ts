import { faded, LIGHT } from "../../core/palette.js";
import { extremeRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, type Layout, label, type Trace, timeText } from "../figure.js";
import { runMark } from "../runs/run-marks.js";
import type { RunReport } from "../runs/run-report.js";

type Run = Pick<RunReport, "acceptance" | "equity" | "run">;

/** Equity above, with both floors as lines; its fall from the peak below. */
export function runEquityFigure(report: Run): Figure {
  const { equity, run } = report;
  const times = Float64Array.from(equity, ({ atUs }) => atUs);
  const column = (of: (one: Run["equity"][number]) => number): Float64Array =>
    Float64Array.from(equity, of);
  const value = column(({ equityUsd }) => equityUsd);
  const fall = drawdowns(value);
  const line = (name: string, values: Float64Array, color: string, more: Layout = {}): Trace => {
    const rows = extremeRows(values, 2500);
    const { line: style = {}, ...rest } = more as { readonly line?: Layout };
    return {
      ...{ type: "scatter", mode: "lines", name },
      x: rows.map((i) => timeText(times[i]!)),
      y: plotNumbers(values, rows),
      line: { color, width: 1.8, ...style },
      ...rest,
    };
  };
  const floors = { line: { width: 1.5, dash: "dash", shape: "hv" } };
  return figure({
    title: `${runMark(report)}${titleOf(report)}`,
    subtitle:
      "equity at each bar's end, open positions at the price that closes them, USD; dashed, the day's floor and the account's, below which it ends; below, the fall from the highest equity so far",
    alt: `A curve of the equity of ${run.record.run} above two dashed floors, and its fall from the peak below. ${titleOf(report)}.`,
    n: `${equity.length.toLocaleString("en-US")} bars`,
    height: 480,
    data: [
      line(
        "the day's floor",
        column(({ dailyFloorUsd }) => dailyFloorUsd),
        LIGHT.usable,
        floors,
      ),
      line(
        "the account's floor",
        column(({ maximumFloorUsd }) => maximumFloorUsd),
        LIGHT.bad,
        floors,
      ),
      line("equity", value, LIGHT.model),
      line("drawdown", fall, LIGHT.bad, {
        ...{ yaxis: "y2", fill: "tozeroy", fillcolor: faded(LIGHT.bad, 0.2) },
      }),
    ],
    layout: {
      xaxis: axis("time (UTC)", { type: "date", anchor: "y2", nticks: 5, ...rangeOf(times) }),
      yaxis: axis("equity (USD)", { domain: [0.34, 1], tickformat: ",.0f" }),
      yaxis2: axis("drawdown (USD)", {
        domain: [0, 0.24],
        nticks: 3,
        tickformat: ",.0f",
        ...flatRange(fall),
      }),
      margin: { l: 76, r: 120, t: 16, b: 52 },
      annotations: labelsOf(report),
    },
  });
}

function titleOf({ equity, run }: Run): string {
  const [first, last] = [equity[0], equity.at(-1)];
  if (first === undefined || last === undefined) return "No bar was decided on yet";
  const usd = (value: number): string =>
    value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const room = equity.map(
    (one) => one.equityUsd - Math.max(one.dailyFloorUsd, one.maximumFloorUsd),
  );
  const least = room.reduce((low, one) => Math.min(low, one), Number.POSITIVE_INFINITY);
  const nearest =
    least < 0
      ? `fell ${usd(-least)} USD below a floor`
      : `never came nearer to a floor than ${usd(least)} USD`;
  if (run.record.mode === "dry-run") {
    return `A dry run orders nothing: the account stays at ${usd(last.equityUsd)} USD, ${usd(least)} above its nearest floor`;
  }
  const { initialUsd } = run.settings.rules;
  const change = last.equityUsd - initialUsd;
  return `The account ${change >= 0 ? "gained" : "lost"} ${usd(Math.abs(change))} of ${usd(initialUsd)} USD and ${nearest}`;
}

function drawdowns(values: Float64Array): Float64Array {
  let peak = Number.NEGATIVE_INFINITY;
  return values.map((value) => {
    peak = Math.max(peak, value);
    return value - peak;
  });
}

/** Names at the ends of lines stand in the margin, and would widen an axis without a range. */
function rangeOf(times: Float64Array): Layout {
  return times.length < 2 ? {} : { range: [timeText(times[0]!), timeText(times.at(-1)!)] };
}

/** A line that never leaves 0 would be drawn on an axis around it. */
function flatRange(fall: Float64Array): Layout {
  return fall.some((value) => value < 0) ? {} : { range: [-100, 5] };
}

function labelsOf({ equity }: Run): readonly Layout[] {
  const last = equity.at(-1);
  if (last === undefined) return [];
  const named = (text: string, usd: number, color: string): Layout =>
    label(text, timeText(last.atUs), usd, {
      ...{ xanchor: "left", xshift: 4, font: { size: 11, color } },
    });
  return [
    named("equity", last.equityUsd, LIGHT.model),
    named("the day's floor", last.dailyFloorUsd, LIGHT.muted),
    named("the account's floor", last.maximumFloorUsd, LIGHT.muted),
  ];
}
