import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_US, dateOf, dayStartUs, MINUTE_US, SECOND_US } from "../core/time.js";
import { labelMids } from "../features/label-mids.js";
import { changeColumns, storeMarket } from "../features/test-market.js";
import { movingBook } from "../features/test-moving-book.js";
import { storeShown } from "../features/test-snapshots.js";
import { SampledBook } from "../market/sampled-book.js";
import { bookRows, snapshotColumns } from "../market/test-snapshots.js";
import { openStore, type Store } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { COST_PRESETS } from "../trading/costs.js";
import { backtestLadder } from "./backtest-ladder.js";
import { executionBooks } from "./execution-books.js";
import { fundingRates } from "./funding-rates.js";

const EXCHANGE = "simulated";
const FIRST = "2024-03-01";
const START = dayStartUs(FIRST);
const LATENCY_US = SECOND_US / 2;
/** Bars of ten minutes, 144 a day; of the second symbol there are snapshots alone, and no second day. */
const BAR_US = 10 * MINUTE_US;
const A = movingBook(1, FIRST, 2);
const B = movingBook(2, FIRST, 1);

let folder: string;
let store: Store;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "execution-books-"));
  store = await openStore(folder);
  for (let day = 0; day < 2; day++) {
    const date = dateOf(START + day * DAY_US);
    const isOfDay = ({ timeUs }: { readonly timeUs: number }): boolean => dateOf(timeUs) === date;
    const bookChanges = changeColumns(A.rows.filter(isOfDay));
    await storeMarket(store, { exchange: EXCHANGE, symbol: "A", date }, { bookChanges });
    const shown = bookRows(changeColumns(B.rows.filter(isOfDay)), 5);
    if (day < 1) {
      const trades = {
        localTimestampUs: new Float64Array(0),
        timestampUs: new Float64Array(0),
        side: new Int8Array(0),
        price: new Float64Array(0),
        amount: new Float64Array(0),
      };
      const bookSnapshots = snapshotColumns(shown, 5);
      await storeShown(store, { exchange: EXCHANGE, symbol: "B", date }, { trades, bookSnapshots });
    }
  }
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every bar of two days of two symbols; the test begins in the afternoon of the first. */
function testRows() {
  const bars = 2 * 144;
  const index = Array.from({ length: 2 * bars }, (_, i) => i);
  const dataset = {
    exchange: EXCHANGE,
    symbols: ["A", "B"],
    symbolIndex: Uint8Array.from(index, (i) => Number(i >= bars)),
    barEndUs: Float64Array.from(index, (i) => START + ((i % bars) + 1) * BAR_US),
    labelEndUs: Float64Array.from(index, (i) => START + ((i % bars) + 4) * BAR_US + LATENCY_US),
    entryPrice: new Float64Array(2 * bars).fill(1000),
    halfSpreadBps: new Float64Array(2 * bars).fill(1),
    barUs: BAR_US,
    horizonUs: 3 * BAR_US,
    horizonBars: 3,
    latencyUs: LATENCY_US,
    labelKind: "mid" as const,
    rows: 2 * bars,
  };
  return { dataset, rows: Uint32Array.from(index.filter((i) => i % bars >= 100)) };
}

test("decisions see the book at the bar's end, orders meet the one after the latency, of changes and snapshots alike", async () => {
  const { dataset, rows } = testRows();
  const books = await executionBooks(store, dataset, rows);
  const book = new SampledBook(books);
  let known = 0;
  for (const row of rows) {
    const { midAt } = row < 288 ? A : B;
    const endUs = dataset.barEndUs[row]!;
    const place = books.place[row]!;
    // Behind the last event of a symbol nobody knows the book.
    const isOver = endUs + LATENCY_US > (row < 288 ? A : B).rows.at(-1)!.timeUs;
    if (place < 0 || isOver) continue;
    known++;
    expect(book.at(place).mid()).toBe(midAt(endUs));
    expect(book.at(place + 1).mid()).toBe(midAt(endUs + LATENCY_US));
    expect([book.askPrice(1) - book.askPrice(0), book.bidAmount(4)]).toEqual([1, 2]);
  }
  expect(known).toBeGreaterThan(220);
  expect(books.daysBySource).toEqual({ incremental_book_L2: 2, book_snapshot_5: 1 });
  expect(books.daysWithout).toBe(1);
  expect(rows.filter((row) => books.place[row] === -1)).toHaveLength(144);
});

test("the mids after the latency are those that labels start from", async () => {
  const { dataset, rows } = testRows();
  const books = await executionBooks(store, dataset, rows);
  const book = new SampledBook(books);
  const day = { exchange: EXCHANGE, symbol: "A", date: "2024-03-02" };
  const labels = await labelMids(store, day, { barUs: BAR_US, latencyUs: LATENCY_US });
  labels!.mid.forEach((mid, bar) => {
    expect(book.at(books.place[144 + bar]! + 1).mid()).toBe(mid);
  });
});

test("read again from the store they are the same, cut where a side is worth four times the capital", async () => {
  const { dataset, rows } = testRows();
  const whole = await executionBooks(store, dataset, rows);
  expect(await executionBooks(store, dataset, rows)).toEqual(whole);
  const cut = await executionBooks(store, dataset, rows, { capitalUsd: 750 });
  const [deep, shallow] = [new SampledBook(whole), new SampledBook(cut)];
  const place = whole.place[200]!;
  expect([deep.at(place).askLevels, shallow.at(place).askLevels]).toEqual([25, 2]);
  expect(shallow.askPrice(1)).toBe(deep.askPrice(1));
});

test("a latency of more than a bar is refused", async () => {
  const { dataset, rows } = testRows();
  await expect(executionBooks(store, dataset, rows, { latencyUs: 2 * BAR_US })).rejects.toThrow(
    /latencyMs: was 1200000, which is longer than a bar/,
  );
});

test("a ladder on stored books has all five rungs, and where a day has no book nothing is filled", async () => {
  const { dataset, rows } = testRows();
  const books = await executionBooks(store, dataset, rows);
  const probability = Array.from(rows, (row) => ((row * 7919) % 10) / 10);
  const ladder = backtestLadder({ dataset, rows, probability, books, costs: COST_PRESETS.spot });
  expect(ladder.rungs.map(({ name }) => name)).toEqual([
    "mid",
    "touch",
    "book",
    "latency",
    "costs",
  ]);
  const [mid, touch, book] = ladder.rungs;
  // Two lots at each of five levels of about 1000 hold what is staked.
  expect(touch!.netReturn).toBeLessThan(mid!.netReturn);
  expect(book!.netReturn).toBeLessThan(touch!.netReturn);
  // Of the first day only the last 44 of 144 bars are tested: they are part of the second.
  expect(mid!.daily.map(({ date }) => date)).toEqual(["2024-03-02"]);
  for (const rung of ladder.rungs) expect(rung.leftOpen).toBeGreaterThan(0);
});

/** Stores what a ticker of the second day said: when, of which funding time, and its rate. */
async function storeTicker(
  market: { readonly exchange: string; readonly symbol: string },
  said: readonly (readonly [saidUs: number, fundingUs: number, rate: number])[],
): Promise<void> {
  const source = { kind: "file", path: "test", bytes: 1, sha256: "0".repeat(64) } as const;
  const key = { ...market, date: "2024-03-02", type: "derivative_ticker" } as const;
  await writePartition(store, key, async ({ append }) => {
    const column = (i: 0 | 1 | 2) => Float64Array.from(said, (row) => row[i]);
    const none = new Float64Array(said.length).fill(Number.NaN);
    const five = [none, none, none, none, none];
    append([column(0), column(0), column(1), column(2), ...five], said.length);
    return { source, rejected: {} };
  });
}

const at = (hours: number): number => START + hours * 3600 * SECOND_US;

test("funding is what the ticker said last of its time, and the preset's default at times that none spoke of", async () => {
  const { dataset, rows } = testRows();
  const said = [
    [at(25), at(32), 2e-4],
    [at(31), at(32), 3e-4],
    [at(33), at(40), -1e-4],
    [at(41), at(48), 5e-4],
  ] as const;
  await storeTicker({ exchange: EXCHANGE, symbol: "A" }, said);
  // The second symbol's ticker falls silent after the first of them.
  await storeTicker({ exchange: EXCHANGE, symbol: "B" }, said.slice(0, 1));
  const rates = await fundingRates(store, dataset, rows, COST_PRESETS.perpetual);
  const hours = (symbol: number) =>
    Array.from(rates!.funding[symbol]!.timeUs, (time, i) => [
      (time - START) / 3600 / SECOND_US,
      rates!.funding[symbol]!.rate[i],
    ]);
  expect(hours(0)).toEqual([
    [24, 1e-4],
    [32, 3e-4],
    [40, -1e-4],
    [48, 5e-4],
  ]);
  expect(hours(1)).toEqual([
    [24, 1e-4],
    [32, 2e-4],
    [40, 1e-4],
    [48, 1e-4],
  ]);
  expect([rates!.stored, rates!.assumed]).toEqual([4, 4]);
  expect(await fundingRates(store, dataset, rows, COST_PRESETS.spot)).toBeUndefined();
});

test("of a venue that pays each hour, silent hours are charged too, each its part of the default of eight", async () => {
  const { dataset, rows } = testRows();
  const exchange = "hourly";
  const hours = [26, 27, 28, 29, 30, 45, 46, 47, 48];
  const said = hours.map((hour) => [at(hour - 1), at(hour), 2e-5] as const);
  await storeTicker({ exchange, symbol: "A" }, said);
  const rates = await fundingRates(store, { ...dataset, exchange }, rows, COST_PRESETS.perpetual);
  const { timeUs, rate } = rates!.funding[0]!;
  // Rows begin at 16:50 of the first day; nothing is said of the second symbol, at 24, 32, 40 and 48 hours.
  const all = Array.from({ length: 32 }, (_, i) => 17 + i);
  expect(Array.from(timeUs)).toEqual(all.map(at));
  expect(Array.from(rate)).toEqual(all.map((hour) => (hours.includes(hour) ? 2e-5 : 1e-4 / 8)));
  expect([rates!.stored, rates!.assumed]).toEqual([9, 32 - 9 + 4]);
});
