import { LIGHT } from "../../core/palette.js";
import type { Gain } from "../../evaluation/ladder.js";
import type { LineGain, LineGains } from "../../evaluation/line-gains.js";
import { columnAxis, columnLayout } from "../columns.js";
import { plotNumber } from "../downsample.js";
import { gainText, independentText, intervalText, markOf } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, type Layout, type Trace } from "../figure.js";
import { gainsSentence, overallGains } from "../line-gain-words.js";
import { modelText } from "../model-names.js";
import { rangeText } from "../quantity-text.js";

const COLOURS = { better: LIGHT.good, undecided: LIGHT.undecided, worse: LIGHT.bad } as const;
const SYMBOLS = { better: "circle", undecided: "diamond", worse: "square" } as const;

/** The two figures that are drawn, and what they are multiplied with. */
const FIGURES = [
  { name: "accuracy", scale: 100, title: "accuracy over the line's (points)", unit: "points" },
  { name: "logLoss", scale: 1000, title: "log-loss saved (1e−3 nats a row)", unit: "e−3 nats" },
] as const;

/** How far above and below a row's point its other marks lie, in rows. */
const OFFSET = 0.26;

/** What each model adds to the straight line, on all symbols and on each, by what came and by the true probabilities. */
export function lineGainsFigure(gains: LineGains): Figure {
  const { models, rows, labelKind } = gains;
  const finding = gainsSentence(gains);
  const hasTruth = models.some(({ byTruth }) => byTruth !== undefined);
  const seeds = Math.max(0, ...models.map(({ otherSeeds }) => otherSeeds.length));
  const worth = models.flatMap(({ seen }) => [seen.accuracy, seen.logLoss]);
  const truth = hasTruth ? "; ◇ below: by the true probabilities, without luck" : "";
  const layout = columnLayout(
    FIGURES.map(({ title }) => title),
    () => axis("", { zeroline: true, zerolinewidth: 2, nticks: 6 }),
    axis("", {
      tickmode: "array",
      tickvals: models.map((_, i) => i),
      ticktext: models.map(({ model, symbol }) => symbol ?? `<b>${modelText(model)}</b>, all`),
      showgrid: false,
      zeroline: false,
      range: [models.length - 0.4, -0.6],
    }),
  );
  return figure({
    title: `${markOf({ isVoid: false, labelKind })}${finding}`,
    subtitle: `difference to the straight line on the same rows, above 0 where the model is better, with the 95 % block-bootstrap interval of each by itself: ● better ◆ undecided ■ worse${truth}${seeds > 0 ? `; × above: ${seeds} other seeds` : ""}`,
    alt: `Two panels of points with intervals around a line at zero, a row for each model on all symbols and on each: ${overallGains(gains).map(rowWords).join("; ")}. ${finding}.`,
    n: `${rows.toLocaleString("en-US")} test rows${worth.length === 0 ? "" : `, ${rangeText(worth.map(({ effectiveRows }) => effectiveRows))} independent a figure`}`,
    height: 110 + 42 * models.length,
    data: FIGURES.flatMap((drawn, panel) => tracesOf(models, drawn, panel)),
    layout: {
      ...layout,
      margin: { l: 20, r: 28, t: 40, b: 40 },
      shapes: models.flatMap(({ symbol }, i) =>
        symbol === undefined && i > 0 ? [separator(i - 0.5)] : [],
      ),
    },
  });
}

function rowWords({ model, seen }: LineGain): string {
  return `${modelText(model)} on all ${seen.accuracy.verdict} in accuracy, ${seen.logLoss.verdict} in log-loss`;
}

function tracesOf(
  models: readonly LineGain[],
  { name, scale, unit }: (typeof FIGURES)[number],
  panel: number,
): readonly Trace[] {
  const who = models.map(({ model, symbol }) => `${modelText(model)}, ${symbol ?? "all symbols"}`);
  const points = (gains: readonly Gain[], shift: number, style: Layout, about = ""): Trace => ({
    type: "scatter",
    mode: "markers",
    x: gains.map(({ estimate }) => plotNumber(scale * estimate, 3)),
    y: models.map((_, i) => i + shift),
    customdata: who,
    text: gains.map(
      (gain) =>
        `${intervalText(gain, 2, scale) ?? "no interval"}, ${independentText(gain)}, ${gainText(gain.verdict)}`,
    ),
    hovertemplate: `%{customdata}${about}: %{x} ${unit}, %{text}<extra></extra>`,
    ...style,
    ...columnAxis(panel),
  });
  const seen = models.map((one) => one.seen[name]);
  const truly = models.flatMap(({ byTruth }) => (byTruth === undefined ? [] : [byTruth[name]]));
  const bars = (gains: readonly Gain[], color: string, thickness: number): Layout => ({
    error_x: intervalBars(gains, { scale, color, thickness, width: 4 }),
  });
  return [
    points(seen, 0, {
      ...bars(seen, LIGHT.muted, 1.8),
      marker: {
        color: seen.map(({ verdict }) => COLOURS[verdict]),
        symbol: seen.map(({ verdict }) => SYMBOLS[verdict]),
        size: 11,
      },
    }),
    ...(truly.length < models.length
      ? []
      : [
          points(
            truly,
            OFFSET,
            {
              ...bars(truly, LIGHT.text, 1.2),
              marker: { color: LIGHT.text, symbol: "diamond-open", size: 7 },
            },
            ", by the true probabilities",
          ),
        ]),
    {
      type: "scatter",
      mode: "markers",
      x: models.flatMap(({ otherSeeds }) =>
        otherSeeds.map((seed) => plotNumber(scale * seed[name], 3)),
      ),
      y: models.flatMap(({ otherSeeds }, i) => otherSeeds.map(() => i - OFFSET)),
      customdata: models.flatMap(({ otherSeeds }, i) => otherSeeds.map(() => who[i])),
      marker: {
        color: LIGHT.model,
        symbol: "x-thin",
        size: 7,
        line: { color: LIGHT.model, width: 1.5 },
      },
      hovertemplate: `%{customdata}, another seed: %{x} ${unit}<extra></extra>`,
      ...columnAxis(panel),
    },
  ];
}

/** Between two models. */
function separator(y: number): Layout {
  const line = { color: LIGHT.line, width: 1 };
  return { type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line, layer: "below" };
}
