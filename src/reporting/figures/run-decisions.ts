import { LIGHT } from "../../core/palette.js";
import { HOUR_US } from "../../core/time.js";
import { axis, type Figure, figure, type Trace, timeAxis, timeText } from "../figure.js";
import { runMark } from "../runs/run-marks.js";
import type { RunDecision, RunReport } from "../runs/run-report.js";
import { countedBy } from "../runs/run-tables.js";

/** Columns that are drawn at most. */
const MOST_COLUMNS = 300;

const KINDS = [
  { name: "staked on up", color: LIGHT.bid, is: ({ side }: RunDecision) => side === 1 },
  { name: "staked on down", color: LIGHT.ask, is: ({ side }: RunDecision) => side === -1 },
  { name: "abstained", color: LIGHT.chance, is: ({ side }: RunDecision) => side === 0 },
] as const;

/** Over time, bars on which the run staked on up or down, and on which it kept out. */
export function runDecisionsFigure(
  report: Pick<RunReport, "acceptance" | "decisions" | "run">,
): Figure {
  const { decisions } = report;
  const first = decisions[0]?.barEndUs ?? 0;
  const last = decisions.at(-1)?.barEndUs ?? 0;
  const hours = Math.max(1, Math.ceil((last - first) / HOUR_US / MOST_COLUMNS));
  const binUs = hours * HOUR_US;
  // A bar belongs to the hour in which it ends, and the last of an hour ends with it.
  const binOf = ({ barEndUs }: RunDecision): number => Math.floor((barEndUs - 1) / binUs) * binUs;
  const bins = [...new Set(decisions.map(binOf))].sort((a, b) => a - b);
  const unit = hours === 1 ? "hour" : `${hours} hours`;
  const title = titleOf(decisions);
  return figure({
    title: `${runMark(report)}${title}`,
    subtitle: `bars of all symbols a column of ${hours === 1 ? "an hour" : unit}, by what was decided on them`,
    alt: `Columns over time of bars staked on up, staked on down, and left out. ${title}.`,
    n: `${decisions.length.toLocaleString("en-US")} decisions`,
    data: KINDS.map(({ name, color, is }): Trace => {
      const counts = new Map<number, number>();
      for (const one of decisions) {
        if (is(one)) counts.set(binOf(one), (counts.get(binOf(one)) ?? 0) + 1);
      }
      return {
        ...{ type: "bar", name, marker: { color } },
        x: bins.map((bin) => timeText(bin + binUs / 2)),
        y: bins.map((bin) => counts.get(bin) ?? 0),
        hovertemplate: `%{y} bars ${name}<extra></extra>`,
      };
    }),
    layout: {
      ...{ barmode: "stack", bargap: 0.08, showlegend: true },
      xaxis: timeAxis({ nticks: 6 }),
      yaxis: axis(`bars ${hours === 1 ? "an hour" : `in ${unit}`}`, { rangemode: "tozero" }),
    },
  });
}

function titleOf(decisions: readonly RunDecision[]): string {
  if (decisions.length === 0) return "No bar was decided on yet";
  const staked = decisions.filter(({ side }) => side !== 0).length;
  const share = `${((100 * staked) / decisions.length).toFixed(1)} %`;
  const [cause] = countedBy(
    decisions.filter(({ side }) => side === 0),
    ({ reason }) => reason || "nothing to order",
  );
  const why = cause === undefined ? "" : `; the most frequent reason to keep out is “${cause[0]}”`;
  return `The run stakes on ${share} of its bars${why}`;
}
