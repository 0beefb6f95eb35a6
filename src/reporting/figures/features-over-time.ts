import { coinColour } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { extremeRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, timeAxis, timeText } from "../figure.js";
import { panelAxis, panelLayout, panelsHeight } from "../panels.js";
import { threeDigits } from "../quantity-text.js";

/** Values of some features over time, one symbol. */
export interface FeaturesOverTime {
  /** What they have in common: "that drift most". */
  readonly which: string;
  readonly symbol: string;
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly barEndUs: Float64Array;
  /** One column a name, each as long as `barEndUs`. */
  readonly columns: readonly Float64Array[];
}

/** Points that a panel draws: two for each pixel of its width. */
const PANEL_POINTS = 1500;

/** Height of a panel, pixels. */
const PANEL = 115;

/** One panel a feature, all on one time axis. */
export function featuresOverTimeFigure(features: FeaturesOverTime): Figure {
  const { which, symbol, names, columns, barEndUs, units } = features;
  const heads = names.map((name, i) => {
    const missing = missingShare(columns[i]!);
    const lack = missing === 0 ? "" : ` · ${(100 * missing).toFixed(1)} % missing`;
    return `<b>${name}</b>${units[i] === "" ? "" : ` (${units[i]})`}${lack}`;
  });
  const [low, high] = [0, -1].map((end) => columns[0]?.filter(Number.isFinite).sort().at(end));
  const span =
    low === undefined || high === undefined
      ? "no value is there"
      : `${names[0]} goes from ${threeDigits(low)} to ${threeDigits(high)}${units[0] === "" ? "" : ` ${units[0]}`}`;
  return figure({
    title: `Features of ${symbol} ${which}: ${span}`,
    subtitle: "one panel a feature, its unit in brackets; breaks: no value",
    alt: `Lines over time of ${names.join(", ")} of ${symbol}, one below the other.`,
    n: `${barEndUs.length.toLocaleString("en-US")} bars`,
    height: panelsHeight(names.length, PANEL),
    data: columns.map((column, i) => {
      const rows = extremeRows(column, PANEL_POINTS);
      return {
        type: "scatter",
        mode: "lines",
        name: names[i],
        x: rows.map((row) => timeText(barEndUs[row]!)),
        y: plotNumbers(column, rows),
        line: { color: coinColour(coinOf(symbol)), width: 1 },
        hovertemplate: "%{x|%Y-%m-%d %H:%M}: %{y}<extra></extra>",
        ...panelAxis(i),
      };
    }),
    layout: panelLayout(
      heads,
      () => axis("", { nticks: 4, zeroline: true, tickformat: ",.3~r" }),
      timeAxis({ showgrid: false }),
    ),
  });
}

/** Share of a column's values that are not there. */
function missingShare(column: ArrayLike<number>): number {
  let missing = 0;
  for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) missing++;
  return column.length === 0 ? 1 : missing / column.length;
}
