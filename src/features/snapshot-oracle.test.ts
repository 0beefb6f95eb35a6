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
import { FEATURES } from "./catalogue.js";
import type { FeatureRow } from "./feature-rows.js";
import { columnOf, compare, type PlainColumns } from "./test-agreement.js";
import { featureRows } from "./test-market.js";
import { plainBookColumns } from "./test-plain-rows.js";
import { shownRows } from "./test-snapshots.js";

const SECOND = 1e6;
const MINUTE = 60e6;
const STALE = 60e6;

/** A capture's rows for bars of a length, and what they have to be. */
async function capture(
  symbol: string,
  bookSource: SnapshotSource,
  barUs: number,
): Promise<{
  readonly rows: readonly FeatureRow[];
  readonly bare: readonly FeatureRow[];
  readonly plain: PlainColumns;
}> {
  const [exchange, ...rest] = symbol.split("/");
  const name = (type: string): string => [exchange, type, ...rest].join("/");
  const levels = bookSource === "book_snapshot_25" ? 25 : 5;
  const trades = captureTrades(name("trades"));
  const bookSnapshots = captureSnapshots(name(bookSource), levels);
  const rows = await shownRows({ trades, bookSnapshots }, { bookSource, barUs });
  const bare = await shownRows({ trades }, { bookSource, barUs });
  const fromUs = rows[0]!.barEndUs - barUs;
  const bars = { fromUs, barUs, count: rows.length, staleUs: STALE };
  const plain = plainBookColumns(captureBookRows(name(bookSource)), trades, { ...bars, levels });
  return { rows, bare, plain };
}

/** The features that need no book have the bits that trades alone give them. */
function expectSameTrades(rows: readonly FeatureRow[], bare: readonly FeatureRow[]): void {
  const both = rows.filter(({ barEndUs }) => barEndUs <= bare.at(-1)!.barEndUs);
  expect(both.map(({ barEndUs }) => barEndUs)).toEqual(bare.map(({ barEndUs }) => barEndUs));
  for (const { name, inputs } of FEATURES) {
    if (inputs.includes("book")) continue;
    const [a, b] = [both, bare].map((of) => columnOf(of, name));
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
      const { wrong, values } = compare(rows, plain);
      expect(rows).toHaveLength(bars);
      expect(wrong).toEqual([]);
      expect(values).toMatchObject({ mid: bars, obi_l20_decay: bars, ofi_norm: bars });
      expect(values["spread_z"]).toBe(barUs === MINUTE ? 0 : bars - 30);
      expect(values["kyle_lambda"]).toBe(barUs === MINUTE ? 0 : bars - 9);
      expectSameTrades(rows, bare);
    }
  });

  describe("BTCUSD of a whole day, 5 levels", () => {
    let day: Awaited<ReturnType<typeof capture>>;

    beforeAll(async () => {
      if (hasCaptures) day = await capture("bitstamp/2015/05/01/BTCUSD", "book_snapshot_5", MINUTE);
    });

    test("every value that needs the book equals its definition, and what needs 20 levels is missing", () => {
      const { wrong, values } = compare(day.rows, day.plain);
      expect(day.rows).toHaveLength(1440);
      expect(wrong).toEqual([]);
      expect(values["obi_l20_decay"]).toBe(0);
      for (const name of [
        "mid",
        "obi_l1",
        "obi_l5",
        "obi_twa_l5",
        "ofi_norm",
        "spread_z",
        "kyle_lambda",
      ]) {
        expect([name, values[name]! > 1300]).toEqual([name, true]);
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
        const [a, b] = [rows, day.rows].map((of) => columnOf(of, name));
        expect([name, a]).toEqual([name, b]);
      }
      expect(day.rows.map(({ mid }) => mid)).toEqual(rows.map(({ mid }) => mid));
    });
  });
});
