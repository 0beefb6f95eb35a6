import { coinColour } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { SECOND_US } from "../../core/time.js";
import { plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, timeAxis, timeText } from "../figure.js";
import { logTicks } from "../log-ticks.js";
import { panelAxis, panelLayout, panelsHeight } from "../panels.js";
import { binStarts, binWords } from "../time-bins.js";
import type { UpdateRates } from "../update-rates.js";

/** Height of one type's panel, pixels. */
const PANEL = 150;

/** Rows a second of each stream over a day, one panel a type; stretches without a row are gaps. */
export function updateRatesFigure({ date, bins, streams }: UpdateRates): Figure {
  const types = [...new Set(streams.map(({ type }) => type))];
  const symbols = [...new Set(streams.map(({ symbol }) => symbol))];
  const rows = streams.reduce((sum, stream) => sum + stream.rows, 0);
  const busiest = streams.reduce((a, b) => (peak(b) > peak(a) ? b : a));
  const starts = binStarts(bins);
  const middles = Array.from(starts, (start) => timeText(start + bins.binUs / 2));
  const at = busiest.rowsPerSecond.indexOf(peak(busiest));
  const seconds = (bins.binUs / SECOND_US) * busiest.rowsPerSecond.length;
  const average = busiest.rows / seconds;
  return figure({
    title: `${busiest.symbol} ${busiest.type} peaks at ${rate(peak(busiest))} rows a second at ${timeText(starts[at]!).slice(11, 19)}, ${rate(peak(busiest) / average)} times its average`,
    subtitle: `rows that arrived a second in each ${binWords(bins)} of ${date}, log scale, one panel a type; breaks: nothing arrived`,
    alt: `Lines of arriving rows a second over ${date}, one panel for each of ${types.join(", ")}, one line for each of ${symbols.join(", ")}.`,
    n: `${rows.toLocaleString("en-US")} rows`,
    height: panelsHeight(types.length, PANEL),
    data: streams.map(({ symbol, type, rowsPerSecond }) => {
      const panel = types.indexOf(type);
      return {
        type: "scatter",
        mode: "lines",
        name: symbol,
        legendgroup: symbol,
        showlegend: panel === types.indexOf(streams.find((one) => one.symbol === symbol)!.type),
        x: middles,
        y: plotNumbers(rowsPerSecond.map((value) => (value > 0 ? value : Number.NaN))),
        connectgaps: false,
        line: { color: coinColour(coinOf(symbol)), width: 1.5 },
        hovertemplate: `${symbol} %{x|%H:%M:%S}: %{y} rows/s<extra></extra>`,
        ...panelAxis(panel),
      };
    }),
    layout: {
      ...panelLayout(
        types,
        (panel) => {
          const own = streams.filter(({ type }) => type === types[panel]);
          const ticks = logTicks(own.flatMap(({ rowsPerSecond }) => [...rowsPerSecond]));
          return axis("rows/s", { type: "log", ...ticks });
        },
        timeAxis({
          range: [timeText(bins.startUs), timeText(bins.startUs + bins.count * bins.binUs)],
          showgrid: false,
        }),
        { hasLegend: symbols.length > 1 },
      ),
    },
  });
}

function peak({ rowsPerSecond }: UpdateRates["streams"][number]): number {
  return rowsPerSecond.reduce((most, value) => Math.max(most, value), 0);
}

function rate(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en-US");
}
