import type { Evaluation } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import type { ReliabilityPoint } from "../../evaluation/reliability.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText, markOf } from "../evaluation-marks.js";
import {
  axis,
  type Figure,
  figure,
  intervalBars,
  type Layout,
  label,
  type Trace,
} from "../figure.js";
import { modelText } from "../model-names.js";
import { LIGHT } from "../palette.js";
import { rangeText } from "../quantity-text.js";

/** What the figure reads of an evaluation. */
type Calibrations = Pick<Evaluation, "rows" | "isVoid" | "labelKind"> & {
  readonly models: readonly (Pick<
    ModelEvaluation,
    "model" | "reliability" | "calibrators" | "calibrationNoiseFloor"
  > & { readonly metrics: Pick<ModelEvaluation["metrics"], "calibrationError"> })[];
};

/** One model before calibration or after. */
interface Panel {
  readonly bins: readonly ReliabilityPoint[];
  readonly error: number;
  readonly symbol: string;
  readonly color: string;
  readonly column: number;
  readonly row: number;
}

const GAP = 0.05;
const TOP = [0.55, 0.95] as const;
const BOTTOM = [0, 0.4] as const;

/** Reliability of each model as it says it, above, and calibrated, below: the same scale everywhere. */
export function calibrationPanelsFigure(evaluation: Calibrations): Figure {
  const { models, rows } = evaluation;
  const panels = models.flatMap(panelsOf);
  const bins = panels.flatMap((panel) => panel.bins);
  const ends = bins.flatMap(({ meanProbability: p, lower, upper }) => [p, lower, upper]);
  const known = ends.filter(Number.isFinite).map((ratio) => 100 * ratio);
  const range = [Math.floor(Math.min(46, ...known)), Math.ceil(Math.max(54, ...known))] as const;
  const finding = findingOf(models);
  const worth = bins.map(({ effectiveRows }) => effectiveRows);
  return figure({
    title: `${markOf(evaluation)}${finding}`,
    subtitle:
      "share of rows that went up against the stated probability, %, in bins of equal size with 95 % block-bootstrap intervals: above as the model says it, below calibrated; dotted: where both are the same",
    alt: `Two rows of panels, a column for each of ${models.map(({ model }) => modelText(model)).join(", ")}: observed against stated probability beside the dotted diagonal, before calibration above and after it below. ${finding}.`,
    n: `${rows.toLocaleString("en-US")} test rows of each model${worth.length === 0 ? "" : `, ${rangeText(worth)} independent a bin`}`,
    height: 560,
    data: panels.flatMap((panel, i) => tracesOf(panel, i, range)),
    layout: {
      ...Object.fromEntries(panels.flatMap((panel, i) => axesOf(panel, i, models.length, range))),
      annotations: panels.map((panel, i) => nameOf(panel, i, models)),
      margin: { l: 64, r: 20, t: 8, b: 52 },
    },
  });
}

function panelsOf(
  { reliability, calibrators = [], metrics }: Calibrations["models"][number],
  column: number,
): readonly Panel[] {
  const raw = calibrators.find(({ calibrator }) => calibrator === "none");
  const after = { bins: reliability, error: metrics.calibrationError.estimate };
  const before = { bins: raw?.reliability ?? [], error: raw?.losses.calibrationError.estimate };
  return [
    {
      ...before,
      ...{ error: before.error ?? Number.NaN, symbol: "diamond-open", color: LIGHT.baseline },
      ...{ column, row: 0 },
    },
    { ...after, symbol: "circle", color: LIGHT.model, column, row: 1 },
  ];
}

function tracesOf(
  { bins, symbol, color }: Panel,
  i: number,
  range: readonly [number, number],
): readonly Trace[] {
  const place = i === 0 ? {} : { xaxis: `x${i + 1}`, yaxis: `y${i + 1}` };
  return [
    {
      type: "scatter",
      mode: "lines",
      x: range,
      y: range,
      line: { color: LIGHT.chance, dash: "dot", width: 1.5 },
      hoverinfo: "skip",
      ...place,
    },
    {
      type: "scatter",
      mode: "markers",
      x: bins.map(({ meanProbability }) => plotNumber(100 * meanProbability, 2)),
      y: bins.map(({ upRate }) => plotNumber(100 * upRate, 2)),
      error_y: intervalBars(
        bins.map((bin) => ({ ...bin, estimate: bin.upRate })),
        { scale: 100, color, thickness: 1.2, width: 3 },
      ),
      marker: { color, size: 7, symbol },
      text: bins.map((bin) => `${intervalText(bin, 1) ?? "no interval"}, ${independentText(bin)}`),
      hovertemplate: "stated %{x} %, came true %{y} %, %{text}<extra></extra>",
      ...place,
    },
  ];
}

function axesOf(
  { column, row }: Panel,
  i: number,
  columns: number,
  range: readonly [number, number],
): readonly (readonly [string, Layout])[] {
  const of = i === 0 ? "" : String(i + 1);
  const width = (1 - GAP * (columns - 1)) / columns;
  const from = column * (width + GAP);
  const isFirst = column === 0;
  const spaced = { range, zeroline: false, nticks: 5 };
  return [
    [
      `xaxis${of}`,
      axis(row === 1 ? "stated probability of up (%)" : "", {
        ...spaced,
        domain: [from, Math.min(1, from + width)],
        anchor: `y${of}`,
      }),
    ],
    [
      `yaxis${of}`,
      axis(isFirst ? "came true (%)" : "", {
        ...spaced,
        domain: row === 0 ? TOP : BOTTOM,
        anchor: `x${of}`,
        showticklabels: isFirst,
      }),
    ],
  ];
}

/** Set above a panel: whose it is, and how far off it is on average. */
function nameOf({ error, row, column }: Panel, i: number, models: Calibrations["models"]): Layout {
  const of = i === 0 ? "" : String(i + 1);
  const name = modelText(models[column]!.model);
  const when = row === 0 ? `${name} as it says it` : `${name} calibrated`;
  const off = Number.isFinite(error) ? `: off by ${points(error)}` : ": not known";
  return label(`${when}${off}`, 0, 1, {
    xref: `x${of} domain`,
    yref: `y${of} domain`,
    xanchor: "left",
    yanchor: "bottom",
    yshift: 3,
    font: { size: 12.5, color: LIGHT.text },
  });
}

/** Which models are further off after calibration than noise alone, and how far each is before and after. */
function findingOf(models: Calibrations["models"]): string {
  if (models.length === 0) return "No model was evaluated";
  const told = models.map(({ model, calibrators = [], metrics, calibrationNoiseFloor: floor }) => {
    const raw = calibrators.find(({ calibrator }) => calibrator === "none");
    const was = raw === undefined ? "" : `${points(raw.losses.calibrationError.estimate)} → `;
    const noise = Number.isFinite(floor) ? `, noise ${points(floor)}` : "";
    return `${modelText(model)} ${was}${points(metrics.calibrationError.estimate)}${noise}`;
  });
  const beyond = models
    .filter(({ metrics, calibrationNoiseFloor: floor }) => {
      return metrics.calibrationError.estimate > floor;
    })
    .map(({ model }) => modelText(model));
  const who =
    beyond.length === 0
      ? "no model is further off"
      : `${beyond.join(" and ")} ${beyond.length === 1 ? "is" : "are"} further off`;
  return `Calibrated, ${who} than noise alone would be: ${told.join("; ")} (points)`;
}

function points(ratio: number): string {
  return (100 * ratio).toFixed(1);
}
