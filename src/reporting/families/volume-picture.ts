// Family volume: how much is traded against what is usual.

import { LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { mean } from "../../core/statistics.js";
import { featureColumn } from "../features/feature-frame.js";
import type { PicturePanel } from "../pictures/picture.js";
import { threeDigits } from "../quantity-text.js";
import { type BarView, barBars, barLine, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { extremes } from "./seen.js";

/** Bars that make what is usual. */
const BEFORE = 60;

/** Amount of each bar beside the mean of the hour before it, and the log ratio of the two. */
export function volumePicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const view = barView(look.frame, look.hours);
  if (!view.has("volume_ratio_60")) return noValues(view, "volume", ["volume_ratio_60"]);
  const ratio = view.of("volume_ratio_60");
  // The feature is r = ln((V + 0.01·V̄)/(1.01·V̄)), so V/V̄ = 1.01·eʳ − 0.01.
  const [least, most] = extremes(ratio.map((value) => 1.01 * Math.exp(value) - 0.01));
  const volume = view.of("volume");
  return {
    title: `The busiest of these minutes of ${view.symbol} traded ${threeDigits(most)} times the mean of the hour before it, the quietest ${least > 1e-9 ? `${threeDigits(least)} times` : "nothing"}`,
    what: "amount traded in each minute, with the mean of the 60 before it; below, their log ratio, and what else the family tells",
    alt: `Bars of the amount of ${view.symbol} traded each minute with a line at its usual level; below, a line that is above zero in minutes that trade more than usual.`,
    n: `${volume.length} bars`,
    window: look.hours,
    panels: [
      {
        name: "amount",
        axis: "amount",
        hasZero: true,
        series: [
          ...barBars(view, volume, [{ name: "volume", colour: LIGHT.chance }]),
          barLine(view, usual(look), { name: "mean of 60 before", colour: LIGHT.model }),
        ],
      },
      panel(view, "against the usual", "log ratio", "volume_ratio_60"),
      ...(view.has("obv_slope_20")
        ? [panel(view, "which way", "mean volumes a bar", "obv_slope_20")]
        : []),
      ...(view.has("mfi_14") ? [panel(view, "money flow", "ratio", "mfi_14")] : []),
    ],
  };
}

/** Mean amount of the 60 bars before each; NaN where there are fewer. */
function usual({ frame, hours }: FeatureLook): Float64Array {
  const volume = featureColumn(frame, "volume");
  return Float64Array.from({ length: hours.to - hours.from }, (_, i) => {
    const row = hours.from + i;
    return row < BEFORE ? Number.NaN : mean(volume.subarray(row - BEFORE, row));
  });
}

function panel(view: BarView, name: string, axis: string, feature: string): PicturePanel {
  const line = barLine(view, view.of(feature), { name: feature, colour: LIGHT.model });
  return { name, axis, hasZero: true, series: [line] };
}
