import { LIGHT } from "../../core/palette.js";
import { type Shortfall, shortfallText } from "../../core/shortfall.js";
import { axis, type Figure, figure, label } from "../figure.js";

/** How much there is of what a step was short of, beside what it needs. */
export function shortfallFigure(missing: Shortfall): Figure {
  const { step, what, has, needs } = missing;
  const share = needs > 0 ? Math.round((100 * has) / needs) : 0;
  return figure({
    title: `There is ${share} % of the data it takes to ${step}`,
    subtitle: `${what}: what there is, and what the step needs (line)`,
    alt: `${shortfallText(missing)} One bar reaches ${share} % of the way to a line.`,
    n: `${has.toLocaleString("en-US")} of ${needs.toLocaleString("en-US")}`,
    height: 150,
    data: [
      {
        type: "bar",
        orientation: "h",
        x: [has],
        y: ["there is"],
        marker: { color: LIGHT.undecided },
        hovertemplate: "%{x}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis(what, { range: [0, 1.12 * Math.max(has, needs)] }),
      yaxis: axis("", { showgrid: false }),
      margin: { l: 20, r: 28, t: 24, b: 52 },
      bargap: 0.5,
      shapes: [
        {
          type: "line",
          x0: needs,
          x1: needs,
          yref: "paper",
          y0: 0,
          y1: 1,
          line: { color: LIGHT.text, width: 2 },
        },
      ],
      annotations: [
        label("needed", needs, 1, { yref: "paper", yanchor: "bottom", font: { size: 11 } }),
      ],
    },
  });
}
