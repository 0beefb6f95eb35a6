import { LIGHT } from "../../core/palette.js";
import type { Overfitting } from "../../evaluation/overfitting.js";
import { axis, type Figure, figure, timeAxis, timeText } from "../figure.js";

type Split = Pick<Overfitting, "timeline" | "splits" | "paths" | "rows" | "embargoBars">;
type Span = Overfitting["timeline"][number];
type Part = Span["part"];

/** Thick is what models see or are asked; thin is what neither sees. */
const LINES: Readonly<Record<Part, Readonly<{ color: string; width: number }>>> = {
  train: { color: LIGHT.chance, width: 12 },
  embargo: { color: LIGHT.usable, width: 4 },
  purged: { color: LIGHT.text, width: 4 },
  test: { color: LIGHT.model, width: 12 },
};

const WORDS: Readonly<Record<Part, string>> = {
  train: "train",
  embargo: "purged, then under embargo",
  purged: "purged",
  test: "test",
};

/** Room for a split, pixels, and most splits that are drawn. */
const SPLIT_HEIGHT = 22;
const MOST_DRAWN = 40;

/** What each combinatorial split trains and tests on, with the seams that keep the two apart, over time. */
export function combinatorialFigure(result: Split): Figure {
  const { splits, paths, rows, embargoBars } = result;
  const drawn = Math.min(splits, MOST_DRAWN);
  const timeline = result.timeline.filter(({ split }) => split <= drawn);
  const first = drawn < splits ? `the first ${drawn} of ` : "";
  const count = (value: number): string => value.toLocaleString("en-US");
  const parts: readonly Part[] = ["train", "embargo", "purged", "test"];
  return figure({
    title: `Every row is tested ${paths} times, by models that have not seen it`,
    subtitle: `one row a split; before a test block rows whose labels reach it are purged, after it the rows that its labels reach and an embargo of ${count(embargoBars)} bars`,
    alt: `Bars on a time axis, one row for each of ${first}${splits} splits: test blocks among training, with thin seams of purged rows before and of embargo after each test block.`,
    n: `${first}${count(splits)} splits, ${paths} paths of ${count(rows)} rows`,
    height: 120 + SPLIT_HEIGHT * drawn,
    data: [
      ...parts.map((part) => partTrace(timeline, part)),
      purgeTrace(timeline.filter(({ part }) => part === "purged")),
    ],
    layout: {
      xaxis: timeAxis(),
      yaxis: axis("split", {
        range: [drawn + 0.7, 0.3],
        showgrid: false,
        zeroline: false,
        tick0: 1,
        dtick: 1,
      }),
      margin: { l: 48, r: 28, t: 40, b: 52 },
      showlegend: true,
    },
  });
}

/** All stretches of one kind as one trace, with a hole after each. */
function partTrace(timeline: readonly Span[], part: Part): Figure["data"][number] {
  const spans = timeline.filter((span) => span.part === part);
  return {
    type: "scatter",
    mode: "lines",
    name: WORDS[part],
    // Purged stretches are named by their upright lines.
    showlegend: part !== "purged",
    x: spans.flatMap(({ fromUs, toUs }) => [timeText(fromUs), timeText(toUs), null]),
    y: spans.flatMap(({ split }) => [split, split, null]),
    line: LINES[part],
    text: spans.flatMap(({ rows }) => {
      const words = `${WORDS[part]}: ${rows.toLocaleString("en-US")} rows`;
      return [words, words, ""];
    }),
    hovertemplate: "%{text}<br>%{x}<extra></extra>",
  };
}

/** Upright lines where rows are purged before a test block: a horizon is too short to be seen as a stretch. */
function purgeTrace(spans: readonly Span[]): Figure["data"][number] {
  return {
    type: "scatter",
    mode: "markers",
    name: WORDS.purged,
    x: spans.map(({ fromUs, toUs }) => timeText((fromUs + toUs) / 2)),
    y: spans.map(({ split }) => split),
    marker: { symbol: "line-ns", size: 16, line: { color: LIGHT.text, width: 2 } },
    hoverinfo: "skip",
  };
}
