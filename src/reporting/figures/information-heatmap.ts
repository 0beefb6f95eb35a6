import { DIVERGING, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { plotNumber } from "../downsample.js";
import {
  type Information,
  isBeyond,
  type PlacedCoefficient,
} from "../features/feature-information.js";
import { axis, type Figure, figure, type Layout, label } from "../figure.js";

/** Information coefficients of all features at all horizons, symbol beside symbol. */
export function informationFigure(information: Information): Figure {
  const { symbols, features, horizons, coefficients, price, rows } = information;
  const { told, beyond, byChance, holding } = information;
  const width = horizons.length;
  const columns = symbols.flatMap((symbol, s) =>
    horizons.map((horizon, h) => ({ symbol, horizon, s, h })),
  );
  const cells = features.map((_, i) =>
    columns.map(({ s, h }) => coefficients[(s * features.length + i) * width + h]!),
  );
  const reach = scaleEnd(coefficients);
  const bounce = price === "mid" ? "" : " BOUNCE-PRONE: closes, no mid.";
  return figure({
    title: `${beyond} of ${told} intervals leave out zero, where chance alone gives about ${Math.round(byChance)}; ${holding} hold when all are judged together`,
    subtitle: `rank correlation of each feature with the return of the ${price} over the next ${horizons[0]} to ${horizons.at(-1)} bars, symbol beside symbol, prices as ln of their ratio to the last close; • the 95 % interval leaves out zero, ◆ it also holds among all (Holm); the scale ends at ±${reach}.${bounce}`,
    alt: `A heatmap with a row for each of ${features.length} features and a column for each horizon of each symbol; the stronger its colour, the more the feature tells; marks stand where zero is outside of the interval.`,
    n: `${rows.toLocaleString("en-US")} bars a symbol at most`,
    height: 150 + 17 * features.length,
    data: [
      {
        type: "heatmap",
        x: columns.map((_, k) => k),
        y: features,
        z: cells.map((row) => row.map(({ value }) => plotNumber(value, 4))),
        text: cells.map((row) => row.map(markOf)),
        customdata: cells.map((row) => row.map(wordsOf)),
        texttemplate: "%{text}",
        textfont: { size: 10, color: LIGHT.text },
        zmin: -reach,
        zmax: reach,
        colorscale: DIVERGING,
        colorbar: {
          thickness: 12,
          len: 0.5,
          outlinewidth: 0,
          nticks: 5,
          tickfont: { size: 11, color: LIGHT.muted },
        },
        hovertemplate: "%{customdata}<extra></extra>",
        xgap: 1,
        ygap: 1,
      },
    ],
    layout: {
      xaxis: axis("horizon (bars)", {
        tickmode: "array",
        tickvals: columns.map((_, k) => k),
        ticktext: columns.map(({ horizon }) => String(horizon)),
        range: [-0.5, columns.length - 0.5],
        showgrid: false,
        zeroline: false,
      }),
      yaxis: axis("", {
        autorange: "reversed",
        dtick: 1,
        showgrid: false,
        tickfont: { size: 11, color: LIGHT.muted },
      }),
      margin: { l: 20, r: 20, t: 30, b: 52 },
      ...symbolMarks(symbols, width),
    },
  });
}

/** Names above each symbol's columns, and lines between them. */
function symbolMarks(
  symbols: readonly string[],
  width: number,
): Pick<Layout, "annotations" | "shapes"> {
  return {
    annotations: symbols.map((symbol, s) =>
      label(`<b>${coinOf(symbol)}</b>`, (s + 0.5) * width - 0.5, 1, {
        yref: "paper",
        yanchor: "bottom",
      }),
    ),
    shapes: symbols.slice(1).map((_, s) => ({
      type: "line",
      yref: "paper",
      x0: (s + 1) * width - 0.5,
      x1: (s + 1) * width - 0.5,
      y0: 0,
      y1: 1,
      line: { color: LIGHT.text, width: 1.2 },
    })),
  };
}

function markOf(coefficient: PlacedCoefficient): string {
  if (coefficient.holds) return "◆";
  return isBeyond(coefficient) ? "•" : "";
}

function wordsOf({ symbol, feature, horizonBars, value, low, high }: PlacedCoefficient): string {
  const place = `${feature}, ${symbol}, ${horizonBars} bars`;
  if (Number.isNaN(value)) return `${place}: no coefficient`;
  const interval = Number.isNaN(low)
    ? "too few rows for an interval"
    : `${low.toFixed(3)} to ${high.toFixed(3)}`;
  return `${place}<br>${value.toFixed(3)} (${interval})`;
}

/** All but one coefficient in twenty lie within it; a multiple of 0.05, which makes a scale that is easy to read. */
function scaleEnd(coefficients: readonly PlacedCoefficient[]): number {
  const sizes = coefficients.map(({ value }) => Math.abs(value) || 0).sort((a, b) => a - b);
  const usual = sizes[Math.floor(0.95 * (sizes.length - 1))] ?? 0;
  return Math.max(0.05, Math.ceil(20 * usual) / 20);
}
