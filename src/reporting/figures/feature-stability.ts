import { DIVERGING, LIGHT } from "../../core/palette.js";
import { plotNumber } from "../downsample.js";
import type { FeatureStability } from "../features/feature-stability.js";
import { axis, type Figure, figure } from "../figure.js";

/** The scale ends here, in middle halves. */
const REACH = 1.5;

/** A feature whose medians stay within this counts as steady. */
const STEADY = 0.5;

/** How far the median of each feature of the first symbol lies from its median over all, block by block. */
export function stabilityFigure(stabilities: readonly FeatureStability[]): Figure {
  const { symbol, block, labels, features, rows } = stabilities[0]!;
  const steady = features.filter(({ largest }) => Math.abs(largest) <= STEADY).length;
  const most = features.reduce((a, b) => (Math.abs(b.largest) > Math.abs(a.largest) ? b : a));
  const blockWords = block === "day" ? "day by day" : `in blocks of ${block}`;
  return figure({
    title: `${most.name} of ${symbol} drifts most, by ${Math.abs(most.largest).toFixed(1)} middle halves; ${steady} of ${features.length} features stay within half of one`,
    subtitle: `median of each feature ${blockWords} less its median over all, in units of the middle half of all; the scale ends at ±${REACH}; a slow feature has few independent values in a block and moves by chance alone`,
    alt: `A heatmap with a row for each of ${features.length} features and a column for each of ${labels.length} blocks; strong colours mark blocks in which a feature's median lies far from its usual one, ${most.name} the farthest.`,
    n: `${rows.toLocaleString("en-US")} bars in ${labels.length} blocks`,
    height: 120 + 18 * features.length,
    data: [
      {
        type: "heatmap",
        x: labels,
        y: features.map(({ name }) => name),
        z: features.map(({ shifts }) => shifts.map((value) => plotNumber(value, 3))),
        text: features.map(({ widths }) =>
          widths.map((width) => plotNumber(width, 3)?.toFixed(2) ?? "—"),
        ),
        zmin: -REACH,
        zmax: REACH,
        colorscale: DIVERGING,
        colorbar: {
          thickness: 12,
          len: 0.5,
          outlinewidth: 0,
          tickvals: [-REACH, -1, -STEADY, 0, STEADY, 1, REACH],
          tickfont: { size: 11, color: LIGHT.muted },
        },
        hovertemplate: "%{y}, %{x}<br>median %{z:+.2f}, middle half × %{text}<extra></extra>",
        xgap: 1,
        ygap: 1,
      },
    ],
    layout: {
      xaxis: axis(`${block === "day" ? "day" : "block of 6 hours from"} (UTC)`, {
        type: "category",
        showgrid: false,
        nticks: 14,
      }),
      yaxis: axis("", { autorange: "reversed", dtick: 1, showgrid: false }),
      margin: { l: 20, r: 20, t: 8, b: 40 },
    },
  });
}
