// Family trend: where the close stands against its own averages.

import { coinColour, LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { coinOf } from "../../core/symbols.js";
import type { PicturePanel } from "../pictures/picture.js";
import { type BarView, barBars, barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { percent, shareOf, signChanges, times } from "./seen.js";

const AVERAGES = [
  { feature: "ema_ratio_12", name: "EMA 12", colour: LIGHT.model },
  { feature: "ema_ratio_26", name: "EMA 26", colour: LIGHT.text },
  { feature: "sma_ratio_50", name: "SMA 50", colour: LIGHT.chance },
] as const;

/** The close with its moving averages, as the features tell them, and the MACD below. */
export function trendPicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const view = barView(look.frame, look.hours);
  const averages = AVERAGES.filter(({ feature }) => view.has(feature));
  if (averages.length === 0) {
    return noValues(
      view,
      "trend",
      AVERAGES.map(({ feature }) => feature),
    );
  }
  const close = view.of("close");
  // The feature is C/average − 1, so the average is C/(1 + feature).
  const average = (feature: string): Float64Array => {
    const ratio = view.of(feature);
    return close.map((price, i) => price / (1 + ratio[i]!));
  };
  const [fast, slow] = [average("ema_ratio_12"), average("ema_ratio_26")];
  const apart = fast.map((value, i) => value - slow[i]!);
  const above = shareOf(apart, (value) => value > 0);
  const title = Number.isNaN(above)
    ? `${view.symbol} closed above its ${averages[0]!.name} in ${percent(shareOf(view.of(averages[0]!.feature), (value) => value > 0))} of these minutes`
    : `EMA 12 of ${view.symbol} crossed EMA 26 ${times(signChanges(apart))} and stood above it in ${percent(above)} of these minutes`;
  return {
    title,
    what: "close and its moving averages over 12, 26 and 50 bars, price; below what the features say of them, bps of the close",
    alt: `The close of ${view.symbol} with moving averages that follow it, the longer the later; below, distances between them that change sign where lines cross.`,
    n: `${close.length} bars`,
    window: look.hours,
    panels: [
      {
        name: "price",
        axis: "price",
        series: [
          barLine(view, close, { name: "close", colour: coinColour(coinOf(view.symbol)) }),
          ...averages.map(({ feature, name, colour }) =>
            barLine(view, average(feature), { name, colour }),
          ),
        ],
      },
      view.has("macd") ? macdPanel(view) : ratioPanel(view, averages),
    ],
  };
}

function macdPanel(view: BarView): PicturePanel {
  const bps = (name: string): Float64Array => view.of(name).map((value) => 1e4 * value);
  return {
    name: "MACD",
    axis: "bps",
    hasZero: true,
    series: [
      ...barBars(view, bps("macd_hist"), [{ name: "macd_hist", colour: LIGHT.chance }]),
      barLine(view, bps("macd"), { name: "macd", colour: LIGHT.model }),
      barLine(view, bps("macd_signal"), {
        name: "macd_signal",
        colour: LIGHT.text,
        isDashed: true,
      }),
    ],
  };
}

function ratioPanel(view: BarView, averages: readonly (typeof AVERAGES)[number][]): PicturePanel {
  return {
    name: "close over average",
    axis: "bps",
    hasZero: true,
    series: averages.map(({ feature, colour }) =>
      barLine(
        view,
        view.of(feature).map((value) => 1e4 * value),
        { name: feature, colour },
      ),
    ),
  };
}
