// Family volatility: how wide prices swing.

import { coinColour, LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { coinOf } from "../../core/symbols.js";
import type { Series } from "../pictures/picture.js";
import { threeDigits } from "../quantity-text.js";
import { type BarView, barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { extremes } from "./seen.js";

/**
 * Measures of one bar's swing, bps: what makes each comparable with the others. `realized_vol_60` is a root of a sum over
 * 60 bars, the others are means.
 */
const MEASURES = [
  { feature: "realized_vol_60", scale: 1e4 / Math.sqrt(60), note: " / √60", colour: LIGHT.model },
  { feature: "parkinson_vol_20", scale: 1e4, note: "", colour: LIGHT.text },
  { feature: "atr_14_pct", scale: 1e4, note: "", colour: LIGHT.chance },
] as const;

/** The close in its Bollinger band, and three measures of a bar's swing. */
export function volatilityPicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const view = barView(look.frame, look.hours);
  const measures = MEASURES.filter(({ feature }) => view.has(feature));
  const [first] = measures;
  if (first === undefined) {
    return noValues(
      view,
      "volatility",
      MEASURES.map(({ feature }) => feature),
    );
  }
  const swing = ({ feature, scale }: (typeof MEASURES)[number]): Float64Array =>
    view.of(feature).map((value) => scale * value);
  const [calm, wild] = extremes(swing(first));
  const hasBand = view.has("bb_pctb_20") && view.has("bb_width_20");
  const place = view.of("bb_pctb_20");
  const outside = place.filter((value) => value < 0 || value > 1).length;
  return {
    title:
      `A minute of ${view.symbol} swung between ${threeDigits(calm)} and ${threeDigits(wild)} bps` +
      (hasBand ? `; ${outside} of ${place.length} closes lie outside of two deviations` : ""),
    what: `${hasBand ? "close within two deviations around its mean of 20 bars, price; " : "close, price; "}below, how far one bar swings by each measure, bps`,
    alt: `The close of ${view.symbol}${hasBand ? " in a band that widens when prices swing" : ""}; below, measures of volatility that rise and fall together.`,
    n: `${view.endUs.length} bars`,
    window: look.hours,
    panels: [
      {
        name: "price",
        axis: "price",
        series: [
          ...(hasBand ? bollinger(view) : []),
          barLine(view, view.of("close"), {
            name: "close",
            colour: coinColour(coinOf(view.symbol)),
          }),
        ],
      },
      {
        name: "swing of a bar",
        axis: "bps",
        hasZero: true,
        series: measures.map((measure) =>
          barLine(view, swing(measure), {
            name: measure.feature + measure.note,
            colour: measure.colour,
          }),
        ),
      },
    ],
  };
}

/** The band and its middle, from where in it the close stands (p) and how wide it is (w): M = C / (1 + w(p − ½)). */
function bollinger(view: BarView): readonly Series[] {
  const [place, width] = [view.of("bb_pctb_20"), view.of("bb_width_20")];
  const middle = view.of("close").map((close, i) => close / (1 + width[i]! * (place[i]! - 0.5)));
  const edge = (side: 1 | -1): Float64Array =>
    middle.map((value, i) => value * (1 + (side * width[i]!) / 2));
  return [
    {
      name: "mean ± 2 σ",
      draw: "band",
      colour: LIGHT.chance,
      timesUs: view.endUs,
      values: edge(1),
      lower: edge(-1),
    },
    barLine(view, middle, { name: "mean of 20", colour: LIGHT.baseline, isDashed: true }),
  ];
}
