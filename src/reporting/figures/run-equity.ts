import { faded, LIGHT } from "../../core/palette.js";
import { extremeRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, type Layout, label, type Trace, timeText } from "../figure.js";
import { runMark } from "../runs/run-marks.js";
import { type PhaseRows, phaseRows } from "../runs/run-phases.js";
import type { RunReport } from "../runs/run-report.js";

type Run = Pick<RunReport, "acceptance" | "equity" | "events" | "run">;

/** Equity above, with both floors as lines; its fall from the peak below. All of it begins anew with a phase of the rules. */
export function runEquityFigure(report: Run): Figure {
  const { equity, run } = report;
  const times = Float64Array.from(equity, ({ atUs }) => atUs);
  const column = (of: (one: Run["equity"][number]) => number): Float64Array =>
    Float64Array.from(equity, of);
  const value = column(({ equityUsd }) => equityUsd);
  const phases = phaseRows(report);
  const fall = Float64Array.from(
    phases.flatMap(({ from, to }) => [...drawdowns(value.subarray(from, to))]),
  );
  const line = (name: string, values: Float64Array, color: string, more: Layout = {}): Trace => {
    const parts = phases.map(({ from, to }) => {
      const rows = extremeRows(values.subarray(from, to), Math.ceil(2500 / phases.length));
      return rows.map((row) => from + row);
    });
    // A row that does not exist makes a gap between two phases.
    const rows = parts.flatMap((part, i) => (i === 0 ? part : [-1, ...part]));
    const { line: style = {}, ...rest } = more as { readonly line?: Layout };
    return {
      ...{ type: "scatter", mode: "lines", name },
      x: rows.map((row, i) => timeText(times[row] ?? times[rows[i + 1]!]!)),
      y: plotNumbers(values, rows),
      line: { color, width: 1.8, ...style },
      ...rest,
    };
  };
  const floors = { line: { width: 1.5, dash: "dash", shape: "hv" } };
  return figure({
    title: `${runMark(report)}${titleOf(report)}`,
    subtitle:
      "equity at each bar's end, open positions at the price that closes them, USD; dashed, the day's floor and the account's, below which it ends; below, the fall from the highest equity so far" +
      (phases.length > 1 ? "; with each phase of the rules the account begins anew" : ""),
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
      margin: { l: 76, r: 120, t: phases.length > 1 ? 28 : 16, b: 52 },
      annotations: [...labelsOf(report), ...beginLabels(report, phases)],
      shapes: phases.slice(1).map(({ from }) => beginLine(timeText(times[from]!))),
    },
  });
}

function titleOf(report: Run): string {
  const { equity, run } = report;
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
  const phases = phaseRows(report);
  const change = phases.reduce((sum, { to }) => sum + equity[to - 1]!.equityUsd - initialUsd, 0);
  const over = phases.length > 1 ? `Over ${phases.length} phases the account` : "The account";
  return `${over} ${change >= 0 ? "gained" : "lost"} ${usd(Math.abs(change))} of ${usd(initialUsd)} USD and ${nearest}`;
}

/** Where a phase begins. */
function beginLine(at: string): Layout {
  const line = { color: LIGHT.muted, width: 1 };
  return { type: "line", xref: "x", x0: at, x1: at, yref: "paper", y0: 0, y1: 1, line };
}

function beginLabels({ equity }: Run, phases: readonly PhaseRows[]): readonly Layout[] {
  if (phases.length < 2) return [];
  return phases.map(({ phase, from }) => {
    const font = { size: 11, color: LIGHT.muted };
    const place = { yref: "paper", xanchor: "left", xshift: 4, yanchor: "bottom", font };
    return label(phase, timeText(equity[from]!.atUs), 1, place);
  });
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
