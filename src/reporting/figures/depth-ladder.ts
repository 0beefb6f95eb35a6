import { LIGHT } from "../../core/palette.js";
import { formatUtc } from "../../core/time.js";
import type { BookWindow } from "../book-window.js";
import { plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, label } from "../figure.js";
import { type CumulativeDepth, cumulativeDepth, depthWithin, ladderMid } from "../ladder.js";
import { priceText, quantityText } from "../quantity-text.js";

/** Distances from the mid that a picture may reach to, bps; the widest that both sides fill is taken. */
const REACHES: readonly number[] = [1, 2, 5, 10, 20, 50];

/** Value that could be bought or sold up to each distance from the mid, at the middle of a window. */
export function depthLadderFigure({ symbol, source, ladder }: BookWindow): Figure {
  const { bid, ask } = cumulativeDepth(ladder);
  const reach = reachOf(bid, ask);
  const bids = depthWithin(bid, reach);
  const asks = depthWithin(ask, reach);
  const mid = ladderMid(ladder);
  const spreadBps = (1e4 * (ladder.askPrice[0]! - ladder.bidPrice[0]!)) / mid;
  const top = 1.08 * Math.max(bids, asks);
  return figure({
    title: `${symbol}: bids worth ${quantityText(bids)} and asks worth ${quantityText(asks)} within ${reach} bps of the mid, ${leanWords(bids, asks)}`,
    subtitle: `value of all levels up to each distance from the mid ${priceText(mid)}, quote currency, from ${source} at ${formatUtc(ladder.timeUs)} UTC; the spread is ${Number(spreadBps.toPrecision(3))} bps`,
    alt: `Two staircases that rise from the mid outwards: bids to the left in blue up to ${quantityText(bids)}, asks to the right in orange up to ${quantityText(asks)}, ${reach} bps away.`,
    n: `${ladder.bidPrice.length} bid and ${ladder.askPrice.length} ask levels`,
    data: [stairs("bid", bid, reach), stairs("ask", ask, reach)],
    layout: {
      xaxis: axis("distance from the mid (bps)", { range: [-reach, reach], zeroline: true }),
      yaxis: axis("cumulative depth (quote currency)", { range: [0, top], tickformat: "~s" }),
      annotations: [
        label("bids", -reach, bids, {
          xanchor: "left",
          yanchor: "bottom",
          font: { size: 13, color: LIGHT.bid },
        }),
        label("asks", reach, asks, {
          xanchor: "right",
          yanchor: "bottom",
          font: { size: 13, color: LIGHT.ask },
        }),
      ],
    },
  });
}

/** Steps outwards from the mid: at a level's distance the depth rises by its value. */
function stairs(
  side: "bid" | "ask",
  { distanceBps, value }: CumulativeDepth,
  reach: number,
): Figure["data"][number] {
  const sign = side === "bid" ? -1 : 1;
  const rows = Array.from(distanceBps.keys()).filter((i) => distanceBps[i]! <= reach);
  const last = rows.length === 0 ? 0 : value[rows.length - 1]!;
  return {
    type: "scatter",
    mode: "lines",
    name: side,
    x: [0, ...plotNumbers(distanceBps, rows).map((bps) => sign * bps!), sign * reach],
    y: [0, ...plotNumbers(value, rows), last],
    line: { color: LIGHT[side], width: 2, shape: "hv" },
    fill: "tozeroy",
    fillcolor: `${LIGHT[side]}2e`,
    hovertemplate: `${side}: %{y:.4s} within %{x:.2f} bps<extra></extra>`,
  };
}

function reachOf(bid: CumulativeDepth, ask: CumulativeDepth): number {
  const ends = [bid, ask].map(({ distanceBps }) => distanceBps[distanceBps.length - 1] ?? 0);
  const filled = REACHES.filter((reach) => ends.every((end) => end >= reach));
  // A book of few levels: as far as its longer side goes.
  return filled[filled.length - 1] ?? Number(Math.max(...ends).toPrecision(2)) + 0.01;
}

function leanWords(bids: number, asks: number): string {
  if (Math.abs(bids - asks) < 0.05 * (bids + asks)) return "balanced";
  return bids > asks ? "heavier on the bid" : "heavier on the ask";
}
