import { LIGHT } from "../../core/palette.js";
import { formatUtc } from "../../core/time.js";
import type { DataType, Quotes, Trades } from "../../store/tables.js";
import { extremeRows, largestRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, label, timeAxis, timeText } from "../figure.js";

/** A stretch of one symbol's market: best quotes and trades. */
export interface MarketWindow {
  readonly symbol: string;
  /** Type of data that the quotes were taken from. */
  readonly source: DataType;
  readonly quotes: Quotes;
  readonly trades: Trades;
}

/** Most trades that are drawn as dots. */
const TRADE_LIMIT = 1200;

/** Most points of a line: two for each pixel of a wide screen. */
const LINE_POINTS = 2400;

/** Best bid and ask over time, with trades as dots sized by the root of their amount. */
export function priceAndTradesFigure({ symbol, source, quotes, trades }: MarketWindow): Figure {
  const times = quotes.localTimestampUs;
  const lines = (["bid", "ask"] as const).map((side) => {
    const prices = side === "bid" ? quotes.bidPrice : quotes.askPrice;
    const rows = extremeRows(prices, LINE_POINTS);
    return {
      type: "scatter",
      mode: "lines",
      name: side,
      x: rows.map((i) => timeText(times[i]!)),
      y: plotNumbers(prices, rows),
      line: { color: LIGHT[side], width: 1.2, shape: "hv" },
    };
  });
  const dots = ([1, -1] as const).map((side) => tradeDots(trades, side));
  const last = times.length - 1;
  const shown = Math.min(TRADE_LIMIT, trades.price.length);
  const largest = shown < trades.price.length ? `the ${shown} largest ` : "";
  const seconds = last < 0 ? 0 : (times[last]! - times[0]!) / 1e6;
  return figure({
    title: `${symbol}: ${trades.price.length.toLocaleString("en-US")} trades in ${minutes(seconds)}, ${insideShare(trades, quotes)}`,
    subtitle: `best bid and ask${source === "quotes" ? "" : ` (from ${source})`}, quote currency; ${largest}trades as dots, area ∝ amount${last < 0 ? "" : `; from ${formatUtc(times[0]!)} UTC`}`,
    alt: `Best bid and best ask of ${symbol} as two step lines close together; buys are dots near the ask, sells dots near the bid.`,
    n: `${quotes.bidPrice.length.toLocaleString("en-US")} quotes`,
    height: 420,
    data: [...lines, ...dots],
    layout: {
      xaxis: timeAxis(),
      yaxis: axis("price (quote currency)", { tickformat: ",~f" }),
      annotations:
        last < 0 ? [] : [endLabel("ask", quotes.askPrice), endLabel("bid", quotes.bidPrice)],
    },
  });

  function endLabel(side: "bid" | "ask", prices: Float64Array): ReturnType<typeof label> {
    return label(side, timeText(times[last]!), prices[last]!, {
      xanchor: "left",
      yanchor: side === "ask" ? "bottom" : "top",
      font: { size: 12, color: LIGHT[side] },
    });
  }
}

function tradeDots(trades: Trades, side: 1 | -1): Figure["data"][number] {
  const all = largestRows(trades.amount, TRADE_LIMIT);
  const rows = all.filter((i) => trades.side[i] === side);
  const largest = Math.max(...all.map((i) => trades.amount[i]!), 0);
  const colour = side === 1 ? LIGHT.bid : LIGHT.ask;
  return {
    type: "scatter",
    mode: "markers",
    name: side === 1 ? "buy" : "sell",
    x: rows.map((i) => timeText(trades.localTimestampUs[i]!)),
    y: plotNumbers(trades.price, rows),
    customdata: plotNumbers(trades.amount, rows),
    hovertemplate: "%{y} · amount %{customdata}<br>%{x}",
    marker: {
      color: colour,
      opacity: 0.55,
      size: rows.map(
        (i) => Math.round(20 * (3 + 15 * Math.sqrt(trades.amount[i]! / largest))) / 20,
      ),
      line: { width: 0 },
    },
  };
}

/** Share of trades at or inside the best quotes that stood before them. */
function insideShare(trades: Trades, quotes: Quotes): string {
  let inside = 0;
  let compared = 0;
  let row = -1;
  for (let i = 0; i < trades.price.length; i++) {
    while (
      row + 1 < quotes.localTimestampUs.length &&
      quotes.localTimestampUs[row + 1]! < trades.localTimestampUs[i]!
    ) {
      row++;
    }
    if (row < 0) continue;
    compared++;
    const price = trades.price[i]!;
    if (price >= quotes.bidPrice[row]! && price <= quotes.askPrice[row]!) inside++;
  }
  return compared === 0
    ? "before the first quote"
    : `${((100 * inside) / compared).toFixed(1)} % within the quotes before them`;
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(0)} seconds` : `${(seconds / 60).toFixed(0)} minutes`;
}
