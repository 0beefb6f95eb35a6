// Features of real snapshots against slow, plain computations that share no code with the engine.

import { beforeAll, describe, expect, test } from "vitest";
import type { SnapshotSource } from "../market/book-source.js";
import {
  captureBookChanges,
  captureBookRows,
  captureSnapshots,
  captureTrades,
  hasCaptures,
} from "../market/test-captures.js";
import type { BookRow } from "../market/test-snapshots.js";
import type { Trades } from "../store/tables.js";
import { FEATURES } from "./catalogue.js";
import type { FeatureRow } from "./feature-rows.js";
import { featureRows } from "./test-market.js";
import { average, type Flow, flows, imbalance, isValid, midOf, sum } from "./test-plain-book.js";
import { shownRows } from "./test-snapshots.js";

const SECOND = 1e6;
const MINUTE = 60e6;
const STALE = 60e6;

interface Trade {
  readonly timeUs: number;
  readonly side: number;
  readonly price: number;
  readonly amount: number;
}

/** What happened in a bar and shortly before it. */
interface Around {
  readonly endUs: number;
  readonly barUs: number;
  readonly states: readonly BookRow[];
  readonly flow: readonly Flow[];
  readonly trades: readonly Trade[];
}

/** Every feature of one bar that needs the book, by its definition; `levels` are shown. */
function plainFeatures(
  { endUs, barUs, states, flow, trades }: Around,
  levels: number,
): Record<string, number> {
  const bar = [endUs - barUs, endUs] as const;
  const last = states.at(-1);
  const at = last !== undefined && endUs - last.timeUs <= STALE && isValid(last) ? last : undefined;
  const averageOf = (value: (state: BookRow) => number): number =>
    average(states, bar, { staleUs: STALE, value });
  const costs = trades.flatMap(({ timeUs, side, price, amount }) => {
    const before = states.filter((state) => isValid(state) && state.timeUs < timeUs).at(-1);
    if (side === 0 || before === undefined || timeUs - before.timeUs > STALE) return [];
    const mid = midOf(before);
    return [{ amount, cost: (amount * 2e4 * side * (price - mid)) / mid }];
  });
  const ofAt = (value: (state: BookRow) => number): number => (at ? value(at) : Number.NaN);
  const decay = (state: BookRow): number => {
    const mid = midOf(state);
    return imbalance(state, 20, (price) => Math.exp(-(Math.abs(price - mid) / mid) * 2000));
  };
  return {
    mid: ofAt(midOf),
    obi_l1: ofAt((state) => imbalance(state, 1)),
    obi_l5: ofAt((state) => imbalance(state, 5)),
    obi_l20_decay: levels < 20 ? Number.NaN : ofAt(decay),
    obi_twa_l5: averageOf((state) => imbalance(state, 5)),
    ofi_norm:
      sum(flow.map(({ amount }) => amount)) /
      averageOf(({ bids, asks }) => (bids[0]![1] + asks[0]![1]) / 2),
    quoted_spread_bps: averageOf(
      (state) => (1e4 * (state.asks[0]![0] - state.bids[0]![0])) / midOf(state),
    ),
    effective_spread_bps: sum(costs.map(({ cost }) => cost)) / sum(costs.map((c) => c.amount)),
  };
}

/** ln of the spread against the 60 bars before: half of them at least, sample deviation at least 0.05, clipped to ±8. */
function spreadScores(spreads: readonly number[]): number[] {
  const logs = spreads.map(Math.log);
  return logs.map((now, i) => {
    const before = logs.slice(Math.max(0, i - 60), i).filter((x) => !Number.isNaN(x));
    if (before.length < 30) return Number.NaN;
    const mean = sum(before) / before.length;
    const deviation = Math.sqrt(sum(before.map((x) => (x - mean) ** 2)) / (before.length - 1));
    return Math.min(8, Math.max(-8, (now - mean) / Math.max(deviation, 0.05)));
  });
}

/** Slope of the mid's moves on signed notional over the last 60 sixths of bars; at least half of the moves are known. */
function impacts(
  states: readonly BookRow[],
  trades: readonly Trade[],
  { rows, barUs }: { readonly rows: readonly FeatureRow[]; readonly barUs: number },
): number[] {
  const ends = rows.flatMap(({ barEndUs }) =>
    [1, 2, 3, 4, 5, 6].map((part) => barEndUs - barUs + Math.ceil((part * barUs) / 6)),
  );
  let next = 0;
  const mids = ends.map((endUs) => {
    while (next < states.length && states[next]!.timeUs < endUs) next++;
    const last = states[next - 1];
    const isThere = last !== undefined && isValid(last) && endUs - last.timeUs <= STALE;
    return isThere ? midOf(last) : Number.NaN;
  });
  const parts = ends.map((endUs, i) => {
    const since = ends[i - 1] ?? Number.NEGATIVE_INFINITY;
    const own = trades.filter(({ timeUs }) => timeUs >= since && timeUs < endUs);
    const before = mids[i - 1] ?? Number.NaN;
    return {
      move: (1e4 * (mids[i]! - before)) / before,
      flow: sum(own.map(({ side, price, amount }) => side * price * amount)) / 1e6,
    };
  });
  return rows.map((_, bar) => {
    const pairs = parts.slice(Math.max(0, 6 * bar - 54), 6 * bar + 6);
    const known = pairs.filter(({ move }) => !Number.isNaN(move));
    if (pairs.length < 60 || known.length < 30) return Number.NaN;
    const flow = sum(known.map((pair) => pair.flow)) / known.length;
    const move = sum(known.map((pair) => pair.move)) / known.length;
    const products = sum(known.map((pair) => (pair.flow - flow) * (pair.move - move)));
    return products / sum(known.map((pair) => (pair.flow - flow) ** 2));
  });
}

/** The plain values of every bar from the first that an engine gave, by feature. */
function plainRows(
  states: readonly BookRow[],
  columns: Trades,
  of: { readonly rows: readonly FeatureRow[]; readonly barUs: number; readonly levels: number },
): readonly Record<string, number>[] {
  const { rows, barUs, levels } = of;
  const flow = flows(states, STALE);
  const trades = Array.from(columns.price, (price, i) => ({
    timeUs: columns.localTimestampUs[i]!,
    side: columns.side[i]!,
    price,
    amount: columns.amount[i]!,
  }));
  const plain = rows.map(({ barEndUs: endUs }) => {
    const isIn = ({ timeUs }: { readonly timeUs: number }): boolean =>
      timeUs >= endUs - barUs && timeUs < endUs;
    const around = {
      endUs,
      barUs,
      // The state in force at the bar's begin came before it, and one older than that says nothing.
      states: states.filter(({ timeUs }) => timeUs >= endUs - barUs - STALE && timeUs < endUs),
      flow: flow.filter(isIn),
      trades: trades.filter(isIn),
    };
    return plainFeatures(around, levels);
  });
  const scores = spreadScores(plain.map((values) => values["quoted_spread_bps"]!));
  const slopes = impacts(states, trades, of);
  return plain.map((values, i) => ({
    ...values,
    spread_z: scores[i]!,
    kyle_lambda: slopes[i]!,
  }));
}

const valueIn = (row: FeatureRow, feature: string): number =>
  feature === "mid" ? row.mid : row.values[FEATURES.findIndex((known) => known.name === feature)]!;

/** Values that differ from their definition, and how many of each feature are there. */
function compare(
  rows: readonly FeatureRow[],
  plain: readonly Record<string, number>[],
): { readonly wrong: readonly unknown[]; readonly there: Readonly<Record<string, number>> } {
  const wrong: unknown[] = [];
  const there: Record<string, number> = {};
  rows.forEach((row, i) => {
    for (const [feature, expected] of Object.entries(plain[i]!)) {
      const actual = valueIn(row, feature);
      const isRight = Number.isNaN(expected)
        ? Number.isNaN(actual)
        : Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
      if (!isRight) wrong.push([i, feature, actual, expected]);
      there[feature] = (there[feature] ?? 0) + (Number.isNaN(actual) ? 0 : 1);
    }
  });
  return { wrong, there };
}

/** A capture's rows for bars of a length, and what they have to be. */
async function capture(
  symbol: string,
  bookSource: SnapshotSource,
  barUs: number,
): Promise<{
  readonly rows: readonly FeatureRow[];
  readonly bare: readonly FeatureRow[];
  readonly plain: readonly Record<string, number>[];
}> {
  const [exchange, ...rest] = symbol.split("/");
  const name = (type: string): string => [exchange, type, ...rest].join("/");
  const levels = bookSource === "book_snapshot_25" ? 25 : 5;
  const trades = captureTrades(name("trades"));
  const bookSnapshots = captureSnapshots(name(bookSource), levels);
  const rows = await shownRows({ trades, bookSnapshots }, { bookSource, barUs });
  const bare = await shownRows({ trades }, { bookSource, barUs });
  const plain = plainRows(captureBookRows(name(bookSource)), trades, { rows, barUs, levels });
  return { rows, bare, plain };
}

/** The features that need no book have the bits that trades alone give them. */
function expectSameTrades(rows: readonly FeatureRow[], bare: readonly FeatureRow[]): void {
  const both = rows.filter(({ barEndUs }) => barEndUs <= bare.at(-1)!.barEndUs);
  expect(both.map(({ barEndUs }) => barEndUs)).toEqual(bare.map(({ barEndUs }) => barEndUs));
  for (const { name, inputs } of FEATURES) {
    if (inputs.includes("book")) continue;
    const [a, b] = [both, bare].map((of) => of.map((row) => valueIn(row, name)));
    expect([name, a]).toEqual([name, b]);
  }
}

describe.skipIf(!hasCaptures)("real snapshots (needs ../shared/market-data)", () => {
  test("BTCUSDT, 25 levels, five minutes: every value that needs the book equals its definition, by minute and by second", async () => {
    for (const [barUs, bars] of [
      [MINUTE, 6],
      [SECOND, 301],
    ] as const) {
      const { rows, bare, plain } = await capture(
        "binance/2026/02/16/BTCUSDT",
        "book_snapshot_25",
        barUs,
      );
      const { wrong, there } = compare(rows, plain);
      expect(rows).toHaveLength(bars);
      expect(wrong).toEqual([]);
      expect(there).toMatchObject({ mid: bars, obi_l20_decay: bars, ofi_norm: bars });
      expect(there["spread_z"]).toBe(barUs === MINUTE ? 0 : bars - 30);
      expect(there["kyle_lambda"]).toBe(barUs === MINUTE ? 0 : bars - 9);
      expectSameTrades(rows, bare);
    }
  });

  describe("BTCUSD of a whole day, 5 levels", () => {
    let day: Awaited<ReturnType<typeof capture>>;

    beforeAll(async () => {
      if (hasCaptures) day = await capture("bitstamp/2015/05/01/BTCUSD", "book_snapshot_5", MINUTE);
    });

    test("every value that needs the book equals its definition, and what needs 20 levels is missing", () => {
      const { wrong, there } = compare(day.rows, day.plain);
      expect(day.rows).toHaveLength(1440);
      expect(wrong).toEqual([]);
      expect(there["obi_l20_decay"]).toBe(0);
      for (const name of [
        "mid",
        "obi_l1",
        "obi_l5",
        "obi_twa_l5",
        "ofi_norm",
        "spread_z",
        "kyle_lambda",
      ]) {
        expect([name, there[name]! > 1300]).toEqual([name, true]);
      }
      expectSameTrades(day.rows, day.bare);
    });

    test("what the vendor's snapshots give has the bits of what the vendor's changes give", async () => {
      const rows = await featureRows(
        {
          trades: captureTrades("bitstamp/trades/2015/05/01/BTCUSD"),
          bookChanges: captureBookChanges("bitstamp/incremental_book_L2/2015/05/01/BTCUSD"),
        },
        { barUs: MINUTE },
      );
      // The snapshots begin with the snapshot among the changes, and no other comes that day.
      for (const { name, inputs } of FEATURES) {
        if (!inputs.includes("book") || name === "obi_l20_decay") continue;
        const [a, b] = [rows, day.rows].map((of) => of.map((row) => valueIn(row, name)));
        expect([name, a]).toEqual([name, b]);
      }
      expect(day.rows.map(({ mid }) => mid)).toEqual(rows.map(({ mid }) => mid));
    });
  });
});
