import type { Bootstrapped, Uncertainty } from "../../core/block-bootstrap.js";
import { LIGHT } from "../../core/palette.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText, markOf, NO_INTERVAL } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, type Layout, label } from "../figure.js";
import { modelText, readsFeatures, TEST_MAJORITY } from "../model-names.js";

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
    readonly model: string;
    readonly accuracy: Bootstrapped;
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
  const names = models.map(({ model }) => modelText(model));
  const references = [
    { name: "chance", value: 0.5, color: LIGHT.chance, dash: "dot" },
    { name: TEST_MAJORITY, value: majorityRate, color: LIGHT.baseline, dash: "solid" },
    { name: "attainable", value: attainable, color: LIGHT.attainable, dash: "dash" },
  ];
  const lines = references
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value)
    .map(referenceLine);
  const isTrue = models.some(({ byTruth }) => Number.isFinite(byTruth));
  return figure({
    title: `${markOf(evaluation)}${finding(comparison)}`,
    subtitle: `share of test rows whose direction was right, %, with 95 % block-bootstrap intervals${isTrue ? "; open diamonds: by the true probability, without luck" : ""}${majorityWords(comparison)}`,
    alt: `Points with intervals for ${names.join(", ")}, beside vertical lines for chance, the ${TEST_MAJORITY}${Number.isFinite(attainable) ? " and what is attainable" : ""}. ${finding(comparison)}.`,
    n: `${rows.toLocaleString("en-US")} test rows, ${independentText({ effectiveRows })}`,
    height: 150 + 44 * models.length,
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: models.map(({ accuracy }) => plotNumber(100 * accuracy.estimate, 2)),
        y: names,
        error_x: intervalBars(
          models.map(({ accuracy }) => accuracy),
          { scale: 100, color: LIGHT.model, thickness: 2, width: 6 },
        ),
        marker: { color: LIGHT.model, size: 11 },
        text: models.map(
          ({ accuracy }) =>
            `${intervalText(accuracy, 1) ?? "no interval"}, ${independentText(accuracy)}`,
        ),
        hovertemplate: "%{y}: %{x} %, %{text}<extra></extra>",
      },
      {
        type: "scatter",
        mode: "markers",
        x: models.map(({ byTruth }) => plotNumber(100 * byTruth, 2)),
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
      model,
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

/** The most accurate model that reads features, beside the test's own majority and what is attainable, in words. */
function finding({ models, majorityRate, attainable }: AccuracyComparison): string {
  const reading = models.filter(readsFeatures);
  const rivals = reading.length > 0 ? reading : models;
  const [best] = [...rivals].sort((a, b) => b.accuracy.estimate - a.accuracy.estimate);
  if (best === undefined) return "No model was evaluated";
  const beside = Number.isFinite(attainable)
    ? `; ${(100 * attainable).toFixed(1)} % is attainable`
    : "";
  const { lower } = best.aboveMajority;
  const beyond = lower > 0 ? "beyond the interval" : "not beyond the interval";
  const margin = Number.isNaN(lower) ? NO_INTERVAL : beyond;
  const which =
    rivals.length > 1 ? `, the most accurate of ${rivals.length} that read features,` : "";
  return (
    `${modelText(best.model)}${which} is right in ${(100 * best.accuracy.estimate).toFixed(1)} % of rows, ` +
    `the ${TEST_MAJORITY} in ${(100 * majorityRate).toFixed(1)} %: ${margin} of the difference${beside}`
  );
}

/** Which of the two majorities is the line and which the point. */
function majorityWords({ models }: AccuracyComparison): string {
  return models.every(readsFeatures)
    ? ""
    : "; the line is the side more frequent in the test itself, which nobody knew before, and majority of training the side more frequent there";
}
