import { LIGHT } from "../../core/palette.js";
import type { Gate } from "../../evaluation/gates.js";
import { isBounceProne } from "../evaluation-marks.js";
import { axis, type Figure, figure } from "../figure.js";
import { modelText } from "../model-names.js";
import { verdictShape } from "../verdict.js";

const COLOURS = { pass: LIGHT.good, undecided: LIGHT.undecided, fail: LIGHT.bad } as const;
const SYMBOLS = { pass: "circle", undecided: "diamond", fail: "square" } as const;

/**
 * One row a gate: how far its value, with its interval, is from its limit. Gates measure different things, so each row
 * is scaled to its own size and the limit of all is the line at 0.
 */
export function gatesFigure({
  model,
  gates,
}: {
  readonly model: string;
  readonly gates: readonly Gate[];
}): Figure {
  const passed = gates.filter(({ verdict }) => verdict === "pass").length;
  const names = gates.map(({ name, verdict }) => `${name} ${verdictShape(verdict)}`);
  const rows = gates.map(scaled);
  const first = gates.find(({ verdict }) => verdict !== "pass");
  return figure({
    title: isBounceProne({ gates })
      ? `BOUNCE-PRONE: gates of ${modelText(model)} are not evaluated, since labels are on trade closes`
      : first === undefined
        ? `${modelText(model)} passes all ${gates.length} gates`
        : `${modelText(model)} passes ${passed} of ${gates.length} gates; the first it does not is “${first.name}” (${first.verdict})`,
    subtitle:
      "distance to each gate's limit with its 95 % interval, each row in its own unit; right of the line is passing, ● pass ◆ undecided ■ fail",
    alt: `One row a gate with its value and interval against the limit at zero: ${gates.map(({ name, verdict }) => `${name} ${verdict}`).join(", ")}.`,
    n: `${gates.length} gates`,
    height: 120 + 34 * gates.length,
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: rows.map(({ at }) => at),
        y: names,
        error_x: {
          type: "data",
          symmetric: false,
          array: rows.map(({ above }) => above),
          arrayminus: rows.map(({ below }) => below),
          color: LIGHT.muted,
          thickness: 1.6,
          width: 4,
        },
        marker: {
          color: gates.map(({ verdict }) => COLOURS[verdict]),
          symbol: gates.map(({ verdict }) => SYMBOLS[verdict]),
          size: 12,
        },
        text: gates.map(
          ({ rule, value }) =>
            `${rule}: ${Number.isFinite(value) ? value.toPrecision(4) : "not measured"}`,
        ),
        hovertemplate: "%{text}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("fails  ←  limit  →  passes", {
        range: [-1.15, 1.15],
        showticklabels: false,
        zeroline: true,
        zerolinewidth: 2,
      }),
      yaxis: axis("", { type: "category", autorange: "reversed", dtick: 1 }),
      margin: { l: 20, r: 28, t: 8, b: 40 },
    },
  });
}

/**
 * Margin and interval divided by their own largest distance from the limit, so that all rows fit −1 to 1. The interval
 * is of the value; where a small value is wanted, its lower end lies on the passing side.
 */
function scaled({ name, value, lower, upper, margin }: Gate): {
  readonly at: number | null;
  readonly above: number;
  readonly below: number;
} {
  if (!Number.isFinite(value) || !Number.isFinite(margin)) return { at: null, above: 0, below: 0 };
  const low = Number.isFinite(lower) ? value - lower : 0;
  const high = Number.isFinite(upper) ? upper - value : 0;
  const [below, above] = name.endsWith("error") ? [high, low] : [low, high];
  const size = Math.max(Math.abs(margin - below), Math.abs(margin + above));
  if (size === 0) return { at: 0, above: 0, below: 0 };
  return { at: margin / size, above: above / size, below: below / size };
}
