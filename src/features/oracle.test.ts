// Features of real ticks against slow, plain computations that share no code with the engine.

import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, test } from "vitest";
import {
  CAPTURES,
  captureBookChanges,
  captureTrades,
  hasCaptures,
} from "../market/test-captures.js";
import { FEATURES } from "./catalogue.js";
import type { FeatureRow } from "./feature-rows.js";
import { featureRows } from "./test-market.js";

const MINUTE = 60e6;
const STALE = 60e6;

type Levels = readonly (readonly [price: number, amount: number])[];
interface State {
  readonly timeUs: number;
  readonly isSnapshot: boolean;
  readonly bids: Levels;
  readonly asks: Levels;
}
interface Trade {
  readonly timeUs: number;
  readonly side: number;
  readonly price: number;
  readonly amount: number;
}

/** The best 20 levels after every arrival time, from Maps that are sorted anew each time. */
function bookStates(name: string): State[] {
  const { localTimestampUs, isSnapshot, side, price, amount } = captureBookChanges(name);
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  const states: State[] = [];
  let hasSnapshot = false;
  for (let i = 0; i < price.length; i++) {
    if (isSnapshot[i] === 1 && isSnapshot[i - 1] !== 1) {
      bids.clear();
      asks.clear();
    }
    hasSnapshot ||= isSnapshot[i] === 1;
    const levels = side[i] === 1 ? bids : asks;
    if (amount[i] === 0) levels.delete(price[i]!);
    else levels.set(price[i]!, amount[i]!);
    if (!hasSnapshot || localTimestampUs[i] === localTimestampUs[i + 1]) continue;
    states.push({
      timeUs: localTimestampUs[i]!,
      isSnapshot: isSnapshot[i] === 1,
      bids: [...bids].sort(([a], [b]) => b - a).slice(0, 20),
      asks: [...asks].sort(([a], [b]) => a - b).slice(0, 20),
    });
  }
  return states;
}

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
const midOf = ({ bids, asks }: State): number => (bids[0]![0] + asks[0]![0]) / 2;
const isValid = ({ bids, asks }: State): boolean =>
  bids.length > 0 && asks.length > 0 && bids[0]![0] < asks[0]![0];

function imbalance({ bids, asks }: State, n: number, weight: (price: number) => number): number {
  const side = (levels: Levels): number =>
    sum(levels.slice(0, n).map(([price, amount]) => amount * weight(price)));
  return (side(bids) - side(asks)) / (side(bids) + side(asks));
}

/** Σ eₙ over the differences whose later state lies in [fromUs, toUs), as the catalogue's rules say. */
function orderFlow(states: readonly State[], fromUs: number, toUs: number): number {
  let total = 0;
  let isFirst = true;
  for (let n = 1; n < states.length; n++) {
    const [a, b] = [states[n - 1]!, states[n]!];
    const isNewDay = Math.floor(a.timeUs / 864e8) !== Math.floor(b.timeUs / 864e8);
    if (b.isSnapshot || isNewDay) isFirst = true;
    if (b.isSnapshot || !isValid(a) || !isValid(b) || b.timeUs - a.timeUs > STALE) continue;
    const wasFirst = isFirst;
    isFirst = false;
    if (wasFirst || b.timeUs < fromUs || b.timeUs >= toUs) continue;
    const [[p0, q0], [p1, q1]] = [a.bids[0]!, b.bids[0]!];
    const [[r0, s0], [r1, s1]] = [a.asks[0]!, b.asks[0]!];
    total += Number(p1 >= p0) * q1 - Number(p1 <= p0) * q0;
    total += Number(r1 >= r0) * s0 - Number(r1 <= r0) * s1;
  }
  return total;
}

/** Time average over the valid part of [fromUs, toUs). */
function average(
  states: readonly State[],
  [fromUs, toUs]: readonly [number, number],
  value: (state: State) => number,
): number {
  const pieces = states.map((state, n) => {
    const begin = Math.max(state.timeUs, fromUs);
    const end = Math.min(
      states[n + 1]?.timeUs ?? Number.POSITIVE_INFINITY,
      toUs,
      state.timeUs + STALE,
    );
    return isValid(state) && end > begin ? { length: end - begin, value: value(state) } : undefined;
  });
  const there = pieces.filter((piece) => piece !== undefined);
  return (
    sum(there.map((piece) => piece.value * piece.length)) / sum(there.map(({ length }) => length))
  );
}

/** Every bar-local microstructure feature of the bar that ends at `endUs`, by its definition. */
function plainFeatures(
  states: readonly State[],
  trades: readonly Trade[],
  endUs: number,
): Record<string, number> {
  const bar = [endUs - MINUTE, endUs] as const;
  const inBar = trades.filter(({ timeUs }) => timeUs >= bar[0] && timeUs < bar[1]);
  const at = states.filter(({ timeUs }) => timeUs < endUs).at(-1)!;
  const mid = midOf(at);
  const volume = (side?: number): number =>
    sum(inBar.filter((t) => side === undefined || t.side === side).map(({ amount }) => amount));
  const vwap = (list: readonly Trade[]): number =>
    sum(list.map((t) => t.price * t.amount)) / sum(list.map((t) => t.amount));
  const sided = (side: number): Trade[] => inBar.filter((t) => t.side === side);
  const spreads = inBar
    .filter(({ side }) => side !== 0)
    .map((t) => {
      const before = states
        .filter(({ timeUs }) => timeUs < t.timeUs && t.timeUs - timeUs <= STALE)
        .at(-1);
      if (before === undefined) return { amount: 0, cost: 0 };
      const m = midOf(before);
      return { amount: t.amount, cost: (t.amount * 2e4 * t.side * (t.price - m)) / m };
    });
  const close = inBar.at(-1)!.price;
  return {
    mid,
    obi_l1: imbalance(at, 1, () => 1),
    obi_l5: imbalance(at, 5, () => 1),
    obi_l20_decay: imbalance(at, 20, (price) => Math.exp(-(Math.abs(price - mid) / mid) * 2000)),
    obi_twa_l5: average(states, bar, (state) => imbalance(state, 5, () => 1)),
    ofi_norm:
      orderFlow(states, ...bar) /
      average(states, bar, ({ bids, asks }) => (bids[0]![1] + asks[0]![1]) / 2),
    tfi: (volume(1) - volume(-1)) / (volume(1) + volume(-1)),
    vwap_dev_bar: (1e4 * (close - vwap(inBar))) / vwap(inBar),
    vwap_side_gap: (1e4 * (vwap(sided(1)) - vwap(sided(-1)))) / vwap(inBar),
    quoted_spread_bps: average(
      states,
      bar,
      (state) => (1e4 * (state.asks[0]![0] - state.bids[0]![0])) / midOf(state),
    ),
    effective_spread_bps:
      sum(spreads.map(({ cost }) => cost)) / sum(spreads.map(({ amount }) => amount)),
  };
}

describe.skipIf(!hasCaptures)("real ticks (needs ../shared/market-data)", () => {
  let rows: readonly FeatureRow[];
  const name = (type: string): string => `binance/${type}/2024/08/08/BTCUSDT`;

  beforeAll(async () => {
    if (!hasCaptures) return;
    rows = await featureRows(
      {
        trades: captureTrades(name("trades")),
        bookChanges: captureBookChanges(name("incremental_book_L2")),
      },
      {},
    );
  });

  const valueIn = (row: FeatureRow, feature: string): number =>
    feature === "mid"
      ? row.mid
      : row.values[FEATURES.findIndex((known) => known.name === feature)]!;

  test("microstructure values of BTCUSDT's six minutes before midnight equal their definitions", () => {
    const states = bookStates(name("incremental_book_L2"));
    const columns = captureTrades(name("trades"));
    const trades = Array.from(columns.price, (price, i) => ({
      timeUs: columns.localTimestampUs[i]!,
      side: columns.side[i]!,
      price,
      amount: columns.amount[i]!,
    }));
    expect(rows).toHaveLength(6);
    // The capture's own description counts one snapshot and 3,448 messages.
    expect(states).toHaveLength(3449);
    for (const row of rows) {
      for (const [feature, expected] of Object.entries(
        plainFeatures(states, trades, row.barEndUs),
      )) {
        const actual = valueIn(row, feature);
        // The plain VWAP of prices around 60,000 has lost some digits of its distance to a price.
        const tolerance = feature.startsWith("vwap")
          ? 1e-6
          : 1e-9 * Math.max(1, Math.abs(expected));
        expect([feature, Math.abs(actual - expected) < tolerance]).toEqual([feature, true]);
      }
    }
  });

  test("prices and volumes equal what SQL makes of the vendor's file", async () => {
    const file = path.join(CAPTURES, `${name("trades")}.csv.gz`);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const result = await connection.runAndReadAll(`
      SELECT ((local_timestamp // 60000000) + 1) * 60000000 AS bar, arg_min(price, rowid), max(price), min(price),
        arg_max(price, rowid), sum(amount)
      FROM (SELECT *, row_number() OVER () AS rowid FROM read_csv('${file}'))
      GROUP BY bar ORDER BY bar`);
    connection.closeSync();
    const expected = result.getRows().map((row) => row.map(Number));
    expect(rows.map((row) => row.barEndUs)).toEqual(expected.map(([bar]) => bar));
    rows.forEach((row, i) => {
      const [, open, high, low, close, volume] = expected[i]!;
      expect([...row.values.slice(0, 4)]).toEqual([open, high, low, close]);
      expect(row.values[4]).toBeCloseTo(volume!, 9);
    });
  });
});
