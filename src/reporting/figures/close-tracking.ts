import type { SourceComparison } from "../../audit/sources/compare-sources.js";
import { coinColour, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { MINUTE_US } from "../../core/time.js";
import { extremeRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, timeAxis, timeText } from "../figure.js";
import { panelAxis, panelLayout, panelsHeight } from "../panels.js";

/** What the figure reads of a comparison. */
type Compared = Pick<
  SourceComparison,
  "ticks" | "candles" | "comparedMinutes" | "closeRatio" | "close" | "columns"
>;

/** Height of one symbol's panel, pixels. */
const PANEL = 140;

/** Close of the ticks against close of the candles over time, in bps around the usual level, one panel a symbol. */
export function closeTrackingFigure(comparisons: readonly Compared[]): Figure {
  const names = comparisons.map(({ ticks, candles }) => `${ticks.symbol} − ${candles.symbol}`);
  const first = comparisons[0]?.columns.ticks;
  const minutes = comparisons.reduce((sum, one) => sum + one.comparedMinutes, 0);
  const [fromUs, lengthUs] = [first?.startUs ?? 0, (first?.close.length ?? 0) * MINUTE_US];
  return figure({
    title: titleOf(comparisons[0]),
    subtitle:
      "close of the ticks over close of the candles each minute, bps around the median ratio; breaks: one of the two is missing",
    alt: `Lines of the difference of closes over time for ${names.join(", ")}, around zero.`,
    n: `${minutes.toLocaleString("en-US")} minutes compared`,
    height: panelsHeight(Math.max(1, names.length), PANEL),
    data: comparisons.map((comparison, panel) => {
      const { ticks, candles } = comparison.columns;
      const bps = ticks.close.map(
        (close, m) => 1e4 * Math.log(close / candles.close[m]! / comparison.closeRatio),
      );
      const rows = extremeRows(bps);
      return {
        type: "scatter",
        mode: "lines",
        name: names[panel],
        x: rows.map((m) => timeText(ticks.startUs + m * MINUTE_US)),
        y: plotNumbers(bps, rows),
        connectgaps: false,
        line: { color: coinColour(coinOf(comparison.ticks.symbol)), width: 1.2 },
        hovertemplate: "%{x|%Y-%m-%d %H:%M}: %{y} bps<extra></extra>",
        ...panelAxis(panel),
      };
    }),
    layout: panelLayout(
      names,
      () => axis("bps", { zeroline: true, zerolinecolor: LIGHT.chance, rangemode: "tozero" }),
      timeAxis({ range: [timeText(fromUs), timeText(fromUs + lengthUs)], showgrid: false }),
    ),
  });
}

function titleOf(first: Compared | undefined): string {
  if (first === undefined || first.comparedMinutes === 0) {
    return "No minute has both a trade and a candle";
  }
  const { ticks, closeRatio, close } = first;
  if (close.largest === 0) return `Every candle of ${ticks.symbol} closes where its last trade was`;
  const basisBps = 1e4 * (closeRatio - 1);
  const level = `${Number(basisBps.toPrecision(3)).toLocaleString("en-US")} bps`.replace("-", "−");
  const wide = Number((1e4 * close.percentile95).toPrecision(3)).toLocaleString("en-US");
  return `${ticks.symbol} ticks stand ${level} from the candles' level; 95 % of closes are within ${wide} bps`;
}
