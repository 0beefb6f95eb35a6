import { LIGHT } from "../../core/palette.js";
import { axis, type Figure, figure } from "../figure.js";

/** A trained model, as far as its line goes; other kinds of model have none. */
export interface TrainedLine {
  readonly folds: readonly {
    readonly predictor: {
      readonly featureNames: readonly string[];
      readonly model: { readonly kind: string; readonly weights?: Float64Array };
    };
    readonly counts: { readonly train: number };
  }[];
}

/** Most coefficients that are drawn. */
const SHOWN = 25;

/** The strongest coefficients of the last fold's line, longest bar first. Inputs are scaled to deviation 1. */
export function coefficientsFigure({ folds }: TrainedLine): Figure {
  const last = folds[folds.length - 1];
  const names = last?.predictor.featureNames ?? [];
  const weights = last?.predictor.model.weights ?? new Float64Array(names.length);
  const rows = last?.counts.train ?? 0;
  const order = names
    .map((_, i) => i)
    .sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!))
    .slice(0, SHOWN);
  const strongest = order[0];
  const odds = strongest === undefined ? 1 : Math.exp(Math.abs(weights[strongest]!));
  const reading =
    strongest === undefined
      ? "The model has no inputs"
      : `${names[strongest]} weighs most: one deviation ${weights[strongest]! >= 0 ? "raises" : "lowers"} the odds of up by a factor of ${odds.toFixed(odds < 1.01 ? 5 : 2)}`;
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
      xaxis: axis("log-odds per standard deviation", {
        zeroline: true,
        zerolinewidth: 2,
        exponentformat: "power",
      }),
      yaxis: axis("", { autorange: "reversed", dtick: 1, showgrid: false }),
      margin: { l: 20, r: 28, t: 8, b: 52 },
      bargap: 0.3,
    },
  });
}
