import { LIGHT } from "../../core/palette.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import type { ReliabilityPoint } from "../../evaluation/reliability.js";
import { plotNumber } from "../downsample.js";
import { independentText, intervalText } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, label } from "../figure.js";
import { rangeText } from "../quantity-text.js";

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
  const ends = bins.flatMap(({ lower, upper }) => [100 * lower, 100 * upper]);
  const shown = [...stated, ...seen, ...rawStated, ...rawSeen, ...ends].filter(Number.isFinite);
  const low = Math.floor(Math.min(...shown, 46) - 1);
  const high = Math.ceil(Math.max(...shown, 54) + 1);
  const across = statedRange([...stated, ...rawStated], { low, high });
  const was =
    raw === undefined
      ? ""
      : ` (${(100 * raw.losses.calibrationError.estimate).toFixed(1)} before calibration)`;
  return figure({
    title: `${model} is off by ${(100 * calibrationError).toFixed(1)} points on average when it states a probability${was}${besideNoise(calibrationError, floor)}`,
    subtitle:
      "share of rows that went up against the stated probability, %, in bins of equal size, with 95 % block-bootstrap intervals: ● calibrated, ◇ as the model says it",
    alt: `Points of observed against stated probability of ${model}, beside the dotted diagonal where calibration would be perfect; below, how many rows each bin has.`,
    n: `${rows.toLocaleString("en-US")} rows${worthText(bins)}`,
    height: 460,
    data: [
      {
        type: "scatter",
        mode: "lines",
        x: across,
        y: across,
        line: { color: LIGHT.chance, dash: "dot", width: 1.5 },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "markers",
        x: rawStated.map(twoDigits),
        y: rawSeen.map(twoDigits),
        text: before.map(binText),
        marker: { color: LIGHT.baseline, size: 8, symbol: "diamond-open" },
        hovertemplate:
          "before calibration: stated %{x} %, came true %{y} %, %{text}<extra></extra>",
      },
      {
        type: "scatter",
        mode: "lines+markers",
        name: model,
        x: stated.map(twoDigits),
        y: seen.map(twoDigits),
        error_y: intervalBars(
          bins.map((bin) => ({ ...bin, estimate: bin.upRate })),
          { scale: 100, color: LIGHT.model, thickness: 1.2, width: 4 },
        ),
        text: bins.map(binText),
        line: { color: LIGHT.model, width: 1.2 },
        marker: { color: LIGHT.model, size: 8 },
        hovertemplate: "stated %{x} %, came true %{y} %, %{text}<extra></extra>",
      },
      {
        type: "bar",
        x: stated.map(twoDigits),
        y: bins.map((bin) => bin.rows),
        width: (across[1] - across[0]) / 60,
        marker: { color: LIGHT.chance },
        yaxis: "y2",
        text: bins.map(independentText),
        textposition: "none",
        hovertemplate: "%{y} rows, %{text}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("stated probability of up (%)", { range: across, anchor: "y2" }),
      yaxis: axis("came true (%)", { domain: [0.28, 1], range: [low, high] }),
      yaxis2: axis("rows", { domain: [0, 0.2], nticks: 3, rangemode: "tozero" }),
      annotations: [
        label("perfect calibration", across[0] + 0.02 * (across[1] - across[0]), across[0], {
          xanchor: "left",
          yanchor: "top",
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

/** The scale of what came true, so that the diagonal rises as steeply as it should; closer where stated values hardly differ. */
function statedRange(
  stated: readonly number[],
  { low, high }: { readonly low: number; readonly high: number },
): readonly [number, number] {
  const [least, most] = [Math.min(...stated), Math.max(...stated)];
  if (!(most - least < (high - low) / 5)) return [low, high];
  const room = Math.max(0.1, (most - least) / 4);
  return [least - room, most + room];
}

/** What a perfectly calibrated model would show on as few rows. */
function besideNoise(error: number, floor: number): string {
  if (!Number.isFinite(floor)) return "";
  const noise = (100 * floor).toFixed(1);
  return error <= floor
    ? `, no more than the ${noise} of noise alone`
    : `, beside ${noise} of noise alone`;
}

function binText(bin: ReliabilityPoint): string {
  return `${intervalText(bin, 1) ?? "no interval"}, ${independentText(bin)}`;
}

/** How many independent rows a bin is worth. */
function worthText(bins: readonly ReliabilityPoint[]): string {
  if (bins.length === 0) return "";
  return `, ${rangeText(bins.map(({ effectiveRows }) => effectiveRows))} independent a bin`;
}

function twoDigits(value: number): number | null {
  return plotNumber(value, 2);
}
