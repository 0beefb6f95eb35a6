import { DIVERGING, LIGHT } from "../../core/palette.js";
import { plotNumber } from "../downsample.js";
import { type FeatureCorrelation, SAME_CORRELATION } from "../features/feature-correlation.js";
import { axis, type Figure, figure, type Layout } from "../figure.js";

/** Correlations as a heatmap, columns that move together side by side, those that say the same framed. */
export function correlationFigure({
  names,
  values,
  clusters,
  left,
  rows,
}: FeatureCorrelation): Figure {
  const [first, second, strongest] = strongestPair(values);
  const alike =
    first < 0
      ? "no two of them can be compared"
      : `${names[first]} and ${names[second]} are most alike (correlation ${strongest.toFixed(2)})`;
  const title = `${names.length} features say ${clusters.length} different things; ${alike}`;
  return figure({
    title,
    subtitle: `Pearson correlation ρ of one-minute features within symbols, −1 to 1, each pair over the bars that have both, ordered by average linkage on 1 − |ρ|; framed: |ρ| of ${SAME_CORRELATION} or more on average${left.length === 0 ? "" : `; left out, missing in more than half of the bars or constant: ${left.join(", ")}`}`,
    alt: `A square heatmap of correlations between ${names.length} features with frames around blocks on the diagonal; ${title}.`,
    n: `${rows.toLocaleString("en-US")} bars`,
    height: 170 + 17 * names.length,
    data: [
      {
        type: "heatmap",
        x: names,
        y: names,
        z: values.map((row) => row.map((value) => plotNumber(value, 3))),
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
      xaxis: axis("", {
        tickangle: -60,
        dtick: 1,
        showgrid: false,
        tickfont: { size: 11, color: LIGHT.muted },
      }),
      yaxis: axis("", {
        autorange: "reversed",
        dtick: 1,
        showgrid: false,
        tickfont: { size: 11, color: LIGHT.muted },
      }),
      margin: { l: 20, r: 20, t: 8, b: 20 },
      shapes: frames(clusters),
    },
  });
}

/** A frame around each cluster of two or more; clusters are runs of neighbours. */
function frames(clusters: FeatureCorrelation["clusters"]): readonly Layout[] {
  let at = 0;
  const shapes: Layout[] = [];
  for (const { length } of clusters) {
    const [from, to] = [at - 0.5, at + length - 0.5];
    at += length;
    if (length < 2) continue;
    const line = { color: LIGHT.text, width: 1.5 };
    shapes.push({ type: "rect", x0: from, x1: to, y0: from, y1: to, line });
  }
  return shapes;
}

function strongestPair(values: FeatureCorrelation["values"]): [number, number, number] {
  let best: [number, number, number] = [-1, -1, 0];
  for (const [i, row] of values.entries()) {
    for (let j = i + 1; j < row.length; j++) {
      if (Math.abs(row[j]!) > Math.abs(best[2])) best = [i, j, row[j]!];
    }
  }
  return best;
}
