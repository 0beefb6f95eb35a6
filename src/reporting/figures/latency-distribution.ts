import { coinColour, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { plotNumbers } from "../downsample.js";
import { axis, dottedLine, type Figure, figure, label } from "../figure.js";
import { logTicks } from "../log-ticks.js";

/** Delay from the exchange's clock to ours for one symbol: its value in ms at each level of its distribution. */
export interface DelayQuantiles {
  readonly symbol: string;
  readonly levels: readonly number[];
  readonly delayMs: readonly number[];
  readonly rows: number;
}

/**
 * Empirical distribution of arrival delays. A negative delay means that our clock was behind the exchange's. With one, or
 * with none at all, the axis is linear, because there is no logarithm of it.
 */
export function latencyFigure(delays: readonly DelayQuantiles[]): Figure {
  const all = delays.flatMap(({ delayMs }) => delayMs);
  const earlyShare = Math.max(0, ...delays.map(shareBelowZero));
  const isNegative = earlyShare > 0;
  const isLinear = all.some((value) => value <= 0);
  const cut = isLinear ? axisCut(delays) : undefined;
  const medians = delays.map(({ levels, delayMs }) => delayMs[nearest(levels, 0.5)] ?? Number.NaN);
  const low = Math.min(...medians);
  const high = Math.max(...medians);
  const [least, most] = [milliseconds(low), milliseconds(high)];
  const range = least === most ? least : `${least} to ${most}`;
  return figure({
    title: isNegative
      ? earlyShare < 0.5
        ? `Half of the messages arrive within ${range}; up to ${(100 * earlyShare).toFixed(1)} % of a symbol's lie before the exchange's time: the clocks differ`
        : `Local times lie before the exchange's: the clocks differ (median delay ${range})`
      : high === 0
        ? "Local times equal the exchange's: the source kept no arrival times of its own"
        : `Half of the messages arrive within ${range}`,
    subtitle: `share of messages that arrived within a delay (local time − exchange time), ms, ${isLinear ? "linear" : "log"} scale${cut === undefined ? "" : "; the fastest and the slowest few lie beyond the axis"}`,
    alt: `Cumulative distributions of the arrival delay of ${delays.map(({ symbol }) => symbol).join(", ")}; the medians are ${range}.`,
    n: `${delays.reduce((sum, { rows }) => sum + rows, 0).toLocaleString("en-US")} messages`,
    data: delays.map(({ symbol, levels, delayMs }) => ({
      type: "scatter",
      mode: "lines",
      name: symbol,
      x: plotNumbers(delayMs),
      y: plotNumbers(levels.map((level) => 100 * level)),
      line: { color: coinColour(coinOf(symbol)), width: 2, shape: "hv" },
    })),
    layout: {
      showlegend: delays.length > 1,
      xaxis: axis(
        "delay (ms)",
        isLinear ? (cut === undefined ? {} : { range: cut }) : { type: "log", ...logTicks(all) },
      ),
      yaxis: axis("share of messages (%)", { range: [0, 102] }),
      shapes: [dottedLine(50, 1)],
      annotations: [
        label("median", 0, 50, {
          xref: "paper",
          xanchor: "left",
          yanchor: "bottom",
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

/** Share of a symbol's messages with a negative delay, as far as the levels tell. */
function shareBelowZero({ levels, delayMs }: DelayQuantiles): number {
  const after = delayMs.findIndex((value) => value >= 0);
  return after < 0 ? 1 : (levels[after - 1] ?? 0);
}

/** Where a linear axis ends, when its extremes would leave no room for the rest; undefined for no need. */
function axisCut(delays: readonly DelayQuantiles[]): readonly [number, number] | undefined {
  const at = (level: number): readonly number[] =>
    delays.map(({ levels, delayMs }) => delayMs[nearest(levels, level)]!);
  const [low, high] = [Math.min(...at(0.02)), Math.max(...at(0.97))];
  const all = delays.flatMap(({ delayMs }) => delayMs);
  const room = 0.15 * (high - low);
  const isWide = Math.max(...all) - Math.min(...all) > 3 * (high - low);
  return isWide && high > low ? [Math.min(0, low) - room, high + room] : undefined;
}

function nearest(levels: readonly number[], level: number): number {
  return levels.reduce(
    (best, value, i) => (Math.abs(value - level) < Math.abs(levels[best]! - level) ? i : best),
    0,
  );
}

function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3)).toLocaleString("en-US")} ms`.replace("-", "−");
}
