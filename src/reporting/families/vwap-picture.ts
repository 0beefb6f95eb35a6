// Family vwap: is the last price dear or cheap against what was paid?

import { coinColour, LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { coinOf } from "../../core/symbols.js";
import { threeDigits } from "../quantity-text.js";
import { barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { extremes, percent, shareOf } from "./seen.js";

/** Deviations from volume-weighted averages, the longest last. */
const AVERAGES = [
  { feature: "vwap_dev_bar", name: "VWAP of the bar", words: "the bar's", colour: LIGHT.chance },
  { feature: "vwap_dev_15", name: "VWAP of 15 bars", words: "15 bars'", colour: LIGHT.model },
  { feature: "vwap_dev_session", name: "VWAP of the day", words: "the day's", colour: LIGHT.text },
] as const;

/** The close beside the VWAP of its bar, of 15 bars and of the day so far, and its distance from each. */
export function vwapPicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const view = barView(look.frame, look.hours);
  const averages = AVERAGES.filter(({ feature }) => view.has(feature));
  const longest = averages.at(-1);
  if (longest === undefined) {
    return noValues(
      view,
      "VWAP",
      AVERAGES.map(({ feature }) => feature),
    );
  }
  const close = view.of("close");
  const deviation = view.of(longest.feature);
  const farthest = Math.max(...extremes(deviation).map(Math.abs));
  return {
    title: `${view.symbol} closed above ${longest.words} VWAP in ${percent(shareOf(deviation, (value) => value > 0))} of these minutes, and never farther from it than ${threeDigits(farthest)} bps`,
    what: "close and volume-weighted average prices of its bar, of 15 bars and since 00:00 UTC; below, how far the close is from each, bps",
    alt: `The close of ${view.symbol} with volume-weighted averages, which are the smoother the longer they are; below, the close's distance from each around zero.`,
    n: `${close.length} bars`,
    window: look.hours,
    panels: [
      {
        name: "price",
        axis: "price",
        series: [
          barLine(view, close, { name: "close", colour: coinColour(coinOf(view.symbol)) }),
          // The feature is 1e4·(C − VWAP)/VWAP, so the VWAP is C/(1 + feature/1e4).
          ...averages.map(({ feature, name, colour }) => {
            const bps = view.of(feature);
            const vwap = close.map((price, i) => price / (1 + bps[i]! / 1e4));
            return barLine(view, vwap, { name, colour });
          }),
        ],
      },
      {
        name: "close against VWAP",
        axis: "bps",
        hasZero: true,
        series: averages.map(({ feature, colour }) =>
          barLine(view, view.of(feature), { name: feature, colour }),
        ),
      },
    ],
  };
}
