import { LIGHT } from "../../core/palette.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import type { GroupAccuracy } from "../../evaluation/group-accuracy.js";
import { columnAxis, columnLayout } from "../columns.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText, markOf } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, type Trace } from "../figure.js";
import { modelText } from "../model-names.js";
import { rangeText } from "../quantity-text.js";

/** What the figure reads of an evaluation. */
type BySymbol = Pick<Evaluation, "rows" | "isVoid" | "labelKind"> & {
  readonly models: readonly Pick<ModelEvaluation, "model" | "bySymbol">[];
};

/** Accuracy of each model on each symbol, beside the symbol's own majority and ceiling: a panel a symbol. */
export function symbolAccuracyFigure(evaluation: BySymbol): Figure {
  const { models, rows } = evaluation;
  const first = models[0]?.bySymbol ?? [];
  const symbols = first.filter((group) => group.rows > 0);
  const names = symbols.map(({ group }) => group);
  const finding = findingOf(evaluation);
  const isTrue = symbols.some(({ byTruth }) => Number.isFinite(byTruth?.attainable));
  const worth = models.flatMap(({ bySymbol }) => {
    return bySymbol.filter((group) => group.rows > 0).map(({ accuracy }) => accuracy.effectiveRows);
  });
  const layout = columnLayout(
    names,
    () => axis("accuracy (%)", { zeroline: false, nticks: 5, matches: "x" }),
    axis("", {
      type: "category",
      showgrid: false,
      dtick: 1,
      range: [models.length - 0.4, -0.6],
    }),
  );
  const ceiling = isTrue
    ? "; ◇ by the true probabilities, without luck; dashed: what is attainable there"
    : "";
  return figure({
    title: `${markOf(evaluation)}${finding}`,
    subtitle: `share of a symbol's test rows whose direction was right, %, with 95 % block-bootstrap intervals; line: the symbol's own majority${ceiling}; dotted: chance`,
    alt: `A panel for each of ${names.join(", ")}: points with intervals for ${models.map(({ model }) => modelText(model)).join(", ")} beside vertical lines for chance and the majority${isTrue ? " and what is attainable" : ""}. ${finding}.`,
    n: `${rows.toLocaleString("en-US")} test rows${worth.length === 0 ? "" : `, ${rangeText(worth)} independent a point`}`,
    height: 150 + 44 * models.length,
    data: names.flatMap((name, panel) => tracesOf(name, panel, models)),
    layout: {
      ...layout,
      margin: { l: 20, r: 28, t: 40, b: 52 },
      shapes: symbols.flatMap((group, panel) => linesOf(group, panel)),
    },
  });
}

function tracesOf(symbol: string, panel: number, models: BySymbol["models"]): readonly Trace[] {
  const groups = models.map(({ bySymbol }) => bySymbol.find(({ group }) => group === symbol)!);
  const y = models.map(({ model }) => modelText(model));
  return [
    {
      type: "scatter",
      mode: "markers",
      x: groups.map(({ accuracy }) => plotNumber(100 * accuracy.estimate, 2)),
      y,
      error_x: intervalBars(
        groups.map(({ accuracy }) => accuracy),
        { scale: 100, color: LIGHT.model, thickness: 2, width: 6 },
      ),
      marker: { color: LIGHT.model, size: 10 },
      text: groups.map(
        ({ accuracy }) =>
          `${intervalText(accuracy, 1) ?? "no interval"}, ${independentText(accuracy)}`,
      ),
      hovertemplate: `${symbol}, %{y}: %{x} %, %{text}<extra></extra>`,
      ...columnAxis(panel),
    },
    {
      type: "scatter",
      mode: "markers",
      x: groups.map(({ byTruth }) => plotNumber(100 * (byTruth?.model ?? Number.NaN), 2)),
      y,
      marker: { color: LIGHT.text, size: 10, symbol: "diamond-open" },
      hovertemplate: `${symbol}, %{y}, by true probability: %{x} %<extra></extra>`,
      ...columnAxis(panel),
    },
  ];
}

function linesOf({ majorityRate, byTruth }: GroupAccuracy, panel: number): readonly object[] {
  const lines = [
    { value: 0.5, color: LIGHT.chance, dash: "dot" },
    { value: majorityRate, color: LIGHT.baseline, dash: "solid" },
    { value: byTruth?.attainable ?? Number.NaN, color: LIGHT.attainable, dash: "dash" },
  ];
  return lines
    .filter(({ value }) => Number.isFinite(value))
    .map(({ value, color, dash }) => ({
      type: "line",
      xref: columnAxis(panel)["xaxis"] ?? "x",
      yref: "paper",
      y0: 0,
      y1: 1,
      x0: 100 * value,
      x1: 100 * value,
      line: { color, dash, width: 1.8 },
      layer: "below",
    }));
}

/** On which symbols each model is above the symbol's own majority, with its whole interval; or that there is none to tell by. */
function findingOf({ models }: BySymbol): string {
  if (models.length === 0) return "No model was evaluated";
  const hasInterval = models.some(({ bySymbol }) => {
    return bySymbol.some(({ accuracy }) => Number.isFinite(accuracy.lower));
  });
  if (!hasInterval) return "Too short a test for an interval on any symbol";
  const told = models.flatMap(({ model, bySymbol }) => {
    const above = bySymbol.filter(({ rows, accuracy, majorityRate }) => {
      return rows > 0 && accuracy.lower > majorityRate;
    });
    const symbols = above.map(({ group }) => group).join(" and ");
    return above.length === 0 ? [] : [`${modelText(model)} on ${symbols}`];
  });
  return told.length === 0
    ? "On no symbol does any model's whole interval lie above the symbol's own majority"
    : `Above the symbol's own majority, with the whole interval, lies ${told.join(", ")}`;
}
