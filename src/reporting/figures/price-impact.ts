import { LIGHT } from "../../core/palette.js";
import { everyNthRow, plotNumbers } from "../downsample.js";
import type { ImpactPicture } from "../families/impact-picture.js";
import { axis, type Figure, figure } from "../figure.js";

/** Moves of the price against what was traded, with the line whose slope is the impact. */
export function priceImpactFigure(picture: ImpactPicture): Figure {
  const { title, what, alt, n, notional, moveBps, slope, intercept, axes } = picture;
  const rows = everyNthRow(notional.length);
  const ends = [Math.min(0, ...notional), Math.max(0, ...notional)];
  return figure({
    title,
    subtitle: what,
    alt,
    n,
    height: 400,
    data: [
      {
        type: "scatter",
        mode: "markers",
        name: "moves",
        x: plotNumbers(notional, rows),
        y: plotNumbers(moveBps, rows),
        marker: { color: LIGHT.model, size: 8, opacity: 0.6 },
        hovertemplate: "%{y:.3~g} bps for %{x:.3~s}<extra></extra>",
      },
      {
        type: "scatter",
        mode: "lines",
        name: "impact",
        x: plotNumbers(ends),
        y: plotNumbers(ends.map((x) => intercept + slope * x)),
        line: { color: LIGHT.text, width: 2 },
        hoverinfo: "skip",
      },
    ],
    layout: {
      xaxis: axis(axes[0], { tickformat: "~s", zeroline: true }),
      yaxis: axis(axes[1], { zeroline: true }),
    },
  });
}
