import { axis, type Figure, figure } from "../figure.js";
import { DIVERGING } from "../palette.js";

/** Correlations between named columns; row i, column j. */
export interface CorrelationMatrix {
  readonly names: readonly string[];
  readonly values: readonly (readonly number[])[];
  readonly rows: number;
}

/** Correlations as a heatmap, with columns that move together beside each other. */
export function correlationFigure({ names, values, rows }: CorrelationMatrix): Figure {
  const order = neighbourOrder(values);
  const ordered = order.map((i) => names[i] ?? "");
  const [first, second, strongest] = strongestPair(values);
  const title =
    first < 0
      ? "Too few columns to compare"
      : `${names[first]} and ${names[second]} tell most alike (correlation ${strongest.toFixed(2)})`;
  return figure({
    title,
    subtitle:
      "Pearson correlation of one-minute features, columns that move together side by side; −1 to 1",
    alt: `A square heatmap of correlations between ${names.length} features; ${title}.`,
    n: `${rows.toLocaleString("en-US")} bars`,
    height: 170 + 21 * names.length,
    data: [
      {
        type: "heatmap",
        x: ordered,
        y: ordered,
        z: order.map((i) => order.map((j) => rounded(values[i]?.[j]))),
        zmin: -1,
        zmax: 1,
        colorscale: DIVERGING,
        colorbar: { thickness: 12, len: 0.6, outlinewidth: 0, tickvals: [-1, -0.5, 0, 0.5, 1] },
        hovertemplate: "%{y} · %{x}: %{z}<extra></extra>",
        xgap: 1,
        ygap: 1,
      },
    ],
    layout: {
      xaxis: axis("", { tickangle: -60, dtick: 1, showgrid: false }),
      yaxis: axis("", { autorange: "reversed", dtick: 1, showgrid: false }),
      margin: { l: 20, r: 20, t: 8, b: 20 },
    },
  });
}

/** Starts with the strongest pair and goes on with the column nearest to the last one. */
function neighbourOrder(values: CorrelationMatrix["values"]): number[] {
  const [start] = strongestPair(values);
  const left = new Set(values.keys());
  const order: number[] = [];
  let last = Math.max(0, start);
  while (left.size > 0) {
    left.delete(last);
    order.push(last);
    let next = -1;
    for (const j of left) {
      if (next < 0 || strength(values[last]?.[j]) > strength(values[last]?.[next])) next = j;
    }
    last = next;
  }
  return order.filter((i) => i >= 0);
}

function strongestPair(values: CorrelationMatrix["values"]): [number, number, number] {
  let best: [number, number, number] = [-1, -1, 0];
  for (const [i, row] of values.entries()) {
    for (let j = i + 1; j < row.length; j++) {
      if (strength(row[j]) > Math.abs(best[2])) best = [i, j, row[j]!];
    }
  }
  return best;
}

function strength(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : Math.abs(value);
}

function rounded(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Math.round(1000 * value) / 1000;
}
