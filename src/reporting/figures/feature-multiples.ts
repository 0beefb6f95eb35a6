import { coinOf } from "../../core/symbols.js";
import { extremeRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, label, timeText } from "../figure.js";
import { coinColour, LIGHT } from "../palette.js";

/** Values of one family's features over time, one symbol. */
export interface FeatureFamily {
  readonly family: string;
  readonly symbol: string;
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly barEndUs: Float64Array;
  /** One column a name, each as long as `barEndUs`. */
  readonly columns: readonly Float64Array[];
}

/** Points a panel draws: what its width in pixels can show. */
const PANEL_POINTS = 700;

/** One small panel a feature, all on the same time axis. */
export function featureFamilyFigure(family: FeatureFamily): Figure {
  const { symbol, names, columns, barEndUs, units } = family;
  const across = names.length === 1 ? 1 : names.length <= 4 ? 2 : 3;
  const down = Math.ceil(names.length / across);
  const missing = columns.map(missingShare);
  const there = 1 - missing.reduce((sum, share) => sum + share, 0) / missing.length;
  const axes = names.flatMap((_, i) => {
    const suffix = i === 0 ? "" : String(i + 1);
    return [
      [`xaxis${suffix}`, axis("", { type: "date", nticks: 4, matches: i === 0 ? undefined : "x" })],
      [`yaxis${suffix}`, axis("", { nticks: 4, zeroline: true })],
    ] as const;
  });
  return figure({
    title: `${family.family}, ${symbol}: ${there === 1 ? "every value is there" : `${(100 * there).toFixed(1)} % of the values are there`}`,
    subtitle: "one panel a feature over time (UTC), its unit in brackets where it has one",
    alt: `Small line charts of ${names.join(", ")} for ${symbol} on one time axis.`,
    n: `${barEndUs.length.toLocaleString("en-US")} bars`,
    height: 70 + 165 * down,
    data: columns.map((column, i) => {
      const rows = extremeRows(column, PANEL_POINTS);
      const suffix = i === 0 ? "" : String(i + 1);
      return {
        type: "scatter",
        mode: "lines",
        name: names[i],
        x: rows.map((row) => timeText(barEndUs[row]!)),
        y: plotNumbers(column, rows),
        line: { color: coinColour(coinOf(symbol)), width: 1 },
        xaxis: `x${suffix}`,
        yaxis: `y${suffix}`,
      };
    }),
    layout: {
      grid: { rows: down, columns: across, pattern: "independent", xgap: 0.1, ygap: 0.4 },
      margin: { l: 56, r: 20, t: 28, b: 36 },
      ...Object.fromEntries(axes),
      annotations: names.map((name, i) => {
        const suffix = i === 0 ? "" : String(i + 1);
        const lack = missing[i]! === 0 ? "" : ` · ${(100 * missing[i]!).toFixed(1)} % missing`;
        return label(`<b>${name}</b>${units[i] === "" ? "" : ` (${units[i]})`}${lack}`, 0, 1, {
          xref: `x${suffix} domain`,
          yref: `y${suffix} domain`,
          xanchor: "left",
          yanchor: "bottom",
          font: { size: 11, color: LIGHT.text },
        });
      }),
    },
  });
}

/** Share of a column's values that are not there. */
function missingShare(column: ArrayLike<number>): number {
  let missing = 0;
  for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) missing++;
  return column.length === 0 ? 1 : missing / column.length;
}
