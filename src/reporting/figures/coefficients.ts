import { axis, type Figure, figure } from "../figure.js";
import { LIGHT } from "../palette.js";

/** Weights of the logistic on inputs scaled to deviation 1. */
export interface Coefficients {
  readonly names: readonly string[];
  readonly weights: ArrayLike<number>;
  readonly rows: number;
}

/** Most coefficients that are drawn. */
const SHOWN = 25;

/** The strongest coefficients, longest bar first. */
export function coefficientsFigure({ names, weights, rows }: Coefficients): Figure {
  const order = names
    .map((_, i) => i)
    .sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!))
    .slice(0, SHOWN);
  const strongest = order[0];
  const odds = strongest === undefined ? 1 : Math.exp(Math.abs(weights[strongest]!));
  const reading =
    strongest === undefined
      ? "The model has no inputs"
      : `${names[strongest]} weighs most: one deviation ${weights[strongest]! >= 0 ? "raises" : "lowers"} the odds of up by a factor of ${odds.toFixed(2)}`;
  return figure({
    title: reading,
    subtitle: `change of the log-odds of "up" for one standard deviation of each input, the ${order.length} largest of ${names.length}`,
    alt: `Horizontal bars of the logistic's coefficients around zero. ${reading}.`,
    n: `${rows.toLocaleString("en-US")} training rows`,
    height: 130 + 19 * order.length,
    data: [
      {
        type: "bar",
        orientation: "h",
        x: order.map((i) => Number(weights[i]!.toPrecision(4))),
        y: order.map((i) => names[i]),
        marker: { color: order.map((i) => (weights[i]! >= 0 ? LIGHT.bid : LIGHT.ask)) },
        hovertemplate: "%{y}: %{x}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("log-odds per standard deviation", { zeroline: true, zerolinewidth: 2 }),
      yaxis: axis("", { autorange: "reversed", nticks: order.length, showgrid: false }),
      margin: { l: 20, r: 28, t: 8, b: 52 },
      bargap: 0.3,
    },
  });
}
