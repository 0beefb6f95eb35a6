import type { Evaluation } from "../../evaluation/evaluate.js";
import { axis, type Figure, figure, label, timeAxis, timeText } from "../figure.js";
import { LIGHT } from "../palette.js";

type FoldSlice = Pick<Evaluation["slices"][number], "fold" | "slice" | "fromUs" | "toUs" | "rows">;

const WORDS: Readonly<Record<FoldSlice["slice"], string>> = {
  train: "train",
  earlyStop: "early stop",
  calibrate: "calibrate",
  test: "test",
};

const COLOURS: Readonly<Record<FoldSlice["slice"], string>> = {
  train: LIGHT.baseline,
  earlyStop: LIGHT.undecided,
  calibrate: LIGHT.chance,
  test: LIGHT.model,
};

/** What each fold trains, stops, calibrates and tests on, over time. */
export function foldsFigure({ slices }: { readonly slices: readonly FoldSlice[] }): Figure {
  const folds = [...new Set(slices.map(({ fold }) => fold))];
  const tested = slices.filter(({ slice }) => slice === "test");
  const rows = tested.reduce((sum, slice) => sum + slice.rows, 0);
  return figure({
    title: `${rows.toLocaleString("en-US")} rows are tested, each after everything its model has seen`,
    subtitle:
      "time span of each slice; the seams are purged rows, whose labels reach into the next slice",
    alt: `Bars on a time axis, one row a fold: train, early stop, calibrate and test follow each other without overlap.`,
    n: `${slices.reduce((sum, slice) => sum + slice.rows, 0).toLocaleString("en-US")} rows`,
    height: 130 + 60 * folds.length,
    data: slices.map(({ fold, slice, fromUs, toUs, rows: count }) => ({
      type: "scatter",
      mode: "lines",
      x: [timeText(fromUs), timeText(toUs)],
      y: [`fold ${fold}`, `fold ${fold}`],
      line: { color: COLOURS[slice], width: 14 },
      hovertemplate: `${WORDS[slice]}: ${count.toLocaleString("en-US")} rows<br>%{x}<extra></extra>`,
    })),
    layout: {
      xaxis: timeAxis(),
      yaxis: axis("", { type: "category", autorange: "reversed", showgrid: false }),
      margin: { l: 20, r: 28, t: 48, b: 52 },
      annotations: slices.map(({ fold, slice, fromUs, toUs, rows: count }) => {
        const words = `${WORDS[slice]}<br>${count.toLocaleString("en-US")}`;
        const middle = timeText((fromUs + toUs) / 2);
        return { ...label(words, middle, 0, { yanchor: "bottom", yshift: 8 }), y: `fold ${fold}` };
      }),
    },
  });
}
