import type { Uncertainty } from "../../evaluation/block-bootstrap.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { markOf } from "../evaluation-marks.js";
import { axis, type Figure, figure, type Layout, label } from "../figure.js";
import { LIGHT } from "../palette.js";

/** What the figure reads of an evaluation. */
type Accuracies = Pick<Evaluation, "rows" | "isVoid" | "labelKind"> & {
  readonly models: readonly (Pick<
    ModelEvaluation,
    "model" | "majorityRate" | "effectiveRows" | "ceilings"
  > & { readonly metrics: Pick<ModelEvaluation["metrics"], "accuracy" | "aboveMajority"> })[];
};

/** Ratios; NaN where there is none. */
interface AccuracyComparison {
  readonly models: readonly {
    readonly name: string;
    readonly accuracy: Uncertainty;
    /** Accuracy less the majority's, paired. */
    readonly aboveMajority: Uncertainty;
    /** In simulation: accuracy by the true probability of the side it chose. */
    readonly byTruth: number;
  }[];
  readonly majorityRate: number;
  /** Accuracy of the best filter of public events; NaN for real data, where nobody knows it. */
  readonly attainable: number;
}

/** Accuracies as points with their intervals, beside chance, majority and what is attainable. */
export function accuracyFigure(evaluation: Accuracies): Figure {
  const { rows } = evaluation;
  const comparison = compare(evaluation);
  const { models, majorityRate, attainable } = comparison;
  const effectiveRows = evaluation.models[0]?.effectiveRows ?? 0;
  const names = models.map(({ name }) => name);
  const references = [
    { name: "chance", value: 0.5, color: LIGHT.chance, dash: "dot" },
    { name: "majority", value: majorityRate, color: LIGHT.baseline, dash: "solid" },
    { name: "attainable", value: attainable, color: LIGHT.attainable, dash: "dash" },
  ];
  const lines = references
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value)
    .map(referenceLine);
  const isTrue = models.some(({ byTruth }) => Number.isFinite(byTruth));
  return figure({
    title: `${markOf(evaluation)}${finding(comparison)}`,
    subtitle: `share of test rows whose direction was right, %, with 95 % block-bootstrap intervals${isTrue ? "; open diamonds: by the true probability, without luck" : ""}`,
    alt: `Points with intervals for ${names.join(", ")}, beside vertical lines for chance, majority${Number.isFinite(attainable) ? " and what is attainable" : ""}. ${finding(comparison)}.`,
    n: `${rows.toLocaleString("en-US")} test rows, about ${Math.round(effectiveRows).toLocaleString("en-US")} independent`,
    height: 150 + 44 * models.length,
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: models.map(({ accuracy }) => percent(accuracy.estimate)),
        y: names,
        error_x: {
          type: "data",
          symmetric: false,
          array: models.map(({ accuracy }) => percent(accuracy.upper - accuracy.estimate)),
          arrayminus: models.map(({ accuracy }) => percent(accuracy.estimate - accuracy.lower)),
          color: LIGHT.model,
          thickness: 2,
          width: 6,
        },
        marker: { color: LIGHT.model, size: 11 },
        hovertemplate: "%{y}: %{x} %<extra></extra>",
      },
      {
        type: "scatter",
        mode: "markers",
        x: models.map(({ byTruth }) => percent(byTruth)),
        y: names,
        marker: { color: LIGHT.text, size: 11, symbol: "diamond-open" },
        hovertemplate: "%{y}, by true probability: %{x} %<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("accuracy (%)", { zeroline: false }),
      yaxis: axis("", {
        type: "category",
        showgrid: false,
        dtick: 1,
        range: [names.length - 0.4, -0.6],
      }),
      shapes: lines.map(({ shape }) => shape),
      annotations: lines.map(({ note }) => note),
      margin: { l: 20, r: 28, t: 52, b: 52 },
    },
  });
}

function compare({ models }: Accuracies): AccuracyComparison {
  return {
    models: models.map(({ model, metrics, ceilings }) => ({
      name: model,
      accuracy: metrics.accuracy,
      aboveMajority: metrics.aboveMajority,
      byTruth: ceilings?.model.estimate ?? Number.NaN,
    })),
    majorityRate: models[0]?.majorityRate ?? Number.NaN,
    attainable: models[0]?.ceilings?.attainable.estimate ?? Number.NaN,
  };
}

/** A line with its name above, each a step higher than the one to its left, since chance and majority lie close together. */
function referenceLine(
  {
    name,
    value,
    color,
    dash,
  }: {
    readonly name: string;
    readonly value: number;
    readonly color: string;
    readonly dash: string;
  },
  step: number,
): { readonly shape: Layout; readonly note: Layout } {
  const x = 100 * value;
  return {
    shape: {
      type: "line",
      x0: x,
      x1: x,
      yref: "paper",
      y0: 0,
      y1: 1,
      line: { color, dash, width: 1.8 },
    },
    note: label(`${name} ${x.toFixed(1)}`, x, 1, {
      yref: "paper",
      yanchor: "bottom",
      xanchor: "center",
      font: { size: 11, color: LIGHT.text },
      yshift: 14 * step,
    }),
  };
}

/** The most accurate model beside majority and attainable, in words. */
function finding({ models, majorityRate, attainable }: AccuracyComparison): string {
  const [best] = [...models].sort((a, b) => b.accuracy.estimate - a.accuracy.estimate);
  if (best === undefined) return "No model was evaluated";
  const beside = Number.isFinite(attainable)
    ? `; ${(100 * attainable).toFixed(1)} % is attainable`
    : "";
  const margin = best.aboveMajority.lower > 0 ? "beyond" : "not beyond";
  const which = models.length > 1 ? `, the most accurate of ${models.length},` : "";
  return `${best.name}${which} is right in ${(100 * best.accuracy.estimate).toFixed(1)} % of rows beside the majority's ${(100 * majorityRate).toFixed(1)} %, ${margin} the interval of the difference${beside}`;
}

function percent(ratio: number): number | null {
  return Number.isFinite(ratio) ? Math.round(10_000 * ratio) / 100 : null;
}
