// What do the panels of a picture look like as traces?

import { faded, LIGHT } from "../../core/palette.js";
import { extremeRows, largestRows, plotNumbers } from "../downsample.js";
import { axis, type Figure, type Layout, timeText } from "../figure.js";
import { logTicks } from "../log-ticks.js";
import { panelAxis } from "../panels.js";
import type { PicturePanel, Series } from "../pictures/picture.js";

/** Most points of a line: two for each pixel of a wide screen. */
const LINE_POINTS = 1200;

/** Most dots of a trace. */
const DOTS = 600;

/** The vertical axis of a panel; an empty panel has none to be seen. */
export function valueAxis(panel: PicturePanel): Layout {
  const { axis: title, isLog = false, hasZero = false, range, series, candles } = panel;
  if (series.length === 0 && candles === undefined) {
    return axis("", { showticklabels: false, showgrid: false, zeroline: false });
  }
  const zero = hasZero ? { rangemode: "tozero", zeroline: true, zerolinecolor: LIGHT.chance } : {};
  if (!isLog) {
    return axis(title, { tickformat: ",~f", nticks: 6, ...zero, ...(range ? { range } : {}) });
  }
  return axis(title, { type: "log", ...logTicks(series.flatMap(({ values }) => [...values])) });
}

/** Traces of a panel, the i-th from the top. */
export function panelTraces(panel: PicturePanel, i: number): Figure["data"] {
  const place = panelAxis(i);
  const hasNone = panel.circled === undefined || panel.circled.timesUs.length === 0;
  const largest = panel.series.reduce(
    (most, { amounts }) => amounts?.reduce((a, b) => Math.max(a, b), most) ?? most,
    0,
  );
  return [
    ...(panel.candles === undefined ? [] : [{ ...candleTrace(panel.candles), ...place }]),
    ...panel.series.map((series) => ({ ...trace(series, largest), ...place })),
    ...(hasNone ? [] : [{ ...circles(panel.circled!), ...place }]),
  ];
}

function candleTrace(candles: NonNullable<PicturePanel["candles"]>): Figure["data"][number] {
  const side = (colour: string): Layout => ({
    line: { color: colour, width: 1 },
    fillcolor: faded(colour, 0.5),
  });
  return {
    type: "candlestick",
    name: "candles",
    x: Array.from(candles.barStartUs, timeText),
    open: plotNumbers(candles.open),
    high: plotNumbers(candles.high),
    low: plotNumbers(candles.low),
    close: plotNumbers(candles.close),
    increasing: side(LIGHT.bid),
    decreasing: side(LIGHT.ask),
    xaxis: "x",
  };
}

function trace(series: Series, largest: number): Figure["data"][number] {
  const { name, draw, timesUs, values, colour } = series;
  const rows = drawnRows(series);
  const base = { name, x: rows.map((i) => timeText(timesUs[i]!)), y: plotNumbers(values, rows) };
  if (draw === "bars") return { ...base, type: "bar", ...barStyle(series) };
  if (draw === "stems") return { ...base, ...stems(series, rows) };
  if (draw === "band") return { ...base, ...band(series, rows) };
  if (draw === "dots") return { ...base, ...dotStyle(series, rows, largest) };
  return {
    ...base,
    type: "scatter",
    mode: "lines",
    connectgaps: false,
    line: {
      color: colour,
      width: series.isDashed ? 2.2 : 1.3,
      dash: series.isDashed ? "dot" : "solid",
      shape: draw === "steps" ? "hv" : "linear",
    },
  };
}

function barStyle({ colour, lengthUs }: Series): Layout {
  // A bar stands on the middle of its width unless it is told where it begins.
  const place = lengthUs === undefined ? {} : { width: lengthUs / 1000, offset: 0 };
  return { marker: { color: colour, line: { width: 0 } }, ...place };
}

/** Upright lines from zero, with a hole after each. */
function stems({ timesUs, values, colour }: Series, rows: readonly number[]): Layout {
  const heights = plotNumbers(values, rows);
  return {
    type: "scatter",
    mode: "lines",
    x: rows.flatMap((i) => [timeText(timesUs[i]!), timeText(timesUs[i]!), null]),
    y: heights.flatMap((height) => [0, height, null]),
    connectgaps: false,
    line: { color: colour, width: 1.2 },
  };
}

/** One closed ground for each run of rows that have both edges, so that it never bridges a hole. */
function band({ timesUs, values, lower, colour }: Series, rows: readonly number[]): Layout {
  const x: (string | null)[] = [];
  const y: (number | null)[] = [];
  const isKnown = (row: number): boolean => Number.isFinite(values[row]! - lower![row]!);
  for (let from = 0; from < rows.length; from++) {
    if (!isKnown(rows[from]!)) continue;
    let to = from;
    while (to < rows.length && isKnown(rows[to]!)) to++;
    const there = rows.slice(from, to);
    const back = [...there].reverse();
    x.push(...[...there, ...back].map((i) => timeText(timesUs[i]!)), null);
    y.push(...plotNumbers(values, there), ...plotNumbers(lower!, back), null);
    from = to;
  }
  return {
    type: "scatter",
    mode: "lines",
    x,
    y,
    fill: "toself",
    fillcolor: faded(colour, 0.22),
    line: { width: 0, color: colour },
    hoverinfo: "skip",
  };
}

function drawnRows({ draw, values, amounts }: Series): number[] {
  if (draw === "stems")
    return largestRows(
      values.map((value) => Math.abs(value) || 0),
      DOTS,
    );
  if (draw === "dots") {
    // Half for the lowest and highest, half for the largest.
    const large = amounts === undefined ? [] : largestRows(amounts, DOTS / 2);
    const far = extremeRows(
      values,
      amounts === undefined || values.length <= DOTS ? DOTS : DOTS / 2,
    );
    return [...new Set([...far, ...large])].sort((a, b) => a - b);
  }
  const breaks = Array.from(values.keys()).filter((i) => Number.isNaN(values[i]) && i > 0);
  const rows = [...extremeRows(values, LINE_POINTS), ...breaks.slice(0, LINE_POINTS)];
  return [...new Set(rows)].sort((a, b) => a - b);
}

function dotStyle(
  { amounts, colour, name, values }: Series,
  rows: readonly number[],
  largest: number,
): Layout {
  const size = (i: number): number =>
    Math.round(20 * (3 + 15 * Math.sqrt(amounts![i]! / largest))) / 20;
  const isSized = amounts !== undefined && largest > 0;
  return {
    type: "scatter",
    mode: "markers",
    marker: {
      color: colour,
      symbol: /^(sell|ask)/.test(name) ? "diamond" : "circle",
      opacity: values.length > 400 && !isSized ? 0.5 : 0.65,
      size: isSized ? rows.map(size) : values.length > 400 ? 4 : 7,
      line: { width: 0 },
    },
    ...(isSized
      ? {
          customdata: plotNumbers(amounts, rows),
          hovertemplate: "%{y} · amount %{customdata}<br>%{x}",
        }
      : {}),
  };
}

function circles({
  timesUs,
  values,
}: NonNullable<PicturePanel["circled"]>): Figure["data"][number] {
  const rows = extremeRows(values, DOTS);
  return {
    type: "scatter",
    mode: "markers",
    name: "found",
    x: rows.map((i) => timeText(timesUs[i]!)),
    y: plotNumbers(values, rows),
    marker: { symbol: "circle-open", color: LIGHT.bad, size: 20, line: { width: 2.5 } },
  };
}
