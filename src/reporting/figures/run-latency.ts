import { LIGHT } from "../../core/palette.js";
import { sortedQuantile } from "../../core/statistics.js";
import { plotNumbers } from "../downsample.js";
import { axis, dottedLine, type Figure, figure, label } from "../figure.js";
import { logTicks } from "../log-ticks.js";
import { runMark } from "../runs/run-marks.js";
import type { RunReport } from "../runs/run-report.js";

const LEVELS = 400;

/** Distribution of the time from the event that closed a bar to its decision. */
export function runLatencyFigure(
  report: Pick<RunReport, "acceptance" | "decisions" | "run">,
): Figure {
  const took = Float64Array.from(report.decisions, ({ tookUs }) => tookUs / 1000).sort();
  const levels = Array.from({ length: LEVELS + 1 }, (_, i) => i / LEVELS);
  // The machine's clock tells whole microseconds, and a logarithm wants something.
  const values =
    took.length === 0 ? [] : levels.map((level) => Math.max(1e-3, sortedQuantile(took, level)));
  const at = (level: number): string =>
    milliseconds(took.length === 0 ? Number.NaN : sortedQuantile(took, level));
  const title =
    took.length === 0
      ? "No bar was decided on yet"
      : `Half of the decisions are made within ${at(0.5)} of the event that closed the bar, 99 % within ${at(0.99)}`;
  return figure({
    title: `${runMark(report)}${title}`,
    subtitle:
      "share of decisions that were made within a time, ms of the machine's clock, log scale: features, model, risk; of several symbols that close at once each waits for those before it",
    alt: `A rising curve of the share of decisions over the time that they took. ${title}.`,
    n: `${took.length.toLocaleString("en-US")} decisions`,
    data: [
      {
        ...{ type: "scatter", mode: "lines", name: "decisions" },
        x: plotNumbers(values),
        y: plotNumbers(levels.slice(0, values.length).map((level) => 100 * level)),
        line: { color: LIGHT.model, width: 2, shape: "hv" },
      },
    ],
    layout: {
      xaxis: axis("time to the decision (ms)", { type: "log", ...logTicks(values) }),
      yaxis: axis("share of decisions (%)", { range: [0, 102] }),
      shapes: [dottedLine(50, 1), dottedLine(99, 1)],
      annotations: [named("median", 50), named("99 %", 99)],
    },
  });
}

function named(text: string, y: number): ReturnType<typeof label> {
  const font = { size: 11, color: LIGHT.muted };
  return label(text, 0, y, {
    xref: "paper",
    xanchor: "left",
    yanchor: y > 90 ? "top" : "bottom",
    font,
  });
}

function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3)).toLocaleString("en-US")} ms`;
}
