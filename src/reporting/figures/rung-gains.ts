import { LIGHT } from "../../core/palette.js";
import type { ExperimentEvaluation } from "../../evaluation/evaluate-models.js";
import type { Rung } from "../../evaluation/ladder.js";
import { plotNumber } from "../downsample.js";
import { gainText, independentText, intervalText, markOf } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, label } from "../figure.js";
import { modelText } from "../model-names.js";
import { rangeText } from "../quantity-text.js";

/** What the figure reads of an evaluation. */
type Rungs = Pick<ExperimentEvaluation, "isVoid" | "labelKind"> & {
  readonly rungs: {
    readonly rows: number;
    readonly rungs: readonly Pick<Rung, "model" | "overPrevious">[];
  };
};

const COLOURS = { better: LIGHT.good, undecided: LIGHT.undecided, worse: LIGHT.bad } as const;
const SYMBOLS = { better: "circle", undecided: "diamond", worse: "square" } as const;

/** What each rung of the baseline ladder adds to the one below it, in points of accuracy, paired row by row. */
export function rungGainsFigure(evaluation: Rungs): Figure {
  const { rungs, rows } = evaluation.rungs;
  const steps = rungs.flatMap(({ model, overPrevious }) =>
    overPrevious === undefined
      ? []
      : [{ ...overPrevious, model: modelText(model), over: modelText(overPrevious.over) }],
  );
  const names = steps.map(({ model, over }) => `${model}<br>over ${over}`);
  const gains = steps.map(({ accuracy }) => accuracy);
  const finding = findingOf(steps);
  const worth = gains.map(({ effectiveRows }) => effectiveRows);
  return figure({
    title: `${markOf(evaluation)}${finding}`,
    subtitle:
      "accuracy less that of the rung below on the same rows, points, with the 95 % interval of each difference by itself; ● better ◆ undecided ■ worse",
    alt: `Points with intervals around zero, one row a rung: ${steps.map(({ model, over, accuracy }) => `${model} over ${over} ${accuracy.verdict}`).join(", ")}.`,
    n: `${rows.toLocaleString("en-US")} test rows${worth.length === 0 ? "" : `, ${rangeText(worth)} independent`}`,
    height: 110 + 44 * Math.max(1, steps.length),
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: gains.map(({ estimate }) => plotNumber(100 * estimate, 2)),
        y: names,
        error_x: intervalBars(gains, {
          scale: 100,
          color: LIGHT.muted,
          thickness: 1.8,
          width: 5,
        }),
        marker: {
          color: gains.map(({ verdict }) => COLOURS[verdict]),
          symbol: gains.map(({ verdict }) => SYMBOLS[verdict]),
          size: 11,
        },
        customdata: steps.map(({ model, over }) => `${model} over ${over}`),
        text: gains.map(
          (gain) =>
            `${intervalText(gain, 1) ?? "no interval"}, ${independentText(gain)}, ${gainText(gain.verdict)}`,
        ),
        hovertemplate: "%{customdata}: %{x} points, %{text}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis("points of accuracy", { zeroline: true, zerolinewidth: 2 }),
      yaxis: axis("", { type: "category", autorange: "reversed", showgrid: false, dtick: 1 }),
      margin: { l: 20, r: 28, t: 24, b: 52 },
      annotations: [
        label("no difference", 0, 1, {
          yref: "paper",
          yanchor: "bottom",
          font: { size: 11, color: LIGHT.muted },
        }),
      ],
    },
  });
}

function findingOf(
  steps: readonly (NonNullable<Rung["overPrevious"]> & { readonly model: string })[],
): string {
  const named = (found: typeof steps): string =>
    found.map(({ model, over }) => `${model} over ${over}`).join(", ");
  const better = named(steps.filter(({ accuracy }) => accuracy.verdict === "better"));
  const worse = named(steps.filter(({ accuracy }) => accuracy.verdict === "worse"));
  const saving = named(
    steps.filter(({ accuracy, logLoss }) => {
      return logLoss.verdict === "better" && accuracy.verdict !== "better";
    }),
  );
  if (steps.length === 0) return "There is one rung, and none below it";
  const more =
    (worse === "" ? "" : `; ${worse} loses`) +
    (saving === "" ? "" : `; in log-loss ${saving} does`);
  if (better === "") return `No rung adds accuracy to the one below it beyond its interval${more}`;
  return `Accuracy rises beyond its interval with ${better}${more}`;
}
