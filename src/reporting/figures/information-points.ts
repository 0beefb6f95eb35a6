import { coinColour, MARK_SHAPES } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { plotNumber } from "../downsample.js";
import {
  bySureness,
  hasInterval,
  type Information,
  type PlacedCoefficient,
} from "../features/feature-information.js";
import { axis, type Figure, figure } from "../figure.js";
import { panelAxis, panelLayout, panelsHeight } from "../panels.js";

/** Features that are drawn, and the height of one's panel in pixels. */
const SHOWN = 6;
const PANEL = 140;

/** How far symbols of one horizon are drawn apart, in horizons. */
const APART = 0.16;

/** Information coefficients with their intervals by horizon, of the features that chance explains least. */
export function informationPointsFigure(information: Information): Figure {
  const { symbols, horizons, price, rows, coefficients } = information;
  const sorted = coefficients.filter(hasInterval).sort(bySureness);
  const names = [...new Set(sorted.map(({ feature }) => feature))].slice(0, SHOWN);
  return figure({
    title: titleOf(sorted[0]),
    subtitle: `rank correlation with the return of the ${price} over the next bars, with 95 % intervals for overlapping returns; the ${names.length} features that chance explains least, which were picked on these days, so that their values are too large on average${price === "mid" ? "" : ". BOUNCE-PRONE: closes, no mid"}`,
    alt: `One panel for each of ${names.join(", ")}: points with intervals at horizons of ${horizons.join(", ")} bars around a line at zero, one for each of ${symbols.join(", ")}.`,
    n: `${rows.toLocaleString("en-US")} bars a symbol at most`,
    height: panelsHeight(Math.max(1, names.length), PANEL),
    data: names.flatMap((name, panel) =>
      symbols.map((symbol, k) => ({
        ...trace(
          sorted.filter((one) => one.feature === name && one.symbol === symbol),
          { horizons, symbol, shift: (k - (symbols.length - 1) / 2) * APART },
        ),
        marker: {
          color: coinColour(coinOf(symbol)),
          size: 8,
          symbol: MARK_SHAPES[k % MARK_SHAPES.length],
        },
        showlegend: panel === 0 && symbols.length > 1,
        ...panelAxis(panel),
      })),
    ),
    layout: panelLayout(
      names,
      () => axis("", { zeroline: true, zerolinewidth: 2, rangemode: "tozero", nticks: 5 }),
      axis("horizon (bars)", {
        tickmode: "array",
        tickvals: horizons.map((_, h) => h),
        ticktext: horizons.map(String),
        range: [-0.5, horizons.length - 0.5],
        showgrid: false,
        zeroline: false,
      }),
      { hasLegend: symbols.length > 1 },
    ),
  });
}

function trace(
  points: readonly PlacedCoefficient[],
  {
    horizons,
    symbol,
    shift,
  }: { readonly horizons: readonly number[]; readonly symbol: string; readonly shift: number },
): Figure["data"][number] {
  return {
    type: "scatter",
    mode: "markers",
    name: symbol,
    legendgroup: symbol,
    x: points.map(({ horizonBars }) => horizons.indexOf(horizonBars) + shift),
    y: points.map(({ value }) => plotNumber(value, 4)),
    text: points.map(
      ({ horizonBars, value, low, high }) =>
        `${symbol}, ${horizonBars} bars: ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
    ),
    hovertemplate: "%{text}<extra></extra>",
    error_y: {
      type: "data",
      symmetric: false,
      array: points.map(({ value, high }) => plotNumber(high - value, 4)),
      arrayminus: points.map(({ value, low }) => plotNumber(value - low, 4)),
      color: coinColour(coinOf(symbol)),
      thickness: 1.6,
      width: 3,
    },
  };
}

/** The surest coefficient with its interval. */
function titleOf(surest: PlacedCoefficient | undefined): string {
  if (surest === undefined) return "No feature has enough rows for an interval";
  const { feature, symbol, horizonBars, value, low, high } = surest;
  const bars = horizonBars === 1 ? "1 bar" : `${horizonBars} bars`;
  return `${feature} of ${symbol} is the surest: ${value.toFixed(3)} with the return over ${bars}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}`;
}
