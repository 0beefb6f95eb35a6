import type { Span } from "../../audit/finding.js";
import { faded, LIGHT } from "../../core/palette.js";
import { formatUtc } from "../../core/time.js";
import { CHECK_MARKS } from "../check-words.js";
import { durationText } from "../duration-text.js";
import { type Figure, figure, type Layout, label, timeAxis, timeText } from "../figure.js";
import { findingSentence } from "../finding-sentence.js";
import { panelLayout } from "../panels.js";
import { type PictureWindow, windowWords } from "../pictures/finding-window.js";
import type { FindingPicture, PicturePanel } from "../pictures/picture.js";
import { panelTraces, valueAxis } from "./picture-traces.js";

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

function placeWords([startUs, endUs]: Span): string {
  const at = formatUtc(startUs).slice(11);
  return endUs === startUs ? `a row at ${at}` : `${durationText(endUs - startUs)} from ${at} on`;
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
