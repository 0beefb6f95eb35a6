// Family regime: is it a calm or a wild day, as days go?

import { coinColour, LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { coinOf } from "../../core/symbols.js";
import { MINUTE_US } from "../../core/time.js";
import { knownRegimes, REGIMES } from "../features/volatility-regimes.js";
import { barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { percent } from "./seen.js";

/** Volatility over all of the data, in the colour of the regime that each bar is in, and the price. */
export function regimePicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const { frame } = look;
  const [fromUs, toUs] = [frame.barEndUs[0]! - MINUTE_US, frame.barEndUs.at(-1)!];
  const view = barView(frame, { from: 0, to: frame.barEndUs.length, fromUs, toUs });
  const names = REGIMES.map((name) => `vol_regime_${name}`);
  if (!view.has(names[0]!)) return noValues(view, "regimes", names);
  const regime = knownRegimes(frame);
  const known = regime.filter((one) => one >= 0).length;
  const share = (wanted: number): string =>
    percent(regime.filter((one) => one === wanted).length / known);
  const swing = view.of("realized_vol_60").map((value) => (1e4 * value) / Math.sqrt(60));
  return {
    title: `Against the 30 days before it, ${share(0)} of ${frame.symbol}'s time was calm, ${share(1)} usual and ${share(2)} wild, where the regime is known`,
    what: "close, price; below, how far one bar swings (realized_vol_60 / √60), bps, and the regime, which ranks the last 24 hours among those of up to 30 days before",
    alt: `The close of ${frame.symbol} and its volatility over all of the data, with steps below that are at 0 in calm, 1 in usual and 2 in wild times.`,
    n: `${known.toLocaleString("en-US")} bars of a known regime`,
    window: { fromUs, toUs },
    panels: [
      {
        name: "price",
        axis: "price",
        series: [
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
        series: [barLine(view, swing, { name: "realized_vol_60 / √60", colour: LIGHT.model })],
      },
      {
        name: "regime",
        axis: "0, 1 or 2",
        range: [-0.3, 2.3],
        series: [
          barLine(
            view,
            Float64Array.from(regime, (one) => (one < 0 ? Number.NaN : one)),
            { name: "0 vol_regime_low, 1 _normal, 2 _high", colour: LIGHT.text },
          ),
        ],
      },
    ],
  };
}
