// How would a model have done on every way to hold part of the past back? For statistics of overfitting, never for a forecast.
import { combinations } from "../core/combinations.js";
import { counted } from "../core/counted.js";
import { OptionError } from "../core/errors.js";
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { badCauses, type LeftOut, leaveOutBad } from "./bad-rows.js";
import type { Dataset } from "./matrix.js";
import { usableTimes } from "./usable-times.js";

/** How to cut combinatorial splits. */
export interface CombinatorialSettings {
  /** Groups of equally many rows that time is cut into. */
  readonly groups: number;
  /** Groups that each split tests; the others are trained on. */
  readonly testGroups: number;
  /** Rows that a model looks back over, its own included; a trained row's window must hold no bad row. */
  readonly windowBars: number;
  /** Bars after the last label of a test block that are not trained on; default the horizon or the window, the longer, + 240. */
  readonly embargoBars: number;
}

/** A group in time. */
export interface SplitGroup {
  /** Bar ends of its first and last row, and the end of its last label, µs. */
  readonly fromUs: number;
  readonly lastUs: number;
  readonly toUs: number;
  readonly rows: number;
}

/** One way to hold groups back. All row numbers are ascending: ordered by symbol and time. */
export interface CombinatorialSplit {
  /** Groups that are tested, ascending, counted from 0. */
  readonly testGroups: readonly number[];
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  /** Rows of the other groups whose label overlaps one of the test. */
  readonly purged: number;
  /** Rows of the other groups that come too soon after a test block. */
  readonly embargoed: number;
  /** What bad hours took from training; test rows stay. */
  readonly leftOut: LeftOut;
}

/** All ways to test k of N groups. */
export interface CombinatorialSplits {
  readonly groups: readonly SplitGroup[];
  /** Group of each row of the dataset; −1 where the row is not usable. */
  readonly groupOf: Int16Array;
  readonly embargoBars: number;
  /** Test groups of each of the C(N, k) splits, in the order of `splits`. */
  readonly testGroups: readonly (readonly number[])[];
  /** φ = k/N · C(N, k) paths through time: for each path the split that tests each group. */
  readonly paths: readonly (readonly number[])[];
  /** The splits one after the other; each makes its row numbers when it is asked for. */
  readonly splits: () => Generator<CombinatorialSplit>;
}

type Columns = Pick<
  Dataset,
  | "rows"
  | "barEndUs"
  | "labelEndUs"
  | "symbolIndex"
  | "isUsable"
  | "isBad"
  | "runStart"
  | "barUs"
  | "horizonBars"
>;

/** Longest window of a feature that is neither of a day nor of a month, bars. */
const FEATURE_BARS = 240;
/** More are never fitted. */
const MOST_SPLITS = 10_000;

/** Bars of embargo where none are given: the horizon or the model's window, the longer, and the longest feature's. */
export function defaultEmbargoBars({
  horizonBars,
  windowBars,
}: Readonly<Record<"horizonBars" | "windowBars", number>>): number {
  return Math.max(horizonBars, windowBars) + FEATURE_BARS;
}

/**
 * Combinatorial purged splits: time is cut into N groups over all symbols at once, and every k of them are tested by models
 * that are trained on the others. A training row is purged where its label's time, ends included, overlaps that of any
 * label of a test group, on either side; and rows up to the embargo's end after a test group's last label are not trained
 * on, since their inputs look back at the test.
 *
 * @param dataset - the matrix, or the columns of it that matter here
 * @param settings - what differs from 6 groups of which 2 are tested: 15 splits, 5 paths
 * @returns the splits, none made yet; or what is missing
 * @throws {OptionError} counts that make no splits, or more than 10,000
 * @see López de Prado (2018), Advances in Financial Machine Learning, chapters 7 and 12
 */
export function combinatorialSplits(
  dataset: Columns,
  settings: Partial<CombinatorialSettings> = {},
): CombinatorialSplits | Shortfall {
  const { groups: count = 6, testGroups: tested = 2, windowBars = 1 } = settings;
  const { horizonBars } = dataset;
  const { embargoBars = defaultEmbargoBars({ horizonBars, windowBars }) } = settings;
  requireSettings({ groups: count, testGroups: tested, windowBars, embargoBars });
  const { groups, groupOf } = groupsInTime(dataset, count);
  const usable = groups.reduce((sum, { rows }) => sum + rows, 0);
  if (groups.some(({ rows }) => rows === 0)) {
    const symbols = new Set(dataset.symbolIndex).size;
    return shortfall({
      step: `cut time into ${count} groups`,
      what: "bars with all inputs and a label",
      has: usable,
      // A group of more rows than one moment has begins later than the group before it.
      needs: count * (symbols + 1),
    });
  }
  const testGroups = [...combinations(count, tested)];
  const causes = badCauses(dataset, windowBars);
  const embargoUs = embargoBars * dataset.barUs;
  const fate = (row: number, held: readonly number[]): Fate =>
    fateOf(dataset, row, groupOf[row]!, held, { groups, embargoUs });
  const bare = testGroups.find((held) => {
    return !groupOf.some((_, row) => causes[row] === undefined && fate(row, held) === "train");
  });
  if (bare !== undefined) return noTraining(bare, embargoBars);
  return {
    groups,
    groupOf,
    embargoBars,
    testGroups,
    paths: pathsThrough(testGroups, count),
    *splits() {
      for (const held of testGroups) yield splitOf(held, groupOf, causes, (row) => fate(row, held));
    },
  };
}

type Fate = "train" | "test" | "purged" | "embargoed" | "unusable";

/** What becomes of a row when some groups are held back. */
function fateOf(
  { barEndUs, labelEndUs }: Columns,
  row: number,
  group: number,
  held: readonly number[],
  { groups, embargoUs }: { readonly groups: readonly SplitGroup[]; readonly embargoUs: number },
): Fate {
  if (group === -1) return "unusable";
  let fate: Fate = "train";
  for (const one of held) {
    if (one === group) return "test";
    const { fromUs, toUs } = groups[one]!;
    if (barEndUs[row]! > toUs) {
      if (fate === "train" && barEndUs[row]! <= toUs + embargoUs) fate = "embargoed";
    } else if (!(labelEndUs[row]! < fromUs)) fate = "purged";
  }
  return fate;
}

function splitOf(
  held: readonly number[],
  groupOf: Int16Array,
  causes: ReturnType<typeof badCauses>,
  fateOf: (row: number) => Fate,
): CombinatorialSplit {
  const rows: Record<Fate, number[]> = {
    ...{ train: [], test: [], purged: [], embargoed: [], unusable: [] },
  };
  for (let row = 0; row < groupOf.length; row++) rows[fateOf(row)].push(row);
  const sound = leaveOutBad(Uint32Array.from(rows.train), causes);
  return {
    testGroups: held,
    train: sound.rows,
    test: Uint32Array.from(rows.test),
    purged: rows.purged.length,
    embargoed: rows.embargoed.length,
    leftOut: sound.leftOut,
  };
}

/** Usable rows in groups that follow each other in time; all rows of one moment are in the same. */
function groupsInTime(
  dataset: Columns,
  count: number,
): { readonly groups: readonly SplitGroup[]; readonly groupOf: Int16Array } {
  const { rows, barEndUs, labelEndUs, isUsable } = dataset;
  const times = usableTimes(dataset);
  const startsUs = Array.from({ length: count }, (_, g) => {
    return times[Math.round((g * times.length) / count)] ?? Number.POSITIVE_INFINITY;
  });
  const groupOf = new Int16Array(rows).fill(-1);
  const groups = startsUs.map((fromUs) => ({ fromUs, lastUs: fromUs, toUs: fromUs, rows: 0 }));
  for (let row = 0; row < rows; row++) {
    if (isUsable[row] === 0) continue;
    let g = count - 1;
    while (g > 0 && barEndUs[row]! < startsUs[g]!) g--;
    const group = groups[g]!;
    groupOf[row] = g;
    group.rows++;
    group.lastUs = Math.max(group.lastUs, barEndUs[row]!);
    group.toUs = Math.max(group.toUs, labelEndUs[row]!);
  }
  return { groups, groupOf };
}

/** Path p takes each group from the p-th split that tests it. */
function pathsThrough(
  testGroups: readonly (readonly number[])[],
  count: number,
): readonly (readonly number[])[] {
  const testing = Array.from({ length: count }, (_, g) =>
    testGroups.flatMap((held, split) => (held.includes(g) ? [split] : [])),
  );
  return testing[0]!.map((_, path) => testing.map((splits) => splits[path]!));
}

function noTraining(held: readonly number[], embargoBars: number): Shortfall {
  const names = held.map((group) => group + 1).join(", ");
  const embargo = counted(embargoBars, "bar");
  return shortfall({
    step: `train on what is left beside test ${held.length === 1 ? "group" : "groups"} ${names}`,
    what: `bars that no purge, no embargo of ${embargo} and no bad hour takes`,
    has: 0,
    needs: 1,
  });
}

function requireSettings(settings: CombinatorialSettings): void {
  const { groups, testGroups } = settings;
  const least = { groups: 2, testGroups: 1, windowBars: 1, embargoBars: 0 };
  for (const [column, from] of Object.entries(least)) {
    const value = settings[column as keyof CombinatorialSettings];
    if (Number.isInteger(value) && value >= from) continue;
    throw new OptionError({
      column,
      message: `was ${value}, expected a whole number from ${from}`,
      fix: `give ${from} or more`,
    });
  }
  if (testGroups >= groups) {
    throw new OptionError({
      column: "testGroups",
      message: `was ${testGroups} of ${groups} groups, which leaves none to train on`,
      fix: `give ${groups - 1} or less`,
    });
  }
  // C(N, k) = ∏ (N − i)/(i + 1)
  let splits = 1;
  for (let i = 0; i < testGroups; i++) splits *= (groups - i) / (i + 1);
  if (splits <= MOST_SPLITS) return;
  throw new OptionError({
    column: "groups, testGroups",
    message: `make ${counted(Math.round(splits), "split")}, expected at most ${MOST_SPLITS.toLocaleString("en-US")}`,
    fix: "give fewer groups; 6 of which 2 are tested make 15",
  });
}
