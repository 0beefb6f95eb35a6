// Family spread: what crossing the book costs, quoted and paid.

import { LIGHT } from "../../core/palette.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { sideDots } from "../pictures/market-series.js";
import { threeDigits } from "../quantity-text.js";
import { barSteps, barView, noValues } from "./bar-view.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import type { LookTicks } from "./look-ticks.js";
import { percent, shareOf } from "./seen.js";

/** Spread of each book state, twice each trade's distance from the mid before it, and the averages of each bar. */
export function spreadPicture(look: FeatureLook | Shortfall): FamilyPicture | Shortfall {
  if (isShortfall(look)) return look;
  const { frame, minutes, ticks } = look;
  const view = barView(frame, minutes);
  const { states, trades } = ticks;
  if (!view.has("quoted_spread_bps") || states.timesUs.length < 2) {
    return noValues(view, "the spread", ["quoted_spread_bps"]);
  }
  const quoted = states.bidPrice.map(
    (bid, i) => (2e4 * (states.askPrice[i]! - bid)) / (states.askPrice[i]! + bid),
  );
  const paid = effectiveBps(trades);
  return {
    title: titleOf(frame.symbol, { quoted, paid, ticks }),
    what: "spread of each book state as steps, and twice the signed distance of each trade from the mid before it as dots, area ∝ amount, bps; below, the averages of each minute, bps",
    alt: `Steps of the quoted spread of ${frame.symbol} with trades as dots around them; below, two lines of each minute's quoted and effective spread.`,
    n: `${states.timesUs.length.toLocaleString("en-US")} book states, ${trades.timesUs.length.toLocaleString("en-US")} trades`,
    window: minutes,
    panels: [
      {
        name: "spread",
        axis: "bps",
        hasZero: true,
        series: [
          {
            name: "quoted",
            draw: "steps",
            colour: LIGHT.baseline,
            timesUs: states.timesUs,
            values: quoted,
          },
          ...sideDots(
            { ...trades, price: paid, count: paid.length },
            { up: "buy", down: "sell", isSized: true },
          ).filter(({ name, timesUs }) => timesUs.length > 0 && name !== "side unknown"),
        ],
      },
      {
        name: "of each minute",
        axis: "bps",
        hasZero: true,
        series: [
          barSteps(view, view.of("quoted_spread_bps"), {
            name: "quoted_spread_bps",
            colour: LIGHT.baseline,
          }),
          barSteps(view, view.of("effective_spread_bps"), {
            name: "effective_spread_bps",
            colour: LIGHT.model,
          }),
        ],
      },
    ],
  };
}

/** 2e4·D·(p − m)/m of each trade; NaN for an unknown side or without a mid before it. */
function effectiveBps({ side, price, midBefore }: LookTicks["trades"]): Float64Array {
  return price.map((paid, i) =>
    side[i] === 0 ? Number.NaN : (2e4 * side[i]! * (paid - midBefore[i]!)) / midBefore[i]!,
  );
}

/** What was paid on average by amount, against what was quoted on average by time. */
function titleOf(
  symbol: string,
  {
    quoted,
    paid,
    ticks: { states, trades },
  }: { readonly quoted: Float64Array; readonly paid: Float64Array; readonly ticks: LookTicks },
): string {
  const stood = weightedMean(
    quoted.subarray(0, -1),
    (i) => states.timesUs[i + 1]! - states.timesUs[i]!,
  );
  const cost = weightedMean(paid, (i) => trades.amount[i]!);
  if (Number.isNaN(cost))
    return `${symbol} quoted a spread of ${threeDigits(stood)} bps on average, and nobody crossed it`;
  const through = throughBest(paid, quoted, { states, trades });
  return `Trades of ${symbol} paid a spread of ${threeDigits(cost)} bps on average where ${threeDigits(stood)} bps were quoted; ${percent(through)} of them paid more than was quoted just before`;
}

/** Share of trades farther from the mid before them than the best price was. */
function throughBest(
  paid: Float64Array,
  quoted: Float64Array,
  { states, trades }: LookTicks,
): number {
  let row = -1;
  const beyond = paid.map((bps, i) => {
    while (row + 1 < states.timesUs.length && states.timesUs[row + 1]! < trades.timesUs[i]!) row++;
    // Both are rounded; a thousandth of a spread is less than any tick.
    return bps - 1.001 * (quoted[row] ?? Number.NaN);
  });
  return shareOf(beyond, (bps) => bps > 0);
}

function weightedMean(values: Float64Array, weight: (i: number) => number): number {
  let [sum, weights] = [0, 0];
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    sum += value * weight(i);
    weights += weight(i);
  });
  return sum / weights;
}
