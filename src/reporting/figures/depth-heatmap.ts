import { LIGHT, SEQUENTIAL } from "../../core/palette.js";
import { quantile } from "../../core/statistics.js";
import type { BookWindow } from "../book-window.js";
import type { DepthGrid } from "../depth-grid.js";
import { extremeRows, largestRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, label, timeAxis, timeText } from "../figure.js";
import { logTicks } from "../log-ticks.js";
import { priceText, quantityText } from "../quantity-text.js";

/** Most trades that are drawn as dots. */
const TRADE_LIMIT = 1000;

/** Resting value by price and time, with the best prices as lines and trades as dots sized by the root of their amount. */
export function depthHeatmapFigure({
  symbol,
  source,
  grid,
  bestBid,
  bestAsk,
  near,
  trades,
}: BookWindow): Figure {
  const prices = Array.from(
    grid.value,
    (_, band) => grid.lowPrice + (band + 0.5) * grid.bandHeight,
  );
  const times = Array.from(grid.timesUs, timeText);
  const valid = bestBid.filter(Number.isFinite).length;
  const drawn = largestRows(trades.amount, TRADE_LIMIT);
  const dots = ([1, -1] as const).map((side) => tradeDots(trades, side, drawn));
  const gaps =
    valid === times.length ? "" : `; white: no valid book in ${times.length - valid} looks`;
  const shown = drawn.length < trades.price.length ? `the ${drawn.length} largest ` : "";
  return figure({
    title: finding(symbol, times, near),
    subtitle: `value resting at each price (bands of ${priceText(grid.bandHeight)}), quote currency, log scale, from ${source}; lines: best ask and bid; ${shown}trades as dots, area ∝ amount: buys as triangles up, sells down${gaps}`,
    alt: `A heatmap of the value resting at each price of ${symbol} over time: bands of depth above and below, between them the best bid and ask as two lines, along which trades lie as triangles.`,
    n: `${valid} book states, ${trades.price.length.toLocaleString("en-US")} trades`,
    height: 520,
    data: [
      {
        type: "heatmap",
        x: times,
        y: plotNumbers(prices),
        z: grid.value.map((row) => Array.from(row, logValue)),
        ...colours(grid),
        hovertemplate: "%{y}: 10<sup>%{z}</sup><br>%{x|%H:%M:%S}<extra></extra>",
      },
      bestLine("ask", times, bestAsk),
      bestLine("bid", times, bestBid),
      ...dots,
    ],
    layout: {
      xaxis: timeAxis({ showgrid: false }),
      yaxis: axis("price (quote currency)", {
        tickformat: ",~f",
        showgrid: false,
        range: [grid.lowPrice, grid.lowPrice + grid.bands * grid.bandHeight],
      }),
      annotations: [endLabel("ask", times, bestAsk), endLabel("bid", times, bestBid)].flat(),
    },
  });
}

/** Two decimals of the logarithm are finer than any eye; nothing and next to nothing are not drawn. */
function logValue(value: number): number | null {
  return value > 0 ? Math.round(100 * Math.log10(value)) / 100 : null;
}

/**
 * Colours from the hundredth to the last thousandth of the values, so that a few far ones do not make all others equal,
 * with a scale written out.
 */
function colours({ value }: DepthGrid): Record<string, unknown> {
  const all = value.flatMap((row) => Array.from(row).filter((one) => one > 0));
  const [low, high] = [0.01, 0.999].map((level) => quantile(all, level)) as [number, number];
  const { tickvals, ticktext } = logTicks([low, high]);
  return {
    colorscale: SEQUENTIAL,
    zmin: Math.log10(low),
    zmax: Math.log10(high) > Math.log10(low) ? Math.log10(high) : Math.log10(low) + 1,
    colorbar: {
      thickness: 12,
      len: 0.7,
      outlinewidth: 0,
      tickvals: tickvals.map(Math.log10),
      ticktext,
      tickfont: { size: 11, color: LIGHT.muted },
      title: { text: "value", font: { size: 11, color: LIGHT.muted } },
    },
  };
}

function bestLine(
  side: "bid" | "ask",
  times: readonly string[],
  prices: Float64Array,
): Figure["data"][number] {
  const rows = extremeRows(prices);
  return {
    type: "scatter",
    mode: "lines",
    name: side,
    x: rows.map((i) => times[i]),
    y: plotNumbers(prices, rows),
    connectgaps: false,
    line: { color: LIGHT[side], width: 1.2, shape: "hvh" },
    hoverinfo: "skip",
  };
}

function endLabel(
  side: "bid" | "ask",
  times: readonly string[],
  prices: Float64Array,
): ReturnType<typeof label>[] {
  const last = Array.from(prices, Number.isFinite).lastIndexOf(true);
  if (last < 0) return [];
  const anchor = { xanchor: "left", yanchor: side === "ask" ? "bottom" : "top" };
  return [
    label(side, times[last]!, prices[last]!, { ...anchor, font: { size: 12, color: LIGHT[side] } }),
  ];
}

function tradeDots(
  trades: BookWindow["trades"],
  side: 1 | -1,
  drawn: readonly number[],
): Figure["data"][number] {
  const rows = drawn.filter((i) => trades.side[i] === side);
  const largest = drawn.reduce((most, i) => Math.max(most, trades.amount[i]!), 0);
  return {
    type: "scatter",
    mode: "markers",
    name: side === 1 ? "buy" : "sell",
    x: rows.map((i) => timeText(trades.localTimestampUs[i]!)),
    y: plotNumbers(trades.price, rows),
    marker: {
      color: side === 1 ? LIGHT.bid : LIGHT.ask,
      symbol: side === 1 ? "triangle-up" : "triangle-down",
      opacity: 0.85,
      size: rows.map(
        (i) => Math.round(10 * (3 + 11 * Math.sqrt(trades.amount[i]! / largest))) / 10,
      ),
      line: { width: 0.5, color: LIGHT.ground },
    },
    hovertemplate: `${side === 1 ? "buy" : "sell"} at %{y}<br>%{x|%H:%M:%S}<extra></extra>`,
  };
}

/** How much rests near the mid, in the middle and at its thinnest. */
function finding(
  symbol: string,
  times: readonly string[],
  { bps, value }: BookWindow["near"],
): string {
  const known = value.filter(Number.isFinite);
  const thinnest = known.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const at = times[value.indexOf(thinnest)]!.slice(11, 19);
  const where =
    bps === null ? "in the levels that the source shows" : `within ${bps} bps of the mid`;
  const least = thinnest === 0 ? "nothing" : quantityText(thinnest);
  return `${symbol}: ${quantityText(quantile(known, 0.5))} rest ${where}, at the thinnest ${least} (${at})`;
}
