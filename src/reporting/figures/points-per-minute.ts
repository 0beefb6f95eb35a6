import type { SourceComparison } from "../../audit/sources/compare-sources.js";
import { coinColour, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { MINUTE_US } from "../../core/time.js";
import { plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, timeAxis, timeText } from "../figure.js";
import { logTicks } from "../log-ticks.js";
import { panelAxis, panelLayout, panelsHeight } from "../panels.js";

/** What the figure reads of a comparison. */
type Compared = Pick<SourceComparison, "ticks" | "candles" | "pointsRatio" | "columns">;

/** Height of one symbol's panel, pixels. */
const PANEL = 150;

/** Most stretches that are drawn; each trace has a point for each. */
const STRETCHES = 1440;

/** Points a minute of ticks and of candles over time, one panel a symbol, log scale. */
export function pointsPerMinuteFigure(comparisons: readonly Compared[]): Figure {
  const [first] = comparisons;
  const names = comparisons.map(({ ticks }) => ticks.symbol);
  const minutes = first?.columns.ticks.close.length ?? 0;
  const length = Math.max(1, Math.ceil(minutes / STRETCHES));
  const panels = comparisons.map((one) => stretches(one, length));
  const startUs = first?.columns.ticks.startUs ?? 0;
  const middles = Array.from({ length: Math.ceil(minutes / length) }, (_, i) =>
    timeText(startUs + (i + 0.5) * length * MINUTE_US),
  );
  return figure({
    title: titleOf(first),
    subtitle: `points a minute: trades and book states (in colour) against candles (grey), mean of each ${length === 1 ? "minute" : `${length} minutes`}, log scale, one panel a symbol; breaks: nothing was told`,
    alt: `Lines of points a minute over time for ${names.join(", ")}: those of the ticks far above the candles' single point a minute.`,
    n: `${minutes.toLocaleString("en-US")} minutes`,
    height: panelsHeight(Math.max(1, names.length), PANEL),
    data: panels.flatMap(({ ticks, candles }, panel) => [
      line("ticks", ticks, middles, coinColour(coinOf(names[panel]!)), panel),
      line("candles", candles, middles, LIGHT.baseline, panel),
    ]),
    layout: panelLayout(
      names,
      (panel) => {
        const { ticks, candles } = panels[panel]!;
        return axis("points/min", { type: "log", ...logTicks([...ticks, ...candles]) });
      },
      timeAxis({
        range: [timeText(startUs), timeText(startUs + minutes * MINUTE_US)],
        showgrid: false,
      }),
    ),
  });
}

function titleOf(first: Compared | undefined): string {
  if (first === undefined || Number.isNaN(first.pointsRatio)) {
    return "There is no candle to hold against the ticks";
  }
  const ratio = Number(first.pointsRatio.toPrecision(3)).toLocaleString("en-US");
  const missing = (minutes: number): string => minutes.toLocaleString("en-US");
  return (
    `${first.ticks.symbol} ticks tell ${ratio} times as much as candles; ` +
    `minutes missing: ${missing(first.ticks.missingMinutes)} against ${missing(first.candles.missingMinutes)}`
  );
}

function line(
  name: string,
  values: readonly number[],
  x: readonly string[],
  color: string,
  panel: number,
): Figure["data"][number] {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x,
    y: plotNumbers(values),
    connectgaps: false,
    line: { color, width: 1.5 },
    hovertemplate: `${name} %{x|%Y-%m-%d %H:%M}: %{y} a minute<extra></extra>`,
    ...panelAxis(panel),
  };
}

/** Mean points a minute in stretches of equal length; NaN where there is none. */
function stretches(
  { columns: { ticks, candles } }: Compared,
  length: number,
): { readonly ticks: readonly number[]; readonly candles: readonly number[] } {
  const means = (pointsAt: (minute: number) => number): readonly number[] => {
    const found: number[] = [];
    for (let from = 0; from < ticks.close.length; from += length) {
      const to = Math.min(from + length, ticks.close.length);
      let points = 0;
      for (let minute = from; minute < to; minute++) points += pointsAt(minute);
      found.push(points > 0 ? points / (to - from) : Number.NaN);
    }
    return found;
  };
  return {
    ticks: means((m) => ticks.trades[m]! + ticks.bookStates[m]!),
    candles: means((m) => Number(!Number.isNaN(candles.close[m]!))),
  };
}
