import type { Bootstrapped } from "../../core/block-bootstrap.js";
import { FEWEST_SHARPE_DAYS } from "../../core/daily-sharpe.js";
import { LIGHT, MARK_SHAPES } from "../../core/palette.js";
import { RUNG_NAMES, type RungName } from "../../evaluation/backtest-ladder.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { plotNumber } from "../downsample.js";
import { intervalText, markOf, signed } from "../evaluation-marks.js";
import { axis, type Figure, figure, intervalBars, type Trace } from "../figure.js";
import { rungName, tradedPrice } from "../label-text.js";
import { modelText } from "../model-names.js";

type DrawnRung = Pick<
  ModelEvaluation["ladder"]["rungs"][number],
  "name" | "netReturn" | "sharpe"
> & {
  readonly daily: readonly unknown[];
  readonly intervals: {
    readonly netReturn: Pick<Bootstrapped, "lower" | "upper" | "effectiveRows">;
  };
};

/** What the figure reads of an evaluation. */
type Frictions = Pick<Evaluation, "isVoid" | "labelKind"> & {
  readonly models: readonly {
    readonly model: string;
    readonly ladder: { readonly rungs: readonly DrawnRung[] };
  }[];
};

const ABOUT: Readonly<Record<Exclude<RungName, "mid">, string>> = {
  touch: "at the touch",
  book: "level by level through the book",
  latency: "after the latency",
  costs: "with fees, and funding where it is paid",
};

const COLOURS = [
  LIGHT.model,
  LIGHT.bid,
  LIGHT.ask,
  LIGHT.baseline,
  LIGHT.attainable,
  LIGHT.text,
  LIGHT.chance,
] as const;
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"] as const;

/** The same probabilities traded ever less ideally: what is left at each rung, one line a model. */
export function frictionsFigure(evaluation: Frictions): Figure {
  const { models, labelKind } = evaluation;
  const rungs = RUNG_NAMES.filter((name) => models.some(({ ladder }) => rungOf(ladder, name)));
  const traded = { labelKind, rungs: rungs.map((name) => ({ name })) };
  const words = rungs.map((name) => (name === "costs" ? "fees" : rungName(name, traded)));
  const days = models[0]?.ladder.rungs[0]?.daily.length ?? 0;
  const hasSharpe = days >= FEWEST_SHARPE_DAYS;
  const finding = findingOf(evaluation);
  const below = hasSharpe
    ? "; below, the annualised Sharpe ratio with its 95 % interval"
    : `; ${days} ${days === 1 ? "day is" : "days are"} too few for a Sharpe ratio to be drawn`;
  return figure({
    title: `${markOf(evaluation)}${finding}`,
    subtitle: `return over the test on a constant capital, %, each rung with every friction of those before it: ${rungs.map((name) => (name === "mid" ? `at the ${tradedPrice(traded)}` : ABOUT[name])).join(", ")}${below}`,
    alt: `Lines over the rungs ${words.join(", ")}, one a model, beside a line at zero. ${finding}.`,
    n: `${days} ${days === 1 ? "day" : "days"} of each model`,
    height: hasSharpe ? 560 : 400,
    data: models.flatMap((model, i) => tracesOf(model, i, models.length, rungs, hasSharpe)),
    layout: {
      xaxis: axis("", {
        tickmode: "array",
        tickvals: rungs.map((_, k) => k),
        ticktext: words,
        range: [-0.35, rungs.length - 0.65],
        anchor: hasSharpe ? "y2" : "y",
        showgrid: false,
        zeroline: false,
      }),
      yaxis: axis("return (%)", {
        rangemode: "tozero",
        zeroline: true,
        zerolinewidth: 2,
        ...(hasSharpe ? { domain: [0.5, 1] } : {}),
      }),
      ...(hasSharpe
        ? { yaxis2: axis("Sharpe ratio", { domain: [0, 0.4], zeroline: true, zerolinewidth: 2 }) }
        : {}),
      showlegend: true,
      margin: { l: 64, r: 28, t: 44, b: 40 },
    },
  });
}

function rungOf(
  { rungs }: { readonly rungs: readonly DrawnRung[] },
  name: RungName,
): DrawnRung | undefined {
  return rungs.find((rung) => rung.name === name);
}

/** Where there are intervals, models stand beside each other at a rung, so that none covers another. */
function tracesOf(
  { model: name, ladder }: Frictions["models"][number],
  i: number,
  of: number,
  names: readonly RungName[],
  hasSharpe: boolean,
): readonly Trace[] {
  const model = modelText(name);
  const apart = hasSharpe ? 0.09 : 0;
  const shown = names.flatMap((step, k) => {
    const rung = rungOf(ladder, step);
    return rung === undefined ? [] : [{ ...rung, x: k + apart * (i - (of - 1) / 2) }];
  });
  const color = COLOURS[i % COLOURS.length]!;
  const common = {
    type: "scatter",
    name: model,
    x: shown.map(({ x }) => x),
    line: { color, width: 1.8, dash: DASHES[i % DASHES.length] },
    marker: { color, size: 8, symbol: MARK_SHAPES[(2 * i) % MARK_SHAPES.length] },
    legendgroup: model,
  };
  const returns = {
    ...common,
    mode: "lines+markers",
    y: shown.map(({ netReturn }) => plotNumber(100 * netReturn, 3)),
    text: shown.map(({ intervals }) => returnText(intervals.netReturn)),
    hovertemplate: `${model}: %{y} %, %{text}<extra></extra>`,
  };
  if (!hasSharpe) return [returns];
  const sharpe = shown.map((rung) => rung.sharpe);
  return [
    returns,
    {
      ...common,
      mode: "markers",
      y: sharpe.map(({ estimate }) => plotNumber(estimate, 3)),
      error_y: intervalBars(sharpe, { color, thickness: 1.4, width: 4 }),
      yaxis: "y2",
      showlegend: false,
      text: sharpe.map((ratio, k) => {
        const days = shown[k]!.daily.length;
        return `${intervalText(ratio, 1, 1) ?? "no interval"}, ${days} daily returns`;
      }),
      hovertemplate: `${model}: Sharpe %{y}, %{text}<extra></extra>`,
    },
  ];
}

/** Says where the return of the model that keeps most turns negative; a return of few days is no finding about skill. */
function findingOf({ models, labelKind }: Frictions): string {
  const ideal = labelKind === "mid" ? "at the mid" : "at the close";
  const [best] = [...models].sort((a, b) => lastReturn(b) - lastReturn(a));
  const rungs = best?.ladder.rungs ?? [];
  const [first, last] = [rungs[0], rungs.at(-1)];
  if (best === undefined || first === undefined || last === undefined) return "No model was traded";
  const at = ({ netReturn }: DrawnRung): string => `${signed((100 * netReturn).toFixed(2))} %`;
  const which =
    models.length === 1 ? modelText(best.model) : `${modelText(best.model)}, which keeps most,`;
  if (last.netReturn > 0) {
    return `After all costs ${which} has ${at(last)} left of ${at(first)} ${ideal}${luckText(last)}`;
  }
  const turn = rungs.findIndex(
    ({ netReturn }, k) => k > 0 && netReturn <= 0 && rungs[k - 1]!.netReturn > 0,
  );
  if (turn < 0) return `Even ${ideal}, ${which} has ${at(first)}; after all costs ${at(last)}`;
  const friction = {
    mid: "",
    touch: "the spread",
    book: "the depth of the book",
    latency: "the latency",
    costs: "fees",
  }[rungs[turn]!.name];
  return `What ${which} earns ${ideal} (${at(first)}) does not survive ${friction}: ${at(last)} after all costs`;
}

/** The interval of its Sharpe ratio says whether a return could be luck; resampling few days does not. */
function luckText({ daily, sharpe }: DrawnRung): string {
  if (daily.length < FEWEST_SHARPE_DAYS) {
    return `; ${daily.length} ${daily.length === 1 ? "day cannot" : "days cannot"} tell that from luck`;
  }
  return sharpe.lower > 0 ? "" : "; the interval of its Sharpe ratio holds 0";
}

function lastReturn({ ladder }: Frictions["models"][number]): number {
  return ladder.rungs.at(-1)?.netReturn ?? Number.NEGATIVE_INFINITY;
}

/** The interval of a return, and what it rests on. */
function returnText({ effectiveRows, ...interval }: DrawnRung["intervals"]["netReturn"]): string {
  const bars = Math.round(effectiveRows).toLocaleString("en-US");
  return `${intervalText(interval, 2) ?? "no interval"}, about ${bars} independent bars`;
}
