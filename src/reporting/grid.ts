// Small panels in rows and columns, all on one scale: the same picture for many, to be compared at a glance.
import { type Layout, label } from "./figure.js";

/** Room between columns, and between rows for a panel's name, as shares of the figure. */
const GAP = { across: 0.04, upright: 0.15 } as const;

/** A panel's place, counted from the top left. */
export interface GridPlace {
  readonly column: number;
  readonly row: number;
}

/** How many panels there are, and their axes; titles and ticks are shown at the left and below alone. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly xAxis: Layout;
  readonly yAxis: Layout;
}

/**
 * Axes and names of panels in a grid. Traces of panel i carry `gridAxes(i)`.
 *
 * @param places - of each panel
 * @param names - of each panel, set above it
 */
export function gridLayout(
  places: readonly GridPlace[],
  names: readonly string[],
  { columns, rows, xAxis, yAxis }: Grid,
): Layout & { readonly annotations: readonly Layout[] } {
  const width = (1 - GAP.across * (columns - 1)) / columns;
  const height = (1 - GAP.upright * rows) / rows;
  const axes = places.flatMap(({ column, row }, i) => {
    const from = column * (width + GAP.across);
    const top = 1 - row * (height + GAP.upright) - GAP.upright / 2;
    const hidden = { title: "", showticklabels: false };
    return [
      [
        `xaxis${suffix(i)}`,
        {
          ...xAxis,
          ...(row === rows - 1 ? {} : hidden),
          domain: [from, Math.min(1, from + width)],
          anchor: `y${suffix(i)}`,
        },
      ],
      [
        `yaxis${suffix(i)}`,
        {
          ...yAxis,
          ...(column === 0 ? {} : hidden),
          domain: [Math.max(0, top - height), top],
          anchor: `x${suffix(i)}`,
        },
      ],
    ];
  });
  return {
    ...Object.fromEntries(axes),
    annotations: names.map((name, i) =>
      label(name, 0, 1, {
        xref: `x${suffix(i)} domain`,
        yref: `y${suffix(i)} domain`,
        xanchor: "left",
        yanchor: "bottom",
        yshift: 3,
      }),
    ),
  };
}

/** What puts a trace into a panel. */
export function gridAxes(panel: number): Layout {
  return panel === 0 ? {} : { xaxis: `x${suffix(panel)}`, yaxis: `y${suffix(panel)}` };
}

function suffix(panel: number): string {
  return panel === 0 ? "" : String(panel + 1);
}
