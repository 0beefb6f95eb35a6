// Panels beside each other that share one vertical axis: the same rows, or the same scale, seen several times.

import { LIGHT } from "../core/palette.js";
import { type Layout, label } from "./figure.js";

/** Room between two panels, as a share of the figure. */
const GAP = 0.03;

/**
 * Axes and names of panels beside each other, the first on the left. Traces of panel i carry `columnAxis(i)`.
 *
 * @param names - one a panel, set above it
 * @param xAxis - the horizontal axis of a panel
 * @param yAxis - the one vertical axis, shown left of the first panel
 */
export function columnLayout(
  names: readonly string[],
  xAxis: (panel: number) => Layout,
  yAxis: Layout,
): Layout & { readonly annotations: readonly Layout[] } {
  const width = (1 - GAP * (names.length - 1)) / Math.max(1, names.length);
  const from = (panel: number): number => panel * (width + GAP);
  const axes = names.map((_, panel) => [
    `xaxis${suffix(panel)}`,
    { ...xAxis(panel), domain: [from(panel), Math.min(1, from(panel) + width)] },
  ]);
  return {
    ...Object.fromEntries(axes),
    yaxis: { ...yAxis, anchor: "x" },
    annotations: names.map((name, panel) =>
      label(name, from(panel), 1, {
        xref: "paper",
        yref: "paper",
        xanchor: "left",
        yanchor: "bottom",
        yshift: 4,
        font: { size: 13, color: LIGHT.text },
      }),
    ),
  };
}

/** What puts a trace into a panel. */
export function columnAxis(panel: number): Layout {
  return panel === 0 ? {} : { xaxis: columnName(panel) };
}

/** Reference of a shape or a label to the horizontal axis of a panel, for `xref`. */
export function columnName(panel: number): string {
  return `x${suffix(panel)}`;
}

function suffix(panel: number): string {
  return panel === 0 ? "" : String(panel + 1);
}
