import { LIGHT } from "../../core/palette.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import type { ReliabilityPoint } from "../../evaluation/reliability.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText, markOf } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, type Trace } from "../figure.js";
import { type GridPlace, gridAxes, gridLayout } from "../grid.js";
import { modelText } from "../model-names.js";
import { rangeText } from "../quantity-text.js";

/** What the figure reads of an evaluation. */
type Calibrations = Pick<Evaluation, "rows" | "isVoid" | "labelKind"> & {
  readonly models: readonly (Pick<
    ModelEvaluation,
    "model" | "reliability" | "calibrators" | "calibrationNoiseFloor"
  > & { readonly metrics: Pick<ModelEvaluation["metrics"], "calibrationError"> })[];
};

/** One model before calibration or after. */
interface Panel extends GridPlace {
  readonly name: string;
  readonly bins: readonly ReliabilityPoint[];
  readonly symbol: string;
  readonly color: string;
}

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
      ...gridLayout(
        panels,
        panels.map(({ name }) => name),
        {
          columns: Math.max(1, models.length),
          rows: 2,
          xAxis: axis("stated probability of up (%)", { range, zeroline: false, nticks: 5 }),
          yAxis: axis("came true (%)", { range, zeroline: false, nticks: 5 }),
        },
      ),
      margin: { l: 64, r: 20, t: 4, b: 52 },
    },
  });
}

function panelsOf(
  { model, reliability, calibrators = [], metrics }: Calibrations["models"][number],
  column: number,
): readonly Panel[] {
  const raw = calibrators.find(({ calibrator }) => calibrator === "none");
  const name = (when: string, error: number | undefined): string =>
    `${modelText(model)} ${when}: ${error === undefined ? "not known" : `off by ${points(error)}`}`;
  return [
    {
      name: name("as it says it", raw?.losses.calibrationError.estimate),
      bins: raw?.reliability ?? [],
      symbol: "diamond-open",
      color: LIGHT.baseline,
      column,
      row: 0,
    },
    {
      name: name("calibrated", metrics.calibrationError.estimate),
      bins: reliability,
      symbol: "circle",
      color: LIGHT.model,
      column,
      row: 1,
    },
  ];
}

function tracesOf(
  { bins, symbol, color }: Panel,
  i: number,
  range: readonly [number, number],
): readonly Trace[] {
  const place = gridAxes(i);
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

/** Which models are further off after calibration than noise alone, and how far each is before and after. */
function findingOf(models: Calibrations["models"]): string {
  if (models.length === 0) return "No model was evaluated";
  const told = models.map(({ model, calibrators = [], metrics, calibrationNoiseFloor: floor }) => {
    const raw = calibrators.find(({ calibrator }) => calibrator === "none");
    const was = raw === undefined ? "" : `${points(raw.losses.calibrationError.estimate)} → `;
    const noise = Number.isFinite(floor) ? `, noise ${points(floor)}` : "";
    return `${modelText(model)} ${was}${points(metrics.calibrationError.estimate)}${noise}`;
  });
  return `Calibrated, ${besideNoise(models)}: ${told.join("; ")} (points)`;
}

/** Noise is the mean of what faithful models show: nearly every second one of them lies above it. */
function besideNoise(models: Calibrations["models"]): string {
  const known = models.filter(({ calibrationNoiseFloor }) =>
    Number.isFinite(calibrationNoiseFloor),
  );
  if (known.length === 0) return "how far noise alone is off is not known";
  const beyond = known
    .filter(({ metrics, calibrationNoiseFloor: floor }) => {
      return metrics.calibrationError.estimate > floor;
    })
    .map(({ model }) => modelText(model));
  const none = known.length < models.length ? "no model whose noise is known" : "no model";
  const who =
    beyond.length === 0
      ? `${none} is further off`
      : `${beyond.join(" and ")} ${beyond.length === 1 ? "is" : "are"} further off`;
  return `${who} than noise alone is on average`;
}

function points(ratio: number): string {
  return (100 * ratio).toFixed(1);
}
