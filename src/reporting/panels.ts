// Panels below each other that share one time axis: easier to compare than lines in one panel, and as good on a phone.
import { type Layout, label } from "./figure.js";

/** Room for a panel's name above it, as a share of a panel. */
const NAME_ROOM = 0.2;

/**
 * Axes and names of panels below each other, the first on top. Traces of panel i carry `panelAxis(i)`.
 *
 * @param names - one a panel
 * @param yAxis - the vertical axis of a panel
 * @param xAxis - the one horizontal axis, shown below the last panel
 * @param options.hasLegend - leaves room above the first panel
 */
export function panelLayout(
  names: readonly string[],
  yAxis: (panel: number) => Layout,
  xAxis: Layout,
  { hasLegend = false }: { readonly hasLegend?: boolean } = {},
): Layout & { readonly annotations: readonly Layout[] } {
  const of = names.length;
  const domain = (panel: number): readonly [number, number] => [
    1 - (panel + 1) / of,
    1 - (panel + NAME_ROOM) / of,
  ];
  const axes = names.map((_, panel) => [
    `yaxis${suffix(panel)}`,
    { ...yAxis(panel), domain: domain(panel) },
  ]);
  return {
    ...Object.fromEntries(axes),
    showlegend: hasLegend,
    xaxis: { ...xAxis, anchor: `y${suffix(of - 1)}` },
    annotations: names.map((name, panel) =>
      label(name, 0, domain(panel)[1], {
        xref: "paper",
        yref: "paper",
        xanchor: "left",
        yanchor: "bottom",
        yshift: 1,
      }),
    ),
    legend: { orientation: "h", y: 1, yanchor: "bottom", x: 0, font: { size: 12 } },
    margin: { l: 64, r: 28, t: hasLegend ? 36 : 4, b: 52 },
  };
}

/** What puts a trace into a panel. */
export function panelAxis(panel: number): Layout {
  return panel === 0 ? {} : { yaxis: `y${suffix(panel)}` };
}

/** Reference of a shape to the height of a panel, for `yref`. */
export function panelHeight(panel: number): string {
  return `y${suffix(panel)} domain`;
}

/** Height in pixels of a figure with panels. */
export function panelsHeight(panels: number, panel: number): number {
  return 100 + panel * panels;
}

function suffix(panel: number): string {
  return panel === 0 ? "" : String(panel + 1);
}
