import type { CombinatorialSplit, CombinatorialSplits } from "./combinatorial-splits.js";
import type { Dataset } from "./matrix.js";

/** What becomes of a stretch of time in a split. */
export type SplitPart = "train" | "purged" | "test" | "embargo";

/** A stretch of one split's time. */
export interface SplitSpan {
  /** Counted from 1. */
  readonly split: number;
  readonly part: SplitPart;
  /** Where it begins and ends, µs: bar ends of its first and last row, or of its neighbours' where it has been emptied. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Rows that are trained on or tested, or that purge and embargo took. */
  readonly rows: number;
}

type Times = Pick<Dataset, "barEndUs">;

/**
 * Splits in time, for timelines: test blocks, what is trained on, and the seams between: `purged` before a test block, and
 * `embargo` after one, which takes the place of the rows purged there.
 *
 * @returns spans split by split, in time order; a seam without rows is left out
 */
export function combinatorialTimeline(
  dataset: Times,
  { groups, groupOf, splits }: CombinatorialSplits,
): readonly SplitSpan[] {
  const spans: SplitSpan[] = [];
  let number = 0;
  for (const split of splits()) {
    number++;
    const isKept = new Uint8Array(groupOf.length);
    for (const row of split.train) isKept[row] = 1;
    for (const { from, to, isTest } of blocks(split, groups.length)) {
      const [fromUs, toUs] = [groups[from]!.fromUs, groups[to]!.lastUs];
      if (isTest) {
        const rows = groups.slice(from, to + 1).reduce((sum, group) => sum + group.rows, 0);
        spans.push({ split: number, part: "test", fromUs, toUs, rows });
        continue;
      }
      const own = (row: number): boolean => groupOf[row]! >= from && groupOf[row]! <= to;
      const block = { fromUs, toUs, isFirst: from === 0, isLast: to === groups.length - 1 };
      const parts = partsOf(dataset, isKept, own, block).filter(({ rows }) => rows > 0);
      for (const part of parts) spans.push({ split: number, ...part });
    }
  }
  return spans;
}

/** Groups that lie side by side and are all tested, or all not. */
function blocks(
  { testGroups }: CombinatorialSplit,
  count: number,
): readonly { readonly from: number; readonly to: number; readonly isTest: boolean }[] {
  const found: { from: number; to: number; isTest: boolean }[] = [];
  for (let group = 0; group < count; group++) {
    const isTest = testGroups.includes(group);
    const last = found.at(-1);
    if (last?.isTest === isTest) last.to = group;
    else found.push({ from: group, to: group, isTest });
  }
  return found;
}

/**
 * Embargo, training and purge of a block beside test blocks. Before the first of those there is no embargo, and after the
 * last no purge: what is missing there bad hours took, or it is a first block that is purged whole.
 */
function partsOf(
  { barEndUs }: Times,
  isKept: Uint8Array,
  own: (row: number) => boolean,
  { fromUs, toUs, isFirst, isLast }: Block,
): readonly Omit<SplitSpan, "split">[] {
  const train = { fromUs: Number.POSITIVE_INFINITY, toUs: Number.NEGATIVE_INFINITY, rows: 0 };
  for (let row = 0; row < isKept.length; row++) {
    if (isKept[row] === 0 || !own(row)) continue;
    train.fromUs = Math.min(train.fromUs, barEndUs[row]!);
    train.toUs = Math.max(train.toUs, barEndUs[row]!);
    train.rows++;
  }
  const taken = { before: 0, after: 0 };
  for (let row = 0; row < isKept.length; row++) {
    if (isKept[row] === 1 || !own(row)) continue;
    if (barEndUs[row]! < train.fromUs) taken.before++;
    else if (barEndUs[row]! > train.toUs) taken.after++;
  }
  if (train.rows === 0) {
    return [{ part: isFirst ? "purged" : "embargo", fromUs, toUs, rows: taken.before }];
  }
  return [
    { part: "embargo", fromUs, toUs: train.fromUs, rows: isFirst ? 0 : taken.before },
    { part: "train", ...train },
    { part: "purged", fromUs: train.toUs, toUs, rows: isLast ? 0 : taken.after },
  ];
}

/** A stretch of training groups, and whether any test lies before or after it. */
interface Block {
  readonly fromUs: number;
  readonly toUs: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}
