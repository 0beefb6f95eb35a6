import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { axis, type Figure, figure, label } from "../figure.js";
import { LIGHT } from "../palette.js";

/** What the figure reads of a model's evaluation. */
type Reliability = Pick<
  ModelEvaluation,
  "model" | "reliability" | "calibrators" | "calibrationNoiseFloor"
> & {
  readonly metrics: Pick<ModelEvaluation["metrics"], "calibrationError">;
};

/** How often "up" came true at each stated probability, before calibration and after, with the rows of each bin below. */
export function reliabilityFigure({
  model,
  reliability: bins,
  metrics,
  calibrators = [],
  calibrationNoiseFloor: floor,
}: Reliability): Figure {
  const raw = calibrators.find(({ calibrator }) => calibrator === "none");
  const before = raw?.reliability ?? [];
  const rawStated = before.map(({ meanProbability }) => 100 * meanProbability);
  const rawSeen = before.map(({ upRate }) => 100 * upRate);
  const calibrationError = metrics.calibrationError.estimate;
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const stated = bins.map(({ meanProbability }) => 100 * meanProbability);
  const seen = bins.map(({ upRate }) => 100 * upRate);
  const errors = bins.map((bin) => 196 * Math.sqrt((bin.upRate * (1 - bin.upRate)) / bin.rows));
  const ends = (sign: number): number[] => seen.map((y, i) => y + sign * errors[i]!);
  const low = Math.floor(Math.min(...stated, ...rawStated, ...rawSeen, ...ends(-1), 46) - 1);
  const high = Math.ceil(Math.max(...stated, ...rawStated, ...rawSeen, ...ends(1), 54) + 1);
  const was =
    raw === undefined
      ? ""
      : ` (${(100 * raw.losses.calibrationError.estimate).toFixed(1)} before calibration)`;
  return figure({
    title: `${model} is off by ${(100 * calibrationError).toFixed(1)} points on average when it states a probability${was}${besideNoise(calibrationError, floor)}`,
    subtitle:
      "share of rows that went up against the stated probability, %, in bins of equal size: ● calibrated, ◇ as the model says it; bars are 95 % intervals as if rows were independent, and are too short by far",
    alt: `Points of observed against stated probability of ${model}, beside the dotted diagonal where calibration would be perfect; below, how many rows each bin has.`,
    n: `${rows.toLocaleString("en-US")} rows`,
    height: 460,
    data: [
      {
        type: "scatter",
        mode: "lines",
        x: [low, high],
        y: [low, high],
        line: { color: LIGHT.chance, dash: "dot", width: 1.5 },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "markers",
        x: rawStated.map(rounded),
        y: rawSeen.map(rounded),
        marker: { color: LIGHT.baseline, size: 8, symbol: "diamond-open" },
        hovertemplate: "before calibration: stated %{x} %, came true %{y} %<extra></extra>",
      },
      {
        type: "scatter",
        mode: "lines+markers",
        name: model,
        x: stated.map(rounded),
        y: seen.map(rounded),
        error_y: {
          type: "data",
          array: errors.map(rounded),
          color: LIGHT.model,
          thickness: 1.2,
          width: 4,
        },
        line: { color: LIGHT.model, width: 1.2 },
        marker: { color: LIGHT.model, size: 8 },
        hovertemplate: "stated %{x} %, came true %{y} %<extra></extra>",
      },
      {
        type: "bar",
        x: stated.map(rounded),
        y: bins.map((bin) => bin.rows),
        width: (high - low) / 60,
        marker: { color: LIGHT.chance },
        yaxis: "y2",
        hovertemplate: "%{y} rows<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("stated probability of up (%)", { range: [low, high], anchor: "y2" }),
      yaxis: axis("came true (%)", { domain: [0.28, 1], range: [low, high] }),
      yaxis2: axis("rows", { domain: [0, 0.2], nticks: 3, rangemode: "tozero" }),
      annotations: [
        label("perfect calibration", low + 0.02 * (high - low), low + 0.02 * (high - low), {
          xanchor: "left",
          yanchor: "top",
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

/** What a perfectly calibrated model would show on as few rows. */
function besideNoise(error: number, floor: number): string {
  if (!Number.isFinite(floor)) return "";
  const noise = (100 * floor).toFixed(1);
  return error <= floor
    ? `, no more than the ${noise} of noise alone`
    : `, beside ${noise} of noise alone`;
}

function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}
