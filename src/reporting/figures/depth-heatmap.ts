import { everyNthRow } from "../downsample.js";
import { axis, type Figure, figure, timeAxis, timeText } from "../figure.js";
import type { BookWindow } from "../market-window.js";
import { LIGHT, SEQUENTIAL } from "../palette.js";

/** Price bands that the heatmap has. */
const BANDS = 60;
const TRADE_LIMIT = 1500;

/** Resting amount by price and time, with trades as dots sized by the root of their amount. */
export function depthHeatmapFigure({ symbol, ladders, trades }: BookWindow): Figure {
  const edges = priceEdges(ladders);
  const step = edges[1]! - edges[0]!;
  const amounts = ladders.map((ladder) => bandAmounts(ladder, edges[0]!, step));
  const bands = edges.slice(0, BANDS).map((edge) => edge + step / 2);
  const z = bands.map((_, band) => amounts.map((column) => rounded(column[band]!)));
  const depth = ladders.map(({ bidAmount, askAmount }) => total(bidAmount) + total(askAmount));
  const swing = Math.max(...depth) / Math.min(...depth);
  const dots = ([1, -1] as const).map((side) => tradeDots(trades, side));
  return figure({
    title: `${symbol}: the depth of the best ${ladders[0]!.bidPrice.length} levels varies by a factor of ${swing.toFixed(1)} within the window`,
    subtitle:
      "amount resting at each price over time, log scale; trades as dots, area ∝ amount: buys as triangles up, sells down",
    alt: `A heatmap of the amount resting at each price of ${symbol} over time: two bands of depth with the empty spread between them, along which trades lie.`,
    n: `${ladders.length} book states, ${trades.price.length.toLocaleString("en-US")} trades`,
    height: 460,
    data: [
      {
        type: "heatmap",
        x: ladders.map(({ timeUs }) => timeText(timeUs)),
        y: bands.map(rounded),
        z: z.map((row) => row.map((amount) => (amount > 0 ? rounded(Math.log10(amount)) : null))),
        colorscale: SEQUENTIAL,
        colorbar: {
          thickness: 12,
          len: 0.7,
          outlinewidth: 0,
          tickprefix: "10<sup>",
          ticksuffix: "</sup>",
          nticks: 4,
          title: { text: "amount", font: { size: 11 } },
        },
        hovertemplate: "%{y}<br>%{x}<extra></extra>",
      },
      ...dots,
    ],
    layout: {
      xaxis: timeAxis({ showgrid: false }),
      yaxis: axis("price (quote currency)", { tickformat: ",~f", showgrid: false }),
    },
  });
}

function tradeDots(trades: BookWindow["trades"], side: 1 | -1): Figure["data"][number] {
  const all = everyNthRow(trades.price.length, TRADE_LIMIT);
  const rows = all.filter((i) => trades.side[i] === side);
  const largest = Math.max(...all.map((i) => trades.amount[i]!), 0);
  return {
    type: "scatter",
    mode: "markers",
    x: rows.map((i) => timeText(trades.localTimestampUs[i]!)),
    y: rows.map((i) => trades.price[i]!),
    marker: {
      color: side === 1 ? LIGHT.bid : LIGHT.ask,
      symbol: side === 1 ? "triangle-up" : "triangle-down",
      opacity: 0.9,
      size: rows.map((i) => rounded(4 + 14 * Math.sqrt(trades.amount[i]! / largest))),
      line: { width: 0.5, color: LIGHT.ground },
    },
    hovertemplate: `${side === 1 ? "buy" : "sell"} at %{y}<br>%{x}<extra></extra>`,
  };
}

/** Equal bands over the prices that the ladders reach, without the farthest hundredth on either side. */
function priceEdges(ladders: BookWindow["ladders"]): number[] {
  const lows = ladders.map(({ bidPrice }) => bidPrice[bidPrice.length - 1]!).sort((a, b) => a - b);
  const highs = ladders.map(({ askPrice }) => askPrice[askPrice.length - 1]!).sort((a, b) => a - b);
  const low = lows[Math.floor(lows.length / 100)]!;
  const high = highs[Math.ceil((99 * (highs.length - 1)) / 100)]!;
  return Array.from({ length: BANDS + 1 }, (_, i) => low + ((high - low) * i) / BANDS);
}

function bandAmounts(
  ladder: BookWindow["ladders"][number],
  low: number,
  step: number,
): Float64Array {
  const sums = new Float64Array(BANDS);
  const sides = [
    [ladder.bidPrice, ladder.bidAmount],
    [ladder.askPrice, ladder.askAmount],
  ] as const;
  for (const [price, amount] of sides) {
    for (let i = 0; i < price.length; i++) {
      const band = Math.min(BANDS - 1, Math.floor((price[i]! - low) / step));
      if (band >= 0 && price[i]! <= low + BANDS * step) sums[band]! += amount[i]!;
    }
  }
  return sums;
}

function total(amounts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < amounts.length; i++) sum += amounts[i]!;
  return sum;
}

function rounded(value: number): number {
  return Number(value.toPrecision(7));
}
