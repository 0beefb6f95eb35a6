import { faded, LIGHT } from "../../core/palette.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText } from "../evaluation-marks.js";
import { axis, dottedLine, type Figure, figure, type Layout, label } from "../figure.js";

/** What the figure reads of a model's evaluation. */
type Covered = Pick<ModelEvaluation, "model" | "rows" | "coverage">;

/** How often a model is right on the rows that it is surest of, by the share of rows that are kept. */
export function coverageFigure({ model, rows, coverage }: Covered): Figure {
  const x = coverage.map((point) => plotNumber(100 * point.coverage, 2));
  const ends = (side: "lower" | "upper"): (number | null)[] =>
    coverage.map(({ accuracy }) => plotNumber(100 * accuracy[side], 2));
  const finding = findingOf(model, coverage);
  const all = coverage.at(-1);
  const band = { type: "scatter", mode: "lines", hoverinfo: "skip", line: { width: 0 } } as const;
  return figure({
    title: finding,
    subtitle:
      "share of the surest rows whose direction was right, %, with its 95 % block-bootstrap interval, beside the majority of the same rows; which rows are surest is known only after the test",
    alt: `A curve of accuracy over the share of rows that is kept, with a band, beside the majority's. ${finding}.`,
    n: `${rows.toLocaleString("en-US")} test rows`,
    data: [
      { ...band, x, y: ends("lower") },
      { ...band, x, y: ends("upper"), fill: "tonexty", fillcolor: faded(LIGHT.model, 0.2) },
      {
        type: "scatter",
        mode: "lines",
        x,
        y: coverage.map(({ majorityRate }) => plotNumber(100 * majorityRate, 2)),
        line: { color: LIGHT.baseline, width: 1.8 },
        hovertemplate: "majority of them %{y} %<extra></extra>",
      },
      {
        type: "scatter",
        mode: "lines+markers",
        x,
        y: coverage.map(({ accuracy }) => plotNumber(100 * accuracy.estimate, 2)),
        line: { color: LIGHT.model, width: 2 },
        marker: { color: LIGHT.model, size: 7 },
        text: coverage.map(({ accuracy, rows: kept }) => {
          const interval = intervalText(accuracy, 1) ?? "no interval";
          return `${interval}, ${kept.toLocaleString("en-US")} rows, ${independentText(accuracy)}`;
        }),
        hovertemplate: "surest %{x} %: right in %{y} %, %{text}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("share of rows kept, the surest first (%)", { range: [0, 103] }),
      yaxis: axis("accuracy (%)", { zeroline: false }),
      margin: { l: 64, r: 84, t: 16, b: 52 },
      shapes: [dottedLine(50)],
      annotations:
        all === undefined
          ? []
          : [
              end(model, all.accuracy.estimate, all.majorityRate, LIGHT.model),
              end("their majority", all.majorityRate, all.accuracy.estimate, LIGHT.baseline),
            ],
    },
  });
}

/** A curve's name at its end, away from the other's. */
function end(text: string, ratio: number, other: number, color: string): Layout {
  const yanchor = ratio >= other ? "bottom" : "top";
  const place = { xanchor: "left", align: "left", xshift: 8, yanchor };
  return label(text, 100, plotNumber(100 * ratio, 2) ?? 50, {
    ...place,
    font: { size: 12, color },
  });
}

/** Holds the surest tenth against always calling the majority of the same rows. */
function findingOf(model: string, coverage: Covered["coverage"]): string {
  const tenth = coverage.find((point) => point.coverage === 0.1);
  if (tenth === undefined || !Number.isFinite(tenth.accuracy.lower)) {
    return `How right ${model} is where it is surest is not known`;
  }
  const { estimate, lower, upper } = tenth.accuracy;
  const text = (ratio: number): string => (100 * ratio).toFixed(1);
  const isApart = lower > tenth.majorityRate || upper < tenth.majorityRate;
  return (
    `On the tenth it is surest of, ${model} is right in ${text(estimate)} % (${text(lower)} to ${text(upper)}), ` +
    `${isApart ? "beside" : "not distinguishable from"} ${text(tenth.majorityRate)} % for calling their majority throughout`
  );
}
