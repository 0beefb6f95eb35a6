import { LIGHT } from "../../core/palette.js";
import type { InputImportance } from "../../evaluation/input-importance.js";
import { columnAxis, columnLayout } from "../columns.js";
import { plotNumber } from "../downsample.js";
import { intervalText } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, type Trace } from "../figure.js";
import { modelText } from "../model-names.js";
import { rangeText } from "../quantity-text.js";

/** What of the inputs moves each model, by family of features: a panel a model, beside what equal slopes would give. */
export function familyImportanceFigure(importances: readonly InputImportance[]): Figure {
  const families = byWeight(importances);
  const names = importances.map(({ model }) => modelText(model));
  const finding = findingOf(importances, families);
  const windows = importances.length === 0 ? [0] : importances.map((one) => one.windows);
  const layout = columnLayout(
    importances.map(
      ({ model, reach }) => `${modelText(model)}: ${reach.estimate.toFixed(2)} in all`,
    ),
    () => axis("share (%)", { rangemode: "tozero", nticks: 5, matches: "x" }),
    axis("", { type: "category", autorange: "reversed", showgrid: false, dtick: 1 }),
  );
  return figure({
    title: finding,
    subtitle:
      "share of each family of features in the size of the slopes of the log-odds by all inputs of all bars of a window, %, with 95 % intervals over blocks of time; ticks: the share if all slopes were equal; in all: log-odds that a deviation of every input moves",
    alt: `Bars of the families' shares for ${names.join(", ")}, each with an interval and a tick at the share that its number of features alone would give. ${finding}.`,
    n: `${rangeText(windows)} test windows, ${importances[0]?.features ?? 0} features`,
    height: 130 + 26 * families.length,
    data: importances.flatMap((one, panel) => tracesOf(one, panel, families)),
    layout: { ...layout, margin: { l: 20, r: 28, t: 40, b: 52 }, bargap: 0.35 },
  });
}

/** Families from the one that weighs most, by the mean over models. */
function byWeight(importances: readonly InputImportance[]): readonly string[] {
  const weight = new Map<string, number>();
  for (const { families } of importances) {
    for (const { family, share } of families) {
      weight.set(family, (weight.get(family) ?? 0) + share.estimate);
    }
  }
  return [...weight].sort(([, a], [, b]) => b - a).map(([family]) => family);
}

function tracesOf(
  { families, features }: InputImportance,
  panel: number,
  order: readonly string[],
): readonly Trace[] {
  const own = order.flatMap((name) => families.filter(({ family }) => family === name));
  const even = own.map((family) => (100 * family.features) / features);
  const y = own.map(({ family }) => family);
  return [
    {
      type: "bar",
      orientation: "h",
      x: own.map(({ share }) => plotNumber(100 * share.estimate, 2)),
      y,
      marker: { color: LIGHT.model },
      error_x: intervalBars(
        own.map(({ share }) => share),
        { scale: 100, color: LIGHT.text, thickness: 1.2, width: 3 },
      ),
      text: own.map(
        ({ share, features: of }, i) =>
          `${intervalText(share, 1) ?? "no interval"}; ${of} of ${features} features, ${even[i]!.toFixed(1)} % if all slopes were equal`,
      ),
      textposition: "none",
      hovertemplate: "%{y}: %{x} %, %{text}<extra></extra>",
      ...columnAxis(panel),
    },
    {
      type: "scatter",
      mode: "markers",
      x: even.map((share) => plotNumber(share, 2)),
      y,
      marker: { symbol: "line-ns", size: 13, line: { color: LIGHT.chance, width: 3 } },
      hovertemplate: "%{y}, if all slopes were equal: %{x} %<extra></extra>",
      ...columnAxis(panel),
    },
  ];
}

/** The family that weighs most in each model, beside its number of features. */
function findingOf(importances: readonly InputImportance[], order: readonly string[]): string {
  const told = importances.map(({ model, families, features }) => {
    const [most] = [...families].sort((a, b) => b.share.estimate - a.share.estimate);
    if (most === undefined) return `${modelText(model)} has no inputs`;
    const even = most.features / features;
    return `${modelText(model)} by ${most.family} (${percent(most.share.estimate)}, ${(most.share.estimate / even).toFixed(1)} times its share of features)`;
  });
  return order.length === 0
    ? "No model has slopes by its inputs"
    : `Most moved is ${told.join(", ")}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
