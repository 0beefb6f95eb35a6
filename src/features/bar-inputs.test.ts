import { expect, test } from "vitest";
import { DAY_US, MINUTE_US, SECOND_US } from "../core/time.js";
import { FEATURES } from "./catalogue.js";
import type { EngineSettings } from "./engine-settings.js";
import type { FeatureRow } from "./feature-rows.js";
import { changeColumns, featureRows, tradeColumns } from "./test-market.js";

const T0 = 19_000 * DAY_US;
const s = (seconds: number): number => T0 + seconds * SECOND_US;

type BookRow = readonly [seconds: number, side: 1 | -1, price: number, amount: number];
type TradeRow = readonly [seconds: number, side: -1 | 0 | 1, price: number, amount: number];

/** Rows of the engine for events given as tuples; the first `snapshot` book rows are a snapshot. */
async function rowsOf(
  book: readonly BookRow[],
  trades: readonly TradeRow[] = [],
  { snapshots = [0], ...settings }: EngineSettings & { readonly snapshots?: number[] } = {},
): Promise<readonly FeatureRow[]> {
  const changes = book.map(([at, side, price, amount]) => {
    return { timeUs: s(at), isSnapshot: snapshots.includes(at), side, price, amount };
  });
  return featureRows(
    {
      bookChanges: changeColumns(changes),
      trades: tradeColumns(
        trades.map(([at, side, price, amount]) => ({ timeUs: s(at), side, price, amount })),
      ),
    },
    settings,
  );
}

const value = (row: FeatureRow | undefined, name: string): number =>
  row!.values[FEATURES.findIndex((feature) => feature.name === name)]!;

const TWO_SIDES: readonly BookRow[] = [
  [0, 1, 100, 4],
  [0, -1, 102, 2],
];

test("order flow counts neither the snapshot nor the first difference after it; then it follows the formula", async () => {
  const [row] = await rowsOf([
    ...TWO_SIDES,
    [10, 1, 100, 9], // first difference after the snapshot: nothing
    [20, 1, 101, 3], // bid up: +3
    [30, -1, 102, 5], // ask grows from 2 to 5: −5 + 2 = −3
    [40, 1, 101, 0], // bid falls back to 100 × 9: −3
    [50, -1, 102, 0],
    [50, -1, 103, 7], // ask up from 102 × 5: +5
  ]);
  const flow = 3 - 3 - 3 + 5;
  // Half the sum of the best amounts: 10 s each of (4+2), (9+2), (3+2), (3+5), (9+5), (9+7) halved.
  const queue = (3 + 5.5 + 2.5 + 4 + 7 + 8) / 6;
  expect(value(row, "ofi_norm")).toBeCloseTo(flow / queue, 14);
});

test("rows of one arrival time are one state: a half-applied message is no order flow", async () => {
  const [row] = await rowsOf([
    ...TWO_SIDES,
    [1, 1, 99, 1],
    [30, 1, 103, 2], // crosses the old ask until the next row
    [30, -1, 102, 0],
    [30, -1, 104, 6],
  ]);
  // Bid up: +2; ask up: + the 2 that stood at 102.
  const queue = (3 * 30 + 4 * 30) / 60;
  expect(value(row, "ofi_norm")).toBeCloseTo(4 / queue, 14);
});

test("the first difference after 00:00 UTC is no order flow, also without a snapshot", async () => {
  const rows = await rowsOf(
    [
      [-60, 1, 100, 4],
      [-60, -1, 102, 2],
      [-50, 1, 99, 1],
      [-1, 1, 100, 5], // +1 in the last minute of the day
      [1, 1, 100, 8], // first after midnight: nothing
      [2, 1, 100, 10], // +2
    ],
    [],
    { snapshots: [-60] },
  );
  expect(value(rows[0], "ofi_norm")).toBeCloseTo(1 / ((3 * 59 + 3.5) / 60), 14);
  expect(value(rows[1], "ofi_norm")).toBeCloseTo(2 / ((3.5 + 5 + 6 * 58) / 60), 14);
});

test("order flow stops at crossed and at stale states, and a reconnect snapshot counts nothing", async () => {
  const rows = await rowsOf(
    [
      ...TWO_SIDES,
      [1, 1, 100, 5], // first difference: nothing
      [2, 1, 102, 1], // crossed: no difference
      [3, 1, 102, 0], // back: none either, the state before was not valid
      [4, 1, 100, 6], // +1
      [30, 1, 100, 9], // stale since 14: nothing
      [31, 1, 100, 10], // +1
      [40, 1, 100, 50],
      [40, -1, 102, 2], // snapshot: nothing
      [41, 1, 100, 51], // first difference after it: nothing
      [42, 1, 100, 53], // +2
    ],
    [],
    { snapshots: [0, 40], staleAfterUs: 10 * SECOND_US },
  );
  const [row] = rows;
  // Valid: [0,2) of 3 then 3.5; [3,14); [30,52) — each state at most 10 s.
  const queue = 3 + 3.5 + 3.5 + 4 * 10 + 5.5 + 6 * 9 + 26 + 26.5 + 27.5 * 10;
  expect(value(row, "ofi_norm")).toBeCloseTo(4 / (queue / (2 + 11 + 22)), 14);
});

test("averages run over valid time: a state counts until the next, a crossed or stale one does not count", async () => {
  const rows = await rowsOf([
    ...TWO_SIDES, // 0–15 s: imbalance 2/6, spread 2 of 101
    [15, 1, 102, 1], // crossed until 30 s
    [30, 1, 102, 0],
    [30, 1, 101, 2], // 30–90 s: (4+2−2)/(4+2+2), spread 1 of 101.5; stale from 90 s on
    [150, 1, 101, 8], // 150–180 s
  ]);
  expect(value(rows[0], "obi_twa_l5")).toBeCloseTo(((2 / 6) * 15 + 0.5 * 30) / 45, 14);
  expect(value(rows[0], "quoted_spread_bps")).toBeCloseTo(
    ((2e4 / 101) * 15 + (1e4 / 101.5) * 30) / 45,
    12,
  );
  expect(value(rows[1], "obi_twa_l5")).toBe(0.5);
  expect(rows.map(({ mid }) => mid)).toEqual([101.5, Number.NaN, 101.5]);
  expect([value(rows[1], "obi_l1"), value(rows[2], "obi_l1")]).toEqual([Number.NaN, (8 - 2) / 10]);
});

test("book at t is the last state strictly before t; imbalances take the levels that are there", async () => {
  const rows = await rowsOf([
    ...TWO_SIDES,
    [1, 1, 99, 3],
    [60, 1, 101, 50], // at the bar's end: belongs to the next bar
    [61, 1, 99, 1],
  ]);
  expect(value(rows[0], "obi_l1")).toBe((4 - 2) / (4 + 2));
  expect(value(rows[0], "obi_l5")).toBe((7 - 2) / (7 + 2));
  const weight = (price: number): number => Math.exp((-1e4 * Math.abs(price - 101)) / 101 / 5);
  const bids = 4 * weight(100) + 3 * weight(99);
  const asks = 2 * weight(102);
  expect(value(rows[0], "obi_l20_decay")).toBeCloseTo((bids - asks) / (bids + asks), 14);
  expect(value(rows[1], "obi_l1")).toBe((50 - 2) / 52);
});

test("the deep imbalance weighs the best twenty levels of a side and none behind them", async () => {
  const levels = Array.from({ length: 25 }, (_, i) => i);
  const price = (side: 1 | -1, i: number): number => 100 - side * (i + 1) * 0.01;
  const amount = (side: 1 | -1, i: number): number => (side === 1 ? 1 + i : 40 - i);
  const [row] = await rowsOf(
    levels.flatMap((i): BookRow[] => [
      [0, 1, price(1, i), amount(1, i)],
      [0, -1, price(-1, i), amount(-1, i)],
    ]),
  );
  // Level i lies (i + 1) bps from the mid.
  const depth = (side: 1 | -1): number =>
    levels.slice(0, 20).reduce((sum, i) => sum + amount(side, i) * Math.exp(-(i + 1) / 5), 0);
  const expected = (depth(1) - depth(-1)) / (depth(1) + depth(-1));
  expect(value(row, "obi_l20_decay")).toBeCloseTo(expected, 10);
});

test("after sixty bars of one spread, a tenth more is ln 1.1 in floors of 0.05", async () => {
  const rows = await rowsOf(
    [...TWO_SIDES, [60, 1, 100, 0], [60, 1, 99.9, 4], [60, -1, 102, 0], [60, -1, 102.1, 2]],
    [],
    { barUs: SECOND_US, staleAfterUs: 100 * SECOND_US },
  );
  expect(rows).toHaveLength(61);
  // All 60 values before are equal, so the deviation is its floor.
  expect(value(rows[60], "spread_z")).toBeCloseTo(Math.log(1.1) / 0.05, 10);
});

test("effective spread weighs by volume, takes the mid before the trade and leaves unknown sides out", async () => {
  const [row] = await rowsOf(
    [...TWO_SIDES, [20, 1, 101, 1]],
    [
      [-1, 1, 102, 50], // no book yet
      [10, 1, 102, 3], // mid 101
      [20, -1, 101, 1], // at the time of the next state: still mid 101, spread 0
      [21, -1, 101, 4], // mid 101.5
      [22, 0, 101, 100],
      [41, 1, 102, 50], // the book is 21 s old: no valid mid
    ],
    { barUs: 2 * MINUTE_US, staleAfterUs: 20 * SECOND_US },
  ).then((rows) => rows.slice(1));
  const spread = (3 * (2e4 / 101) + 0 + 4 * (2e4 * (0.5 / 101.5))) / 8;
  expect(value(row, "effective_spread_bps")).toBeCloseTo(spread, 10);
});

test("trades: prices, volume by side and VWAPs of a minute worked by hand; a silent minute carries the close", async () => {
  const rows = await rowsOf(
    [],
    [
      [1, 1, 100, 2],
      [2, -1, 98, 1],
      [3, 0, 103, 1],
      [4, 1, 101, 4],
      [130, -1, 99, 1],
    ],
  );
  const [first, silent] = rows;
  expect(["open", "high", "low", "close", "volume"].map((name) => value(first, name))).toEqual([
    100, 103, 98, 101, 8,
  ]);
  expect(value(first, "tfi")).toBe((6 - 1) / 7);
  const vwap = (200 + 98 + 103 + 404) / 8;
  expect(value(first, "vwap_dev_bar")).toBeCloseTo((1e4 * (101 - vwap)) / vwap, 9);
  expect(value(first, "vwap_side_gap")).toBeCloseTo((1e4 * (604 / 6 - 98)) / vwap, 9);
  expect(["open", "high", "low", "close", "volume"].map((name) => value(silent, name))).toEqual([
    101, 101, 101, 101, 0,
  ]);
  expect(["tfi", "vwap_dev_bar", "vwap_side_gap"].map((name) => value(silent, name))).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  expect(rows.map(({ valid }) => (valid >> 53n) & 1n)).toEqual([0n, 1n, 0n]);
  expect(rows.map(({ valid }) => (valid >> 54n) & 1n)).toEqual([1n, 1n, 1n]);
});

test("amounts of an inverse contract are dollars: VWAP is dollars over coins", async () => {
  const [row] = await rowsOf(
    [],
    [
      [1, 1, 100, 1000],
      [2, 1, 125, 1000],
    ],
    { contract: { kind: "inverse", size: 1 } },
  );
  const vwap = 2000 / (1000 / 100 + 1000 / 125);
  expect(value(row, "vwap_dev_bar")).toBeCloseTo((1e4 * (125 - vwap)) / vwap, 9);
});

test("the session's VWAP begins at 00:00 UTC, and is missing for 30 bars and in a day not seen from its start", async () => {
  const trades: TradeRow[] = Array.from({ length: 40 }, (_, i) => [
    60 * i,
    1,
    100 + i,
    1 + (i % 3),
  ]);
  const rows = await rowsOf([], [[-30, 1, 500, 1000], ...trades]);
  const session = rows.map((row) => value(row, "vwap_dev_session"));
  expect(session.slice(0, 31).every(Number.isNaN)).toBe(true);
  const until = (n: number): number =>
    trades.slice(0, n).reduce((sum, [, , price, amount]) => sum + price * amount, 0) /
    trades.slice(0, n).reduce((sum, [, , , amount]) => sum + amount, 0);
  for (let n = 31; n <= 40; n++) {
    expect(session[n]).toBeCloseTo((1e4 * (100 + n - 1 - until(n))) / until(n), 8);
  }
  const late = await rowsOf(
    [],
    trades.map(([at, ...rest]) => [at + 3600, ...rest] as const),
  );
  expect(late.map((row) => value(row, "vwap_dev_session")).every(Number.isNaN)).toBe(true);
});
