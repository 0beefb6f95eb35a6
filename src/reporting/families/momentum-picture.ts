// Family momentum: where the close stands in its recent range, and whether rises or falls have the upper hand.

import { coinColour, LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { coinOf } from "../../core/symbols.js";
import type { PicturePanel } from "../pictures/picture.js";
import { type BarView, barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { percent, shareOf } from "./seen.js";

/** Bars of the range and of the strength. */
const BARS = 14;

/** Beyond these a close counts as at an end of its range. */
const NEAR_END = 0.2;

/** The close within its range of 14 bars, the stochastic that tells where, and Wilder's relative strength. */
export function momentumPicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const view = barView(look.frame, look.hours);
  if (!view.has("rsi_14") && !view.has("stoch_k_14")) {
    return noValues(view, "momentum", ["rsi_14", "stoch_k_14"]);
  }
  const close = view.of("close");
  const low = rolling(view.of("low"), Math.min);
  const high = rolling(view.of("high"), Math.max);
  const range = view.has("stoch_k_14") ? view.of("stoch_k_14") : undefined;
  return {
    title: [strengthWords(view, close), rangeWords(range)]
      .filter((words) => words !== "")
      .join("; "),
    what: `close within the highest high and lowest low of ${BARS} bars, price; below, features of it, ratios`,
    alt: `The close of ${view.symbol} in a band of its highest and lowest prices; below, lines that are high where the close is near the band's top or has risen, and low where it has fallen.`,
    n: `${close.length} bars`,
    window: look.hours,
    panels: [
      {
        name: "price",
        axis: "price",
        series: [
          {
            name: `range of ${BARS} bars`,
            draw: "band",
            colour: LIGHT.chance,
            timesUs: view.endUs,
            values: high,
            lower: low,
          },
          barLine(view, close, { name: "close", colour: coinColour(coinOf(view.symbol)) }),
        ],
      },
      ...panelOf(view, "place in the range", [
        { name: "stoch_k_14", colour: LIGHT.chance },
        { name: "stoch_d_3", colour: LIGHT.model },
      ]),
      ...panelOf(view, "strength", [{ name: "rsi_14", colour: LIGHT.model }]),
    ],
  };
}

function panelOf(
  view: BarView,
  name: string,
  features: readonly { readonly name: string; readonly colour: string }[],
): readonly PicturePanel[] {
  const known = features.filter((feature) => view.has(feature.name));
  if (known.length === 0) return [];
  const series = known.map((feature) => barLine(view, view.of(feature.name), feature));
  return [{ name, axis: "ratio", hasZero: true, series }];
}

/** How often strength has the sign of the move that it looks back on. */
function strengthWords(view: BarView, close: Float64Array): string {
  if (!view.has("rsi_14")) return "";
  const rsi = view.of("rsi_14");
  const products = rsi.map(
    (value, row) => value * (close[row]! - (close[row - BARS] ?? Number.NaN)),
  );
  const agrees = shareOf(products, (product) => product > 0);
  return `RSI of ${view.symbol} has the sign of the last ${BARS} bars' move in ${percent(agrees)} of these minutes`;
}

function rangeWords(range: Float64Array | undefined): string {
  if (range === undefined) return "";
  const top = shareOf(range, (value) => value > 1 - NEAR_END);
  const bottom = shareOf(range, (value) => value < NEAR_END);
  return `the close is in the top fifth of its range in ${percent(top)}, in the bottom fifth in ${percent(bottom)}`;
}

/** Extreme of each value and the 13 before it; NaN for the first 13. */
function rolling(values: Float64Array, extreme: (...values: number[]) => number): Float64Array {
  return values.map((_, i) =>
    i < BARS - 1 ? Number.NaN : extreme(...values.subarray(i - BARS + 1, i + 1)),
  );
}
