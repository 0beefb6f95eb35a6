import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import {
  CAPTURES,
  captureBookChanges,
  captureTrades,
  hasCaptures,
} from "../market/test-captures.js";
import { simulateMarket } from "../simulate/simulate-market.js";
import { openStore, type Store } from "../store/store.js";
import type { BookChanges } from "../store/tables.js";
import { bookWindow } from "./book-window.js";
import { cumulativeDepth, depthWithin, type Ladder } from "./ladder.js";
import { busiestWindow } from "./look-window.js";
import { sampleChanges, sampleSnapshots } from "./sample-book.js";
import { marketRange } from "./store-summary.js";

let folder = "";
let store: Store;

const simulated = { exchange: "simulated", symbol: "BTCUSDT", date: "2024-01-01" } as const;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-book-"));
  store = await openStore(path.join(folder, "data"));
  const mirror = path.join(folder, "mirror");
  await simulateMarket(mirror, {
    symbols: ["BTCUSDT"],
    from: "2024-01-01",
    to: "2024-01-02",
    seed: 3,
    edge: "informative",
    hasFaults: false,
    types: ["trades", "incremental_book_L2", "book_snapshot_25"],
  });
  const days = ["2024-01-01"];
  const source = await openSource(mirror);
  await ingest(store, source, { exchange: "simulated", symbols: ["BTCUSDT"], days });
  if (!hasCaptures) return;
  const captures = await openSource(CAPTURES);
  const real = { exchange: "binance", symbols: ["BTCUSDT"], days: ["2024-08-09"] };
  await ingest(store, captures, { ...real, types: ["trades", "incremental_book_L2"] });
}, 120_000);

afterAll(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A book kept in plain maps, row by row: slow, and written without a look at the other one. */
function slowBook(
  changes: BookChanges,
  timeUs: number,
): readonly [Map<number, number>, Map<number, number>] {
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  let wasSnapshot = false;
  for (let i = 0; i < changes.price.length && changes.localTimestampUs[i]! <= timeUs; i++) {
    const isSnapshot = changes.isSnapshot[i] === 1;
    if (isSnapshot && !wasSnapshot) {
      bids.clear();
      asks.clear();
    }
    wasSnapshot = isSnapshot;
    const side = changes.side[i] === 1 ? bids : asks;
    if (changes.amount[i] === 0) side.delete(changes.price[i]!);
    else side.set(changes.price[i]!, changes.amount[i]!);
  }
  return [bids, asks];
}

test.runIf(hasCaptures)(
  "cells of the depth picture and steps of the ladder equal a slow book's (skipped without the real captures)",
  async () => {
    const changes = captureBookChanges("binance/incremental_book_L2/2024/08/09/BTCUSDT");
    const trades = captureTrades("binance/trades/2024/08/09/BTCUSDT");
    const range = marketRange("binance", "BTC", "2024-08-09", "2024-08-10");
    const window = await busiestWindow(store, range, "BTCUSDT");
    const book = await bookWindow(store, window);
    if (!("grid" in book)) throw new Error("the captures hold a book");
    const { grid } = book;
    expect(grid.timesUs).toHaveLength(300);
    expect(grid.bands).toBeLessThanOrEqual(200);
    expect(grid.value).toHaveLength(grid.bands);
    for (const column of [5, 77, 150, 299]) {
      const [bids, asks] = slowBook(changes, grid.timesUs[column]!);
      expect(book.bestBid[column]).toBe(Math.max(...bids.keys()));
      expect(book.bestAsk[column]).toBe(Math.min(...asks.keys()));
      const sums = new Float64Array(grid.bands);
      for (const [price, amount] of [...bids, ...asks]) {
        // Prices of this market are whole cents.
        const low = Math.round(100 * grid.lowPrice);
        const band = Math.floor(
          (Math.round(100 * price) - low) / Math.round(100 * grid.bandHeight),
        );
        if (band >= 0 && band < grid.bands) sums[band]! += price * amount;
      }
      for (let band = 0; band < grid.bands; band++) {
        expect(grid.value[band]![column]! / Math.max(1, sums[band]!)).toBeCloseTo(
          sums[band]! / Math.max(1, sums[band]!),
          9,
        );
      }
    }
    const [bids] = slowBook(changes, book.ladder.timeUs);
    const inOrder = [...bids].sort(([a], [b]) => b - a);
    expect([...book.ladder.bidPrice]).toEqual(inOrder.map(([price]) => price));
    const value = inOrder.reduce((sum, [price, amount]) => sum + price * amount, 0);
    expect(cumulativeDepth(book.ladder).bid.value.at(-1)! / value).toBeCloseTo(1, 9);
    expect(book.trades.price).toHaveLength(trades.price.length);
  },
);

test("snapshots show the best levels of the book that its changes rebuild", async () => {
  const start = Date.UTC(2024, 0, 1, 6) * 1000;
  const times = Float64Array.from({ length: 60 }, (_, i) => start + i * 7 * MINUTE_US + 1);
  const rebuilt = await sampleChanges(store, simulated, times);
  const shown = await sampleSnapshots(store, { ...simulated, type: "book_snapshot_25" }, times);
  expect(shown.filter((ladder) => ladder !== undefined).length).toBeGreaterThan(50);
  for (const [i, ladder] of shown.entries()) {
    expect(ladder === undefined).toBe(rebuilt[i] === undefined);
    if (ladder === undefined) continue;
    const deep = rebuilt[i]!;
    expect(deep.bidPrice.length).toBeGreaterThan(4);
    for (const side of ["bidPrice", "bidAmount", "askPrice", "askAmount"] as const) {
      expect([...ladder[side]]).toEqual([...deep[side].slice(0, ladder[side].length)]);
      expect(ladder[side].length).toBe(Math.min(25, deep[side].length));
    }
  }
});

test("before the first snapshot and a minute after the last change there is no book", async () => {
  const start = Date.UTC(2024, 0, 1) * 1000;
  const end = start + 1440 * MINUTE_US;
  const [before, after] = await sampleChanges(store, simulated, [start - 1, end + 10 * MINUTE_US]);
  expect([before, after]).toEqual([undefined, undefined]);
  const key = { ...simulated, type: "book_snapshot_25" } as const;
  expect(await sampleSnapshots(store, key, [start - 1, end + 10 * MINUTE_US])).toEqual([
    undefined,
    undefined,
  ]);
});

test("depth only grows away from the mid, and its last step is the whole side", async () => {
  const time = Date.UTC(2024, 0, 1, 12) * 1000;
  const [ladder] = (await sampleChanges(store, simulated, [time])) as [Ladder];
  const { bid, ask } = cumulativeDepth(ladder);
  for (const [side, price, amount] of [
    [bid, ladder.bidPrice, ladder.bidAmount],
    [ask, ladder.askPrice, ladder.askAmount],
  ] as const) {
    for (let i = 1; i < price.length; i++) {
      expect(side.value[i]).toBeGreaterThan(side.value[i - 1]!);
      expect(side.distanceBps[i]).toBeGreaterThan(side.distanceBps[i - 1]!);
    }
    const whole = price.reduce((sum, one, i) => sum + one * amount[i]!, 0);
    expect(depthWithin(side, Number.POSITIVE_INFINITY)).toBeCloseTo(whole, 6);
    expect(depthWithin(side, side.distanceBps[0]! / 2)).toBe(0);
    expect(depthWithin(side, side.distanceBps[2]!)).toBe(side.value[2]);
  }
});

test("a day without a book says so", async () => {
  const day = { ...simulated, symbol: "NONE" };
  const found = await bookWindow(store, { day, fromUs: 0, toUs: 1 });
  expect(found).toMatchObject({ kind: "shortfall", what: "days of NONE with a book" });
});
