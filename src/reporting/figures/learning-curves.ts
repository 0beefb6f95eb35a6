import { LIGHT } from "../../core/palette.js";
import { columnAxis, columnLayout, columnName } from "../columns.js";
import { plotNumbers } from "../downsample.js";
import {
  axis,
  dottedLine,
  type Figure,
  figure,
  type Layout,
  label,
  type Trace,
} from "../figure.js";
import { modelText } from "../model-names.js";

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

/** One network's curves: those of its last fold. */
interface Curves {
  readonly model: string;
  readonly epochs: readonly number[];
  readonly trainLoss: readonly number[];
  readonly earlyStopLoss: readonly number[];
  /** Epoch with the least early-stop loss, whose weights are kept. */
  readonly bestEpoch: number;
  readonly best: number;
}

/** Training and early-stop loss by epoch, a panel a network, beside the loss of its start and of knowing nothing. */
export function learningCurvesFigure(models: readonly TrainedInEpochs[]): Figure {
  const curves = models.map(curvesOf);
  const folds = Math.max(0, ...models.map((model) => model.folds.length));
  const finding = curves.map(findingOf).join("; ");
  const names = curves.map(({ model }) => model);
  const layout = columnLayout(
    names,
    (panel) => {
      const last = curves[panel]!.epochs.at(-1) ?? 0;
      return axis("epoch", { dtick: Math.max(1, Math.ceil(last / 6)), zeroline: false });
    },
    axis("log-loss (nats)"),
  );
  return figure({
    title: finding,
    subtitle: `mean log-loss by epoch${folds > 1 ? ` of the last of ${folds} folds` : ""}: dashed on training rows, with dropout; solid on the later rows that decide when to stop; line at the epoch whose weights are kept`,
    alt: `For ${names.join(" and ")} two lines, training loss and early-stop loss by epoch, beside the dotted loss of chance, 0.693, and a vertical one at the best epoch. ${finding}.`,
    n: curves.map(({ epochs, model }) => `${epochs.at(-1) ?? 0} epochs of ${model}`).join(", "),
    data: curves.flatMap(tracesOf),
    layout: {
      ...layout,
      margin: { l: 72, r: 84, t: 40, b: 52 },
      shapes: [dottedLine(CHANCE_LOSS), ...curves.map(bestLine)],
      annotations: [...layout.annotations, ...labelsOf(curves)],
    },
  });
}

function curvesOf({ name, folds }: TrainedInEpochs): Curves {
  const history = folds.at(-1)?.history ?? [];
  const epochs = history.map(({ epoch }) => epoch);
  const earlyStopLoss = history.map((epoch) => epoch.earlyStopLoss);
  const best = Math.min(...earlyStopLoss);
  return {
    model: modelText(name),
    epochs,
    trainLoss: history.map((epoch) => epoch.trainLoss),
    earlyStopLoss,
    bestEpoch: epochs[earlyStopLoss.indexOf(best)] ?? 0,
    best,
  };
}

/** How far training came from where it started, and how that lies to knowing nothing. */
function findingOf({ model, epochs, earlyStopLoss, bestEpoch, best }: Curves): string {
  const last = epochs.at(-1) ?? 0;
  const start = earlyStopLoss[0] ?? best;
  const known = `${apart(best, CHANCE_LOSS)} knowing nothing`;
  if (bestEpoch === 0) return `${model} never betters its start in ${last} epochs, ${known}`;
  return `${model} is best after ${bestEpoch} of ${last} epochs, ${(start - best).toFixed(4)} below its start and ${known}`;
}

function apart(loss: number, other: number): string {
  return `${Math.abs(other - loss).toFixed(4)} ${loss <= other ? "below" : "above"}`;
}

function tracesOf({ epochs, trainLoss, earlyStopLoss }: Curves, panel: number): readonly Trace[] {
  const line = (name: string, loss: readonly number[], style: Layout): Trace => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x: epochs,
    y: plotNumbers(loss),
    hovertemplate: `epoch %{x}, ${name}: %{y}<extra></extra>`,
    ...style,
    ...columnAxis(panel),
  });
  const { baseline, model } = LIGHT;
  return [
    line("train", trainLoss, {
      line: { color: baseline, width: 1.8, dash: "dash" },
      marker: { color: baseline, size: 5, symbol: "circle-open" },
    }),
    line("early stop", earlyStopLoss, {
      line: { color: model, width: 2 },
      marker: { color: model, size: 5 },
    }),
  ];
}

function bestLine({ bestEpoch }: Curves, panel: number): Layout {
  return {
    type: "line",
    xref: columnName(panel),
    yref: "paper",
    y0: 0,
    y1: 1,
    x0: bestEpoch,
    x1: bestEpoch,
    line: { color: LIGHT.muted, width: 1.2 },
    layer: "below",
  };
}

/** Names of the lines at the right of the last panel; the others have the same. */
function labelsOf(curves: readonly Curves[]): readonly Layout[] {
  const best = curves.map(({ bestEpoch }, panel) =>
    label(bestEpoch === 0 ? "start is best" : `best: ${bestEpoch}`, bestEpoch, 0, {
      xref: columnName(panel),
      yref: "paper",
      xanchor: "left",
      yanchor: "bottom",
      xshift: 3,
      font: { size: 11, color: LIGHT.muted },
    }),
  );
  const chance = label("chance", 1, CHANCE_LOSS, {
    xref: "paper",
    xanchor: "left",
    xshift: 8,
    font: { size: 11, color: LIGHT.muted },
  });
  const last = curves.at(-1);
  if (last === undefined) return [chance];
  const end = (name: string, loss: readonly number[], color: string): Layout =>
    label(name, last.epochs.at(-1) ?? 0, loss.at(-1) ?? 0, {
      xref: columnName(curves.length - 1),
      xanchor: "left",
      xshift: 8,
      font: { size: 12, color },
    });
  return [
    ...best,
    chance,
    end("train", last.trainLoss, LIGHT.baseline),
    end("early stop", last.earlyStopLoss, LIGHT.model),
  ];
}
