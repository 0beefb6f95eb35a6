// What is each check called among people, and how is it marked where many are drawn together?
import type { CheckName } from "../audit/finding.js";
import { LIGHT } from "../core/palette.js";

/** What a check's findings have in common with others': they share a colour, each check has a shape of its own. */
export type CheckGroup = "silence" | "book" | "rows" | "clock" | "regime";

/** How a check is told and drawn. */
interface CheckMark {
  /** Short, in lower case: what is seen where it strikes. */
  readonly words: string;
  readonly group: CheckGroup;
  /** Plotly's name of a marker. */
  readonly shape: string;
}

/** Colour of each group. */
export const GROUP_COLOURS: Readonly<Record<CheckGroup, string>> = {
  silence: LIGHT.bad,
  book: LIGHT.model,
  rows: LIGHT.usable,
  clock: LIGHT.bid,
  regime: LIGHT.good,
};

/** Groups from the top of a row to its bottom. */
export const CHECK_GROUPS = Object.keys(GROUP_COLOURS) as readonly CheckGroup[];

/** Words, group and shape of each check. */
export const CHECK_MARKS: Readonly<Record<CheckName, CheckMark>> = {
  gap: { words: "silence", group: "silence", shape: "line-ns-open" },
  coverage: { words: "nothing stored", group: "silence", shape: "square-open" },
  reconnect: { words: "book unknown", group: "silence", shape: "triangle-right" },
  "stale-book": { words: "book silent", group: "silence", shape: "hourglass" },
  "zero-volume": { words: "no trade", group: "silence", shape: "circle-open" },
  "crossed-book": { words: "crossed", group: "book", shape: "x-thin-open" },
  "locked-book": { words: "locked", group: "book", shape: "square" },
  "one-sided": { words: "one side empty", group: "book", shape: "triangle-down" },
  "frozen-level": { words: "level frozen", group: "book", shape: "star" },
  "quote-mismatch": { words: "unlike the quotes", group: "book", shape: "diamond" },
  "snapshot-mismatch": { words: "unlike the snapshots", group: "book", shape: "diamond-open" },
  duplicate: { words: "came twice", group: "rows", shape: "cross" },
  outlier: { words: "outlier", group: "rows", shape: "triangle-up" },
  "trade-outside-book": { words: "outside the book", group: "rows", shape: "triangle-up-open" },
  "sequence-jump": { words: "ids left out", group: "rows", shape: "cross-open" },
  "rejected-row": { words: "row rejected", group: "rows", shape: "x" },
  "source-mismatch": { words: "unlike the trades", group: "rows", shape: "pentagon" },
  order: { words: "time steps back", group: "clock", shape: "triangle-left" },
  "clock-offset": { words: "clock off", group: "clock", shape: "circle" },
  "clock-drift": { words: "clock drifts", group: "clock", shape: "bowtie" },
  "regime-break": { words: "another regime", group: "regime", shape: "hexagon" },
};
