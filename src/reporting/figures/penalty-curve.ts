import { LIGHT } from "../../core/palette.js";
import { axis, dottedLine, type Figure, figure, label } from "../figure.js";
import { logTicks } from "../log-ticks.js";

/** A model whose prior may have been chosen, as far as the curve goes. */
export interface PenalisedModel {
  readonly name: string;
  readonly folds: readonly {
    readonly penalty?: {
      readonly priorDeviation: number;
      readonly curve: readonly {
        readonly priorDeviation: number;
        readonly logLoss: number;
        readonly standardError: number;
      }[];
    };
  }[];
}

/** Loss of always saying one half: ln 2. */
const CHANCE_LOSS = Math.LN2;

/** Held-out loss by prior in the last fold's cross-validation, and the prior that was taken. */
export function penaltyFigure({ name, folds }: PenalisedModel): Figure {
  const penalty = folds.at(-1)?.penalty;
  const curve = penalty?.curve ?? [];
  const deviations = curve.map(({ priorDeviation }) => priorDeviation);
  const losses = curve.map(({ logLoss }) => logLoss);
  const errors = curve.map(({ standardError }) => standardError);
  const finding = findingOf(name, penalty);
  return figure({
    title: finding,
    subtitle:
      "mean log-loss of the blocks of training time that were held out in turn, nats, by the deviation of the prior on a weight (log scale); bars: one standard error over blocks",
    alt: `Points of held-out log-loss by the prior's deviation, with a ring around the one that was taken, beside the loss of knowing nothing, 0.693. ${finding}.`,
    n: `${curve.length} priors`,
    data: [
      {
        type: "scatter",
        mode: "lines+markers",
        x: deviations,
        y: losses.map(rounded),
        error_y: {
          type: "data",
          array: errors.map(rounded),
          color: LIGHT.model,
          thickness: 1.4,
          width: 5,
        },
        line: { color: LIGHT.model, width: 1.2 },
        marker: { color: LIGHT.model, size: 8 },
        hovertemplate: "prior %{x}: %{y} nats<extra></extra>",
      },
      {
        type: "scatter",
        mode: "markers",
        x: penalty === undefined || curve.length === 0 ? [] : [penalty.priorDeviation],
        y: curve
          .filter(({ priorDeviation }) => priorDeviation === penalty?.priorDeviation)
          .map(({ logLoss }) => rounded(logLoss)),
        marker: {
          color: LIGHT.text,
          size: 17,
          symbol: "circle-open",
          line: { color: LIGHT.text, width: 2 },
        },
        hovertemplate: "taken: prior %{x}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("deviation of the prior (held close ← → loosely)", {
        type: "log",
        tickmode: "array",
        ...logTicks(deviations),
      }),
      yaxis: axis("held-out log-loss (nats)", { zeroline: false }),
      margin: { l: 84, r: 76, t: 20, b: 52 },
      shapes: [dottedLine(CHANCE_LOSS)],
      annotations: [
        label("knowing<br>nothing", 1, CHANCE_LOSS, {
          xref: "paper",
          xanchor: "left",
          xshift: 6,
          align: "left",
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

function findingOf(name: string, penalty: PenalisedModel["folds"][number]["penalty"]): string {
  if (penalty === undefined) return `${name} has no weights to hold back`;
  const { priorDeviation, curve } = penalty;
  if (curve.length === 0) {
    return `The prior of ${name} was given, not chosen: a deviation of ${priorDeviation}`;
  }
  const best = curve.find((one) => one.priorDeviation === priorDeviation);
  const equal = curve.filter(
    ({ logLoss }) =>
      best !== undefined &&
      logLoss !== best.logLoss &&
      logLoss <= best.logLoss + best.standardError,
  );
  const isIdle = best !== undefined && best.logLoss >= CHANCE_LOSS;
  const beside = isIdle
    ? "even that is no better than knowing nothing"
    : equal.length === 0
      ? "beyond one standard error of all others"
      : `${equal.length} of the others ${equal.length === 1 ? "is" : "are"} within one standard error of it`;
  return `Cross-validation in time takes a prior of deviation ${priorDeviation} for ${name}; ${beside}`;
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(1e5 * value) / 1e5 : null;
}
