import { expect, test } from "vitest";
import { DAY_US, SECOND_US } from "../core/time.js";
import { type Levels, snapshotColumns } from "../market/test-snapshots.js";
import { FEATURES } from "./catalogue.js";
import type { FeatureRow } from "./feature-rows.js";
import { tradeColumns } from "./test-market.js";
import { shownRows } from "./test-snapshots.js";

const value = (row: FeatureRow | undefined, name: string): number =>
  row!.values[FEATURES.findIndex((feature) => feature.name === name)]!;

const T0 = 19_000 * DAY_US;
const MINUTE = { bookSource: "book_snapshot_5", barUs: 60 * SECOND_US } as const;
const BID: Levels = [[100, 4]];
const ASK: Levels = [[102, 2]];

type Tuple = readonly [seconds: number, bids: Levels, asks: Levels];
type Trade = readonly [seconds: number, side: 1 | -1, price: number, amount: number];
const rowsOf = (
  book: readonly Tuple[],
  trades: readonly Trade[] = [],
  staleAfterUs: number = 60 * SECOND_US,
): Promise<readonly FeatureRow[]> => {
  const timeUs = (seconds: number): number => T0 + seconds * SECOND_US;
  const states = book.map(([at, bids, asks]) => ({ timeUs: timeUs(at), bids, asks }));
  const list = trades.map(([at, side, price, amount]) => {
    return { timeUs: timeUs(at), side, price, amount };
  });
  return shownRows(
    { bookSnapshots: snapshotColumns(states, 5), trades: tradeColumns(list) },
    { ...MINUTE, staleAfterUs },
  );
};

test("the first difference of a stream and the first after 00:00 UTC are no order flow; all others are", async () => {
  const rows = await rowsOf([
    [-60, BID, ASK],
    [-50, [[100, 9]], ASK], // the stream's first difference: nothing
    [-40, [[101, 3]], ASK], // bid up: +3
    [-30, [[101, 3]], [[102, 5]]], // ask grows from 2 to 5: −5 + 2
    [1, [[101, 30]], [[102, 5]]], // across midnight: nothing
    [2, [[101, 30]], [[103, 7]]], // ask up: the 5 that stood at 102
  ]);
  const queue = [
    (3 * 10 + 5.5 * 10 + 2.5 * 10 + 4 * 30) / 60,
    (4 * 1 + 17.5 * 1 + 18.5 * 58) / 60,
  ] as const;
  expect(value(rows[0], "ofi_norm")).toBeCloseTo((3 - 3) / queue[0], 14);
  expect(value(rows[1], "ofi_norm")).toBeCloseTo(5 / queue[1], 14);
});

test("of several rows of one arrival time the last is the state, and no flow lies between them", async () => {
  const [row] = await rowsOf([
    [0, BID, ASK],
    [1, BID, ASK],
    [30, [[105, 50]], [[101, 9]]], // crossed, and gone at once
    [30, [[99, 50]], ASK],
    [30, [[101, 6]], ASK],
  ]);
  expect(value(row, "ofi_norm")).toBeCloseTo(6 / ((3 * 30 + 4 * 30) / 60), 14);
  expect(value(row, "obi_twa_l5")).toBeCloseTo(((2 / 6) * 30 + (4 / 8) * 30) / 60, 14);
  expect(row!.mid).toBe(101.5);
});

test("a trade at the time of a snapshot sees the book before it", async () => {
  const [row] = await rowsOf(
    [
      [0, BID, ASK],
      [20, [[101, 1]], ASK],
    ],
    [
      [0, 1, 102, 50], // no book yet
      [20, 1, 102, 3], // mid 101
      [21, -1, 101, 1], // mid 101.5
    ],
  );
  const spread = (3 * (2e4 / 101) + 2e4 * (0.5 / 101.5)) / 4;
  expect(value(row, "effective_spread_bps")).toBeCloseTo(spread, 10);
});

test("a stream that falls silent leaves no valid book once its last row is too old", async () => {
  const rows = await rowsOf([
    [0, BID, ASK],
    [1, [[100, 5]], ASK], // stale from 61 s on
    [121, [[100, 9]], ASK], // the row before was stale: no flow
    [122, [[100, 10]], ASK], // +1
  ]);
  expect(rows.map(({ mid }) => mid)).toEqual([101, Number.NaN, 101]);
  expect(rows.map(({ valid }) => (valid >> 54n) & 1n)).toEqual([0n, 1n, 0n]);
  // One second of the second minute is valid, and its average is that second's.
  expect(value(rows[1], "obi_twa_l5")).toBeCloseTo(3 / 7, 14);
  expect([value(rows[1], "obi_l1"), value(rows[1], "obi_l5")]).toEqual([Number.NaN, Number.NaN]);
  expect(value(rows[2], "ofi_norm")).toBeCloseTo(1 / ((5.5 + 6 * 58) / 59), 14);
});

test("empty sides, crossed and locked rows are no valid states, nor is a difference from or to them", async () => {
  const rows = await rowsOf(
    [
      [0, BID, ASK],
      [1, [[100, 5]], ASK], // first difference: nothing
      [2, [], ASK],
      [4, [[100, 6]], ASK], // from an empty side: nothing
      [6, [[100, 0]], ASK], // amount 0 is no level
      [8, [[103, 1]], ASK], // crossed
      [10, [[102, 1]], ASK], // locked
      [12, [[100, 6]], [[Number.NaN, Number.NaN]]],
      [14, BID, ASK], // from an empty side: nothing
      [15, [[100, 7]], ASK], // +3
      [59, BID, []], // at the bar's end nobody asks
    ],
    [[59.5, 1, 102, 1]],
  );
  // Valid: [0, 1) of 3, [1, 2) of 3.5, [4, 6) of 4, [14, 15) of 3, [15, 59) of 4.5.
  const queue = (3 + 3.5 + 4 * 2 + 3 + 4.5 * 44) / 49;
  expect(value(rows[0], "ofi_norm")).toBeCloseTo(3 / queue, 14);
  const imbalances = (2 / 6 + 3 / 7 + (4 / 8) * 2 + 2 / 6 + (5 / 9) * 44) / 49;
  expect(value(rows[0], "obi_twa_l5")).toBeCloseTo(imbalances, 14);
  expect([rows[0]!.mid, value(rows[0], "obi_l1")]).toEqual([Number.NaN, Number.NaN]);
  // The last valid state is half a second old.
  expect(value(rows[0], "effective_spread_bps")).toBeCloseTo(2e4 / 101, 10);
});

test("imbalances take the levels that are there", async () => {
  const bids: Levels = [
    [100, 4],
    [99, 3],
    [98, 2],
    [97, 1],
    [96, 5],
  ];
  const [row] = await rowsOf([[0, bids, ASK]]);
  expect(value(row, "obi_l1")).toBe((4 - 2) / 6);
  expect(value(row, "obi_l5")).toBe((15 - 2) / 17);
  expect(value(row, "obi_l20_decay")).toBe(Number.NaN);
  expect((row!.valid >> 35n) & 1n).toBe(0n);
});
