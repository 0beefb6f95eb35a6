import { LIGHT } from "../../core/palette.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import { axis, type Figure, figure, label, timeAxis, timeText } from "../figure.js";
import { sliceText } from "../slice-text.js";

type FoldSlice = Pick<
  Evaluation["slices"][number],
  "fold" | "slice" | "fromUs" | "lastUs" | "rows" | "purged"
>;

const COLOURS: Readonly<Record<FoldSlice["slice"], string>> = {
  train: LIGHT.baseline,
  earlyStop: LIGHT.undecided,
  calibrate: LIGHT.chance,
  test: LIGHT.model,
};

/** Room for a fold's bar, the words above it and the purged rows below, pixels. */
const FOLD_HEIGHT = 84;

/**
 * What each fold trains, stops, calibrates and tests on, and how many rows are purged at each seam, over time.
 *
 * @param evaluation.slices - of each fold in time order
 */
export function foldsFigure({ slices }: { readonly slices: readonly FoldSlice[] }): Figure {
  const folds = [...new Set(slices.map(({ fold }) => fold))];
  const tested = slices.filter(({ slice }) => slice === "test");
  const sum = (values: readonly number[]): string =>
    values.reduce((total, value) => total + value, 0).toLocaleString("en-US");
  const purged = sum(slices.map((slice) => slice.purged));
  const seams = seamsOf(slices);
  return figure({
    title: `${sum(tested.map(({ rows }) => rows))} rows are tested, each after everything its model has seen`,
    subtitle:
      "rows of each slice, from its first bar to its last; at each seam the rows that are purged, because their labels reach the next slice",
    alt: `Bars on a time axis, one row a fold: train, early stop, calibrate and test follow each other without overlap, with ${purged} rows purged at the seams.`,
    n: `${sum(slices.map(({ rows }) => rows))} rows, ${purged} purged`,
    height: 110 + FOLD_HEIGHT * folds.length,
    data: [...slices.map(sliceTrace), seamsTrace(seams)],
    layout: {
      xaxis: timeAxis(),
      yaxis: axis("", {
        type: "category",
        showgrid: false,
        range: [folds.length - 0.45, -0.55],
        categoryarray: folds.map(nameOf),
      }),
      margin: { l: 20, r: 28, t: 20, b: 52 },
      annotations: [
        ...slices.map(({ fold, slice, fromUs, lastUs, rows }) => {
          const words = `${sliceText(slice)}<br>${rows.toLocaleString("en-US")}`;
          const above = { yanchor: "bottom", yshift: 9 };
          return { ...label(words, timeText((fromUs + lastUs) / 2), 0, above), y: nameOf(fold) };
        }),
        ...seams.map(({ fold, timeUs, purged: rows }) => ({
          ...label(`−${rows.toLocaleString("en-US")}`, timeText(timeUs), 0, {
            yanchor: "top",
            yshift: -11,
            font: { size: 11, color: LIGHT.muted },
          }),
          y: nameOf(fold),
        })),
      ],
    },
  });
}

function nameOf(fold: number): string {
  return `fold ${fold}`;
}

function sliceTrace({ fold, slice, fromUs, lastUs, rows }: FoldSlice): Figure["data"][number] {
  return {
    type: "scatter",
    mode: "lines",
    x: [timeText(fromUs), timeText(lastUs)],
    y: [nameOf(fold), nameOf(fold)],
    line: { color: COLOURS[slice], width: 14 },
    hovertemplate: `${sliceText(slice)}: ${rows.toLocaleString("en-US")} rows<br>%{x}<extra></extra>`,
  };
}

/** Where a slice was purged. */
interface Seam {
  readonly fold: number;
  /** Middle between its last row and the next slice's first. */
  readonly timeUs: number;
  readonly purged: number;
  /** The slice that labels would have reached. */
  readonly next: string;
}

/** Seams between slices of one fold, which follow each other. */
function seamsOf(slices: readonly FoldSlice[]): readonly Seam[] {
  return slices.flatMap(({ fold, lastUs, purged }, i) => {
    const next = slices[i + 1];
    if (next?.fold !== fold) return [];
    return [{ fold, timeUs: (lastUs + next.fromUs) / 2, purged, next: sliceText(next.slice) }];
  });
}

/** Upright lines, since a seam is some bars wide and a slice some thousand. */
function seamsTrace(seams: readonly Seam[]): Figure["data"][number] {
  return {
    type: "scatter",
    mode: "markers",
    x: seams.map(({ timeUs }) => timeText(timeUs)),
    y: seams.map(({ fold }) => nameOf(fold)),
    marker: { symbol: "line-ns", size: 22, line: { color: LIGHT.text, width: 2 } },
    text: seams.map(({ purged, next }) => {
      return `${purged.toLocaleString("en-US")} rows purged: their labels reach ${next}`;
    }),
    hovertemplate: "%{text}<extra></extra>",
  };
}
