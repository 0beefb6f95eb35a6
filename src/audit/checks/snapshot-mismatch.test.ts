import { expect, test } from "vitest";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import { OrderBook } from "../../market/order-book.js";
import type { BookChanges, BookSnapshots } from "../../store/tables.js";
import type { Finding } from "../finding.js";
import { BookSums } from "../measuring/level-sums.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { SnapshotMismatch } from "./snapshot-mismatch.js";

const DAY = dayStartUs("2024-03-01");
const LEVELS = 8;

/** Rows of a book whose bids stand below 100 and asks above it, all of one amount. */
function bookRows(localUs: number, amount: number, levels: readonly number[]): BookChanges {
  const rows = levels.flatMap((level) => [
    { side: 1, price: 100 - level },
    { side: -1, price: 101 + level },
  ]);
  return {
    localTimestampUs: new Float64Array(rows.length).fill(localUs),
    timestampUs: new Float64Array(rows.length).fill(localUs),
    isSnapshot: new Uint8Array(rows.length).fill(amount === 0 ? 1 : 0),
    side: Int8Array.from(rows, ({ side }) => side),
    price: Float64Array.from(rows, ({ price }) => price),
    amount: new Float64Array(rows.length).fill(amount === 0 ? 1 : amount),
  };
}

/** One row of a snapshot of that book; one that is wrong lacks the second bid. */
function snapshotRow(localUs: number, amount: number, isRight: boolean): BookSnapshots {
  const column = (value: number): Float64Array => Float64Array.of(value);
  const of = <Value>(value: (level: number) => Value): readonly Value[] =>
    Array.from({ length: 5 }, (_, level) => value(level));
  const skipped = (level: number): number => (isRight || level === 0 ? level : level + 1);
  return {
    localTimestampUs: column(localUs),
    timestampUs: column(localUs),
    bidPrice: of((level) => column(100 - skipped(level))),
    bidAmount: of(() => column(amount)),
    askPrice: of((level) => column(101 + level)),
    askAmount: of(() => column(amount)),
  };
}

/** What is told at a second: a new book with a snapshot or without, or a change far behind the best levels. */
interface Told {
  readonly at: number;
  readonly what: "right" | "wrong" | "book" | "deep";
}

function play(told: readonly Told[]): readonly Finding[] {
  const check = new SnapshotMismatch(5, AUDIT_SETTINGS.snapshotMismatch);
  const book = new OrderBook();
  const sums = new BookSums([5]);
  const all = Array.from({ length: LEVELS }, (_, level) => level);
  const add = (rows: BookChanges): void => {
    book.apply(rows, 0, rows.side.length);
    const { prices, all: sum } = sums.read(book);
    check.addState(rows.localTimestampUs[0]!, prices[0]!, sum[0]!);
  };
  add(bookRows(DAY, 0, all));
  for (const { at, what } of [...told].sort((a, b) => a.at - b.at)) {
    const localUs = DAY + at * 1e6;
    add(bookRows(localUs, 1 + at, what === "deep" ? [LEVELS - 1] : all));
    const isRight = what === "right";
    if (isRight || what === "wrong")
      check.addSnapshot(localUs, snapshotRow(localUs, 1 + at, isRight), 0);
  }
  check.finish();
  return check.mismatch.finish(new Map([[DAY, HOUR_US]])).findings;
}

/** Snapshots a second apart, and what is told otherwise from 100 s on until 130 s. */
const withQuiet = (...quiet: readonly Told[]): readonly Told[] => {
  const busy = Array.from({ length: 3000 }, (_, i) => ({ at: 1 + i, what: "right" as const }));
  return [...busy.filter(({ at }) => at <= 100 || at >= 130), ...quiet];
};

const one: readonly Told[] = [
  { at: 110, what: "wrong" },
  { at: 118, what: "right" },
];

test("one or two snapshots that differ while they and the book stand for seconds are told from the first on", () => {
  expect(play(withQuiet(...one))).toMatchObject([
    { count: 1, spans: [[DAY + 110e6, DAY + 118e6]] },
  ]);
  const two = play(withQuiet(...one, { at: 114, what: "wrong" }));
  expect(two).toMatchObject([{ count: 2, spans: [[DAY + 110e6, DAY + 118e6]] }]);
  expect(play(withQuiet(one[0]!, { at: 113, what: "right" }))).toEqual([]);
});

test("what changes behind the levels of a snapshot does not end its stand; what changes in them does", () => {
  const between = (what: "deep" | "book"): readonly Told[] =>
    [111, 113, 115].map((at) => ({ at, what }));
  expect(play(withQuiet(...one, ...between("deep")))).toMatchObject([
    { count: 1, spans: [[DAY + 110e6, DAY + 118e6]] },
  ]);
  expect(play(withQuiet(...one, ...between("book")))).toEqual([]);
});
