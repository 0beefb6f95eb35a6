import type { BenchResult } from "../benchmark.js";
import { compare, type NamedRuns, type Rival } from "../compare.js";
import { levelDifference } from "./best-levels.js";
import {
  type BookOutcome,
  HASH,
  OURS,
  OURS_DEEP,
  ROI,
  ROI_LOCAL,
  TARDIS,
} from "./book-contestants.js";

/** All runs by contestant, in the order of the rounds. */
type BookRuns = Readonly<Record<string, readonly BookOutcome[]>>;

/** Share of a rival's time that ours may take: a quarter is four times as many rows a second. */
const BARS: readonly (readonly [rival: string, bar: number])[] = [
  [ROI, 1 / 4],
  [HASH, 1 / 4],
  [TARDIS, 1 / 15],
];

/** Rows that times are told for. */
const PER_ROWS = 10_000_000;
const UNIT = "s per 10 M rows";

const LOCAL_NOTE =
  "for information: of rows marked for the local side alone, which its converter never makes; else the exchange's side keeps a second book";

/**
 * Figures of a day followed by all contestants, and for each that is not ours whether its book was the same.
 *
 * @param options.at - moments at which levels were looked at
 * @param options.missing - why there is no hftbacktest
 */
export function bookResults(
  runs: BookRuns,
  {
    rows,
    messages,
    at,
    missing,
  }: {
    readonly rows: number;
    readonly messages: number;
    readonly at: readonly number[];
    readonly missing: string | undefined;
  },
): readonly BenchResult[] {
  const seconds = (name: string, which: "first" | "fastest"): NamedRuns => ({
    name,
    runs: runs[name]!.map((run) => (run[which] * PER_ROWS) / rows),
  });
  const rival = (name: string, which: "first" | "fastest" = "fastest"): Rival =>
    runs[name] === undefined ? { name, missing: missing ?? "did not run" } : seconds(name, which);
  const all = `${rows.toLocaleString("en")} rows`;
  const ours = seconds(OURS, "fastest");
  const what = `book from columns, ${all}`;
  return [
    ...BARS.map(([name, bar]) => compare(ours, rival(name), { what, unit: UNIT, bar })),
    compare(ours, rival(ROI_LOCAL), { what, unit: UNIT, bar: null, note: LOCAL_NOTE }),
    compare(seconds(OURS, "first"), rival(ROI, "first"), {
      what: `book from columns, a process's first time, ${all}`,
      unit: UNIT,
      bar: null,
    }),
    compare(seconds(OURS_DEEP, "fastest"), ours, {
      what: `${OURS_DEEP}, ${all}`,
      unit: UNIT,
      bar: null,
    }),
    ...sameLevels(runs, { messages, at }),
  ];
}

/** How many rows each contestant applies in a second, and how many times a rival's that is. */
export function rowsASecond(runs: BookRuns, rows: number): string {
  const rate = (name: string): number =>
    rows / Math.min(...runs[name]!.map(({ fastest }) => fastest)) / 1e6;
  const ours = rate(OURS);
  const rivals = [ROI, HASH, ROI_LOCAL, TARDIS].filter((name) => runs[name] !== undefined);
  const beside = rivals.map(
    (name) => `${(ours / rate(name)).toFixed(1)} × ${name} (${rate(name).toFixed(1)} M)`,
  );
  return [`${OURS} ${ours.toFixed(1)} M`, ...beside].join(", ");
}

/** A fast wrong book is none: every run of everybody has to have our first run's levels. */
function sameLevels(
  runs: BookRuns,
  { messages, at }: { readonly messages: number; readonly at: readonly number[] },
): readonly BenchResult[] {
  const expected = runs[OURS]![0]!.levels;
  return Object.entries(runs).map(([name, all]) => {
    const wrong = all
      .map((run) =>
        run.messages === messages
          ? levelDifference(run.levels, expected, at)
          : `${run.messages} of ${messages} messages`,
      )
      .find((difference) => difference !== undefined);
    const isRight = wrong === undefined;
    return {
      what: `best five levels of both sides the same, to the last bit: ${name}`,
      unit: "moments",
      ours: isRight ? at.length : null,
      rival: at.length,
      ratio: isRight ? 1 : null,
      bar: 1,
      ok: isRight,
      ...(isRight ? {} : { note: wrong }),
    };
  });
}
