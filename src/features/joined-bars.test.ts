// Days that are worked on apart against one stream that was never cut.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY_US, dateOf, SECOND_US } from "../core/time.js";
import type { SymbolDay } from "../store/read.js";
import { openStore, type Store } from "../store/store.js";
import type { BookChanges, Trades } from "../store/tables.js";
import { emptyBar } from "./bar.js";
import { BarCollector, type BarColumns, barEndUs } from "./bar-columns.js";
import { type DayBars, type DayBarsJob, loneDayBars } from "./day-bars.js";
import { openDayBarsPool } from "./day-bars-pool.js";
import { completeSettings } from "./engine-settings.js";
import { joinedBars } from "./joined-bars.js";
import {
  BAR_US,
  changeColumns,
  concat,
  type Market,
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "./test-market.js";

const SETTINGS = completeSettings({ barUs: BAR_US, staleAfterUs: 3 * SECOND_US });
const MIDNIGHT_US = START_US + 600 * SECOND_US;
const DAYS = [0, 1].map((day): SymbolDay => {
  return { exchange: "binance", symbol: "JOIN", date: dateOf(START_US + day * DAY_US) };
}) as [SymbolDay, SymbolDay];

let store: Store;

beforeEach(async () => {
  store = await openStore(await mkdtemp(path.join(tmpdir(), "tickbook-join-")));
});

afterEach(async () => {
  await store.close();
  await rm(store.root, { recursive: true, force: true });
});

/** Events before midnight, and from then on. */
function halves({ trades, bookChanges }: Market): readonly [Market, Market] {
  const cut = <Table extends Trades | BookChanges>(table: Table): readonly [Table, Table] => {
    const at = rowsBefore(table, MIDNIGHT_US);
    return [slice(table, 0, at), slice(table, at)];
  };
  const [tradesBefore, tradesAfter] = cut(trades);
  const [before, after] = cut(bookChanges);
  return [
    { trades: tradesBefore, bookChanges: before },
    { trades: tradesAfter, bookChanges: after },
  ];
}

/** The book of the second day begins with a snapshot, some milliseconds after midnight. */
function withSnapshot([first, second]: readonly [Market, Market]): readonly [Market, Market] {
  const levels = Array.from({ length: 25 }, (_, depth) => [1, -1].map((side) => ({ side, depth })));
  const rows = levels.flat().map(({ side, depth }) => ({
    timeUs: MIDNIGHT_US + 4000,
    isSnapshot: true,
    side: side as 1 | -1,
    price: side === 1 ? 1020 - depth / 64 : 1021 + depth / 64,
    amount: 1 + depth,
  }));
  const late = rowsBefore(second.bookChanges, MIDNIGHT_US + 4001);
  const bookChanges = concat(changeColumns(rows), slice(second.bookChanges, late));
  return [first, { ...second, bookChanges }];
}

async function put(parts: readonly [Market, Market]): Promise<readonly [DayBarsJob, DayBarsJob]> {
  for (const i of [0, 1] as const) await storeMarket(store, DAYS[i], parts[i]);
  const inputs = { trades: "there", incremental_book_L2: "there" };
  const job = (i: 0 | 1): DayBarsJob => ({
    day: DAYS[i],
    settings: SETTINGS,
    inputs,
    continues: i === 0,
  });
  return [job(0), job(1)];
}

const rowsOf = (bars: BarColumns): readonly number[] =>
  Array.from({ length: bars.rows }, (_, row) => row);

/** Bits of all numbers of some bars. */
function text(bars: BarColumns, rows: readonly number[]): string {
  const bits = (column: Float64Array | Int8Array, each: number): string =>
    rows
      .map((row) => Buffer.from(column.slice(row * each, (row + 1) * each).buffer).toString("hex"))
      .join();
  const orders = rows
    .map((row) => {
      const [from, to] = [row === 0 ? 0 : bars.ordersEnd[row - 1]!, bars.ordersEnd[row]!];
      return [bars.orderSide.slice(from, to), bars.orderAmount.slice(from, to)].join();
    })
    .join(";");
  return [
    bits(bars.numbers, bars.numbers.length / bars.rows),
    bits(bars.partMoveBps, 6),
    bits(bars.partSignedNotional, 6),
    orders,
  ].join("\n");
}

/** All events as one day's would be, without an end in between. */
async function uncut(parts: readonly [Market, Market]): Promise<DayBars> {
  const whole = {
    trades: concat(parts[0].trades, parts[1].trades),
    bookChanges: concat(parts[0].bookChanges, parts[1].bookChanges),
  };
  const [job] = await put([whole, parts[1]]);
  return loneDayBars(store, { ...job, continues: false });
}

test.each([
  ["begins with a snapshot", withSnapshot],
  ["begins without one", (parts: readonly [Market, Market]) => parts],
])("a second day that %s goes on with the bars of one stream, bit for bit", async (_, change) => {
  for (const seed of [21, 22, 23]) {
    const parts = change(halves(syntheticMarket(seed, 800)));
    const all = await uncut(parts);
    const [first, second] = await put(parts);
    const before = await loneDayBars(store, first);
    const lone = await loneDayBars(store, second);
    const joined = await joinedBars(store, second, lone, before.state);
    // What the days before left is in the first bars: alone, they are others.
    expect(text(joined.bars, rowsOf(joined.bars))).not.toBe(text(lone.bars, rowsOf(lone.bars)));
    expect(barNumbers(before, joined)).toEqual(barNumbers(all, undefined));
    expect(joined.state).toEqual(all.state);
    expect(joined.closed).toBe(joined.bars.rows - 1);
  }
});

/** Bars of two days, or of one, each as the text of its bits. */
function barNumbers(first: DayBars, second: DayBars | undefined): readonly string[] {
  const beginUs = second === undefined ? Number.POSITIVE_INFINITY : barEndUs(second.bars, 0);
  const texts = (bars: BarColumns, isWanted: (endUs: number) => boolean): readonly string[] =>
    rowsOf(bars)
      .filter((row) => isWanted(barEndUs(bars, row)))
      .map((row) => text(bars, [row]));
  return [
    ...texts(first.bars, (endUs) => endUs < beginUs),
    ...(second === undefined ? [] : texts(second.bars, () => true)),
  ];
}

test("a day that begins with a snapshot is joined at its first bar, without reading it again", async () => {
  const parts = withSnapshot(halves(syntheticMarket(24, 800)));
  const [first, second] = await put(parts);
  const before = await loneDayBars(store, first);
  const lone = await loneDayBars(store, second);
  const closed = new Proxy(store, {
    get: () => {
      throw new Error("the store was asked");
    },
  });
  const joined = await joinedBars(closed, second, lone, before.state);
  expect(joined.state).toBe(lone.state);
  const bare = { ...lone, head: undefined };
  await expect(joinedBars(closed, second, bare, before.state)).rejects.toThrow("was asked");
  const replayed = await joinedBars(store, second, bare, before.state);
  expect(barNumbers(replayed, undefined)).toEqual(barNumbers(joined, undefined));
});

/** What became of days in a process of its own: threads run what was compiled, and start from the main thread alone. */
const SCRIPT = `
const { openDayBarsPool } = require("./dist/features/day-bars-pool.js");
const [root, jobs] = process.argv.slice(1);
const pool = openDayBarsPool({ root }, 3);
Promise.allSettled(JSON.parse(jobs).map((job) => pool.run(job))).then(async (outcomes) => {
  await pool.close();
  const found = outcomes.map(({ value, reason }) => value?.checkpoints ?? String(reason));
  process.stdout.write(JSON.stringify({ jobs: pool.jobs, found }));
});
`;

test("threads make the bars of the caller's thread, and tell a damaged day in its words", async () => {
  const jobs = await put(halves(syntheticMarket(25, 800)));
  const missing = { ...jobs[0], day: { ...jobs[0].day, symbol: "NONE" } };
  const arrived = await promisify(execFile)(
    process.execPath,
    ["-e", SCRIPT, store.root, JSON.stringify([...jobs, missing])],
    { cwd: path.resolve(__dirname, "../..") },
  );
  const { jobs: threads, found } = JSON.parse(arrived.stdout);
  expect(threads).toBe(Math.min(3, availableParallelism()));
  const own = [await loneDayBars(store, jobs[0]), await loneDayBars(store, jobs[1])];
  expect(found.slice(0, 2)).toEqual(own.map(({ checkpoints }) => checkpoints));
  const words = await loneDayBars(store, missing).then(String, String);
  expect(found[2]).toBe(words);
  expect(openDayBarsPool(store, 3).jobs).toBe(1);
});

test("bars as columns give back each bar's bits, whatever number of orders it holds", () => {
  const collector = new BarCollector();
  for (let i = 0; i < 200; i++) {
    const bar = emptyBar(BAR_US);
    bar.endUs = i;
    bar.orders = {
      count: i % 7,
      side: Int8Array.from({ length: 9 }, (_, k) => (k % 3) - 1),
      amount: Float64Array.from({ length: 9 }, (_, k) => i + k / 8),
    };
    bar.partMoveBps.fill(i / 3);
    collector.add(bar);
  }
  const columns = collector.columns();
  expect(columns.rows).toBe(200);
  for (const row of [0, 1, 6, 7, 199]) {
    const first = row === 0 ? 0 : columns.ordersEnd[row - 1]!;
    const amounts = columns.orderAmount.slice(first, columns.ordersEnd[row]);
    expect(amounts).toEqual(Float64Array.from({ length: row % 7 }, (_, k) => row + k / 8));
    expect([barEndUs(columns, row), columns.partMoveBps[6 * row + 5]]).toEqual([row, row / 3]);
  }
});
