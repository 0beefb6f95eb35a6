import { formatUtc } from "../../core/time.js";
import { axis, type Figure, figure } from "../figure.js";
import type { BookWindow } from "../market-window.js";
import { LIGHT } from "../palette.js";

/** Amounts that rest at each price in the middle of a window, bids below and asks above. */
export function depthLadderFigure({ symbol, ladders }: BookWindow): Figure {
  const ladder = ladders[Math.floor(ladders.length / 2)]!;
  const { timeUs, bidPrice, bidAmount, askPrice, askAmount } = ladder;
  const bids = total(bidAmount);
  const asks = total(askAmount);
  const lean =
    Math.abs(bids - asks) < 0.05 * (bids + asks)
      ? "balanced"
      : bids > asks
        ? "heavier on the bid"
        : "heavier on the ask";
  const spread = askPrice[0]! - bidPrice[0]!;
  const bar = (
    side: "bid" | "ask",
    price: ArrayLike<number>,
    amount: ArrayLike<number>,
  ): Figure["data"][number] => ({
    type: "bar",
    orientation: "h",
    name: side,
    y: Array.from(price),
    x: Array.from(amount),
    marker: { color: LIGHT[side] },
    hovertemplate: "%{x} at %{y}",
  });
  return figure({
    title: `${symbol}: the book is ${lean}, the spread ${Number(spread.toPrecision(4))}`,
    subtitle: `amount at each of the best ${bidPrice.length} and ${askPrice.length} levels, ${formatUtc(timeUs)} UTC`,
    alt: `Horizontal bars of the amount at each price of ${symbol}: bids below the mid in blue, asks above it in orange.`,
    n: `${bidPrice.length + askPrice.length} levels`,
    data: [bar("bid", bidPrice, bidAmount), bar("ask", askPrice, askAmount)],
    layout: {
      xaxis: axis("amount (base currency)", { rangemode: "tozero" }),
      yaxis: axis("price (quote currency)", { tickformat: ",~f" }),
      bargap: 0.15,
      barmode: "overlay",
    },
  });
}

function total(amounts: ArrayLike<number>): number {
  return Array.from(amounts).reduce((sum, amount) => sum + amount, 0);
}
