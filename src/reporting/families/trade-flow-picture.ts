// Family trade flow: who crosses the spread.

import { LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { featureColumn } from "../features/feature-frame.js";
import { sideDots } from "../pictures/market-series.js";
import { barBars, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { percent } from "./seen.js";

/** Trades by side, what buyers took more than sellers since the picture began, and each bar's imbalance. */
export function tradeFlowPicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const { frame, minutes, ticks } = look;
  const view = barView(frame, minutes);
  const { trades } = ticks;
  const tfi = view.of("tfi");
  if (trades.timesUs.length === 0 || !view.has("tfi")) return noValues(view, "trade flow", ["tfi"]);
  let delta = 0;
  let bought = 0;
  let known = 0;
  const deltas = trades.amount.map((amount, i) => {
    delta += trades.side[i]! * amount;
    if (trades.side[i]! > 0) bought += amount;
    if (trades.side[i] !== 0) known += amount;
    return delta;
  });
  return {
    title: `${agreement(look, tfi)}; buyers took ${percent(bought / known)} of the amount`,
    what: "trades as dots, area ∝ amount, price; below, amount bought less amount sold since the picture began, and tfi, the same of each minute over what was traded in it, ratio",
    alt: `Trades of ${frame.symbol} as dots by side; below, a line that rises with each buy and falls with each sell, and bars between −1 and 1 for each minute.`,
    n: `${trades.timesUs.length.toLocaleString("en-US")} trades`,
    window: minutes,
    panels: [
      {
        name: "trades",
        axis: "price",
        series: sideDots(
          { ...trades, count: trades.timesUs.length },
          { up: "buy", down: "sell", isSized: true },
        ).filter(({ timesUs }) => timesUs.length > 0),
      },
      {
        name: "cumulative delta",
        axis: "amount",
        hasZero: true,
        series: [
          {
            name: "bought − sold",
            draw: "steps",
            colour: LIGHT.model,
            timesUs: Float64Array.of(minutes.fromUs, ...trades.timesUs, minutes.toUs),
            values: Float64Array.of(0, ...deltas, delta),
          },
        ],
      },
      {
        name: "tfi",
        axis: "ratio",
        range: [-1.05, 1.05],
        hasZero: true,
        series: barBars(view, tfi, [
          { name: "more bought", colour: LIGHT.bid },
          { name: "more sold", colour: LIGHT.ask },
        ]),
      },
    ],
  };
}

/** In how many bars the close moved to the side that took more. */
function agreement({ frame, minutes }: FeatureLook, tfi: Float64Array): string {
  const close = featureColumn(frame, "close");
  let moved = 0;
  let agreed = 0;
  tfi.forEach((flow, i) => {
    const row = minutes.from + i;
    const lean = flow * (close[row]! - (close[row - 1] ?? Number.NaN));
    if (lean === 0 || Number.isNaN(lean)) return;
    moved++;
    if (lean > 0) agreed++;
  });
  return `In ${agreed} of ${moved} minutes in which ${frame.symbol} moved, it moved to the side that took more`;
}
