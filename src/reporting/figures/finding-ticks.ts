import type { Span } from "../../audit/finding.js";
import { dateOf, formatUtc } from "../../core/time.js";
import { CHECK_MARKS } from "../check-words.js";
import { extremeRows, largestRows, plotNumbers } from "../downsample.js";
import { durationText } from "../duration-text.js";
import { axis, type Figure, figure, type Layout, label, timeAxis, timeText } from "../figure.js";
import { findingSentence } from "../finding-sentence.js";
import { logTicks } from "../log-ticks.js";
import { faded, LIGHT } from "../palette.js";
import { panelAxis, panelLayout } from "../panels.js";
import type { PictureWindow } from "../pictures/finding-window.js";
import type { FindingPicture, PicturePanel, Series } from "../pictures/picture.js";

/** Most points of a line: two for each pixel of a wide screen. */
const LINE_POINTS = 1200;

/** Most dots of a trace. */
const DOTS = 600;

/** Most stretches that are shaded. */
const SHADED = 60;

/** The ticks around a finding, its stretches shaded and its rows circled. */
export function findingTicksFigure(picture: FindingPicture): Figure {
  const { rank, finding, place, window, panels, what, n } = picture;
  const isEmpty = panels.every(({ series, candles }) => series.length === 0 && !candles);
  const seen = finding.spans.filter(([start, end]) => end >= window.fromUs && start <= window.toUs);
  const words = CHECK_MARKS[finding.check].words;
  const x = timeAxis({
    range: [timeText(window.fromUs), timeText(window.toUs)],
    nticks: 5,
    // Candles would bring one of their own.
    rangeslider: { visible: false },
  });
  const others = finding.spans.length - seen.length;
  return figure({
    title: `${rank}. ${findingSentence(finding)}`,
    subtitle: `${what}; ${windowWords(window)}${others > 0 ? `; ${others} more of its places lie elsewhere` : ""}`,
    alt: `Marked "${words}": ${placeWords(place)}, in a picture of ${windowWords(window)}. Drawn: ${what}.`,
    n,
    height: isEmpty ? 180 : panels.length > 1 ? 460 : 340,
    data: [
      ...panels.flatMap((panel, i) => panelTraces(panel, i)),
      // Without any trace there would be no axes.
      ...(isEmpty ? [{ type: "scatter", x: [timeText(window.fromUs)], y: [null] }] : []),
    ],
    layout: {
      ...(panels.length > 1
        ? panelLayout(
            panels.map(({ name }) => name),
            (i) => valueAxis(panels[i]!),
            x,
          )
        : { xaxis: x, yaxis: valueAxis(panels[0]!) }),
      // The place's name stands right above the drawing, the legend above that.
      legend: { orientation: "h", y: 1.09, yanchor: "bottom", x: 0, font: { size: 12 } },
      margin: { l: 64, r: 28, t: 60, b: 52 },
      showlegend: !isEmpty,
      shapes: shading(place, seen),
      annotations: [placeLabel(words, place, window), ...panelNames(panels)],
    },
  });
}

function panelNames(panels: readonly PicturePanel[]): readonly Layout[] {
  if (panels.length < 2) return [];
  const laid = panelLayout(
    panels.map(({ name }) => name),
    () => ({}),
    {},
  );
  return laid.annotations;
}

function windowWords({ fromUs, toUs }: PictureWindow): string {
  const to = dateOf(toUs) === dateOf(fromUs) ? formatUtc(toUs).slice(11) : formatUtc(toUs);
  return `${formatUtc(fromUs)} to ${to} UTC`;
}

function placeWords([startUs, endUs]: Span): string {
  const at = formatUtc(startUs).slice(11);
  return endUs === startUs ? `a row at ${at}` : `${durationText(endUs - startUs)} from ${at} on`;
}

function valueAxis({ axis: title, isLog = false, range, series, candles }: PicturePanel): Layout {
  if (series.length === 0 && candles === undefined) {
    return axis("", { showticklabels: false, showgrid: false, zeroline: false });
  }
  if (!isLog) return axis(title, { tickformat: ",~f", nticks: 6, ...(range ? { range } : {}) });
  return axis(title, { type: "log", ...logTicks(series.flatMap(({ values }) => [...values])) });
}

function panelTraces(panel: PicturePanel, i: number): Figure["data"] {
  const place = panelAxis(i);
  const circled = panel.circled === undefined || panel.circled.timesUs.length === 0;
  const largest = panel.series.reduce(
    (most, { amounts }) => amounts?.reduce((a, b) => Math.max(a, b), most) ?? most,
    0,
  );
  return [
    ...(panel.candles === undefined ? [] : [{ ...candleTrace(panel.candles), ...place }]),
    ...panel.series.map((series) => ({ ...trace(series, largest), ...place })),
    ...(circled ? [] : [{ ...circles(panel.circled!), ...place }]),
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
  if (draw === "bars") return { ...base, type: "bar", marker: { color: colour } };
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

function drawnRows({ draw, values, amounts }: Series): number[] {
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

/** The places of the finding: stretches as grounds with edges, single rows as lines. */
function shading(place: Span, spans: readonly Span[]): readonly Layout[] {
  const others = spans.filter((span) => span !== place && span[0] !== place[0]);
  return [place, ...others.slice(0, SHADED)].map(([startUs, endUs], i) => ({
    type: endUs > startUs ? "rect" : "line",
    xref: "x",
    yref: "paper",
    x0: timeText(startUs),
    x1: timeText(endUs),
    y0: 0,
    y1: 1,
    layer: "below",
    fillcolor: faded(LIGHT.bad, i === 0 ? 0.14 : 0.08),
    line: { color: faded(LIGHT.bad, i === 0 ? 0.8 : 0.4), width: 1, dash: "dot" },
  }));
}

/** Name and length of the place above the drawing, where nothing else is. */
function placeLabel(words: string, [startUs, endUs]: Span, window: PictureWindow): Layout {
  const middleUs = (Math.max(startUs, window.fromUs) + Math.min(endUs, window.toUs)) / 2;
  const share = (middleUs - window.fromUs) / (window.toUs - window.fromUs);
  const anchor = share < 0.25 ? "left" : share > 0.75 ? "right" : "center";
  const length = endUs - startUs >= 1000 ? ` · ${durationText(endUs - startUs)}` : "";
  return label(`${words}${length}`, timeText(middleUs), 1, {
    yref: "paper",
    xanchor: anchor,
    yanchor: "bottom",
    font: { size: 12, color: LIGHT.bad },
  });
}
