import { plotNumbers } from "../downsample.js";
import { axis, dottedLine, type Figure, figure, label } from "../figure.js";
import { LIGHT } from "../palette.js";

/** A model that was trained in epochs. */
export interface TrainedInEpochs {
  readonly name: string;
  readonly folds: readonly {
    /** Epoch 0 is the start, before any step. */
    readonly history: readonly {
      readonly epoch: number;
      readonly trainLoss: number;
      readonly earlyStopLoss: number;
    }[];
  }[];
}

/** Loss of always saying one half: ln 2. */
const CHANCE_LOSS = Math.LN2;

/** Training and early-stop loss of the last fold by epoch, beside the loss of knowing nothing. */
export function learningCurvesFigure({ name: model, folds }: TrainedInEpochs): Figure {
  const history = folds[folds.length - 1]?.history ?? [];
  const epochs = history.map(({ epoch }) => epoch);
  const trainLoss = history.map((epoch) => epoch.trainLoss);
  const earlyStopLoss = history.map((epoch) => epoch.earlyStopLoss);
  const best = Math.min(...earlyStopLoss);
  const bestEpoch = epochs[earlyStopLoss.indexOf(best)] ?? 0;
  const last = epochs[epochs.length - 1] ?? 0;
  const line = (name: string, loss: ArrayLike<number>, color: string): Figure["data"][number] => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x: epochs,
    y: plotNumbers(loss),
    line: { color, width: 2 },
    marker: { color, size: 5 },
  });
  return figure({
    title: `${model} is best after ${bestEpoch} of ${last} epochs, ${gap(best)} knowing nothing`,
    subtitle:
      "mean log loss by epoch on training rows and on the later rows that decide when to stop",
    alt: `Two lines, training loss and early-stop loss of ${model} by epoch, beside the dotted loss of chance, 0.693, and a vertical one at the best epoch, ${bestEpoch}.`,
    n: `${last} epochs`,
    data: [
      line("train", trainLoss, LIGHT.baseline),
      line("early stop", earlyStopLoss, LIGHT.model),
    ],
    layout: {
      xaxis: axis("epoch", { dtick: Math.max(1, Math.ceil(last / 12)), zeroline: false }),
      yaxis: axis("log loss"),
      margin: { l: 72, r: 96, t: 28, b: 52 },
      shapes: [
        dottedLine(CHANCE_LOSS),
        {
          type: "line",
          yref: "paper",
          y0: 0,
          y1: 1,
          x0: bestEpoch,
          x1: bestEpoch,
          line: { color: LIGHT.muted, width: 1.5 },
        },
      ],
      annotations: [
        label("chance", 1, CHANCE_LOSS, {
          xref: "paper",
          xanchor: "left",
          font: { size: 11, color: LIGHT.muted },
        }),
        label("best", bestEpoch, 1, {
          yref: "paper",
          yanchor: "bottom",
          font: { size: 11, color: LIGHT.muted },
        }),
        label("train", last, trainLoss[trainLoss.length - 1] ?? 0, {
          xanchor: "left",
          xshift: 8,
          font: { size: 12, color: LIGHT.baseline },
        }),
        label("early stop", last, earlyStopLoss[earlyStopLoss.length - 1] ?? 0, {
          xanchor: "left",
          xshift: 8,
          font: { size: 12, color: LIGHT.model },
        }),
      ],
    },
  });
}

function gap(loss: number): string {
  const difference = CHANCE_LOSS - loss;
  return `${Math.abs(difference).toFixed(4)} ${difference >= 0 ? "below" : "above"}`;
}
