import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textToNumbers } from "../../core/exact-numbers.js";
import { dateOf, dayStartUs } from "../../core/time.js";
import { computeFeatures } from "../../features/compute-features.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { readFeatureRows } from "../../features/stored-rows.js";
import { firstDifference } from "../../features/test-cuts.js";
import {
  BAR_US,
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "../../features/test-market.js";
import { openStore, type Store } from "../../store/store.js";
import { MemoryJournal, MODEL, SETTINGS, testRun } from "../loop/test-run.js";
import { SignalMaker } from "../signal/signal-maker.js";
import { endOfReplay, storeFeed } from "./store-feed.js";
import { storedStart } from "./stored-start.js";

const SYMBOL = "BTCUSDT";
const DAYS = [dateOf(START_US), dateOf(START_US + 600 * BAR_US)] as const;
const MARKET = { exchange: "simulated", symbol: SYMBOL };
/** Looks back over midnight. */
const LONG = { ...MODEL, steps: 5 };
const BEGIN_US = dayStartUs(DAYS[1]);

let root: string;
let store: Store;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-stored-start-"));
  store = await openStore(root);
  // Ten minutes before midnight and as many after it.
  const { trades, bookChanges } = syntheticMarket(1, 1200);
  const cut = { trades: rowsBefore(trades, BEGIN_US), book: rowsBefore(bookChanges, BEGIN_US) };
  await storeMarket(
    store,
    { ...MARKET, date: DAYS[0] },
    {
      trades: slice(trades, 0, cut.trades),
      bookChanges: slice(bookChanges, 0, cut.book),
    },
  );
  await storeMarket(
    store,
    { ...MARKET, date: DAYS[1] },
    {
      trades: slice(trades, cut.trades, trades.price.length),
      bookChanges: slice(bookChanges, cut.book, bookChanges.price.length),
    },
  );
  await computeFeatures(store, {
    exchange: MARKET.exchange,
    symbols: [SYMBOL],
    days: DAYS,
    barUs: BAR_US,
    threads: 1,
  });
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

const rowsOf = async (date: string): Promise<readonly FeatureRow[]> =>
  (await readFeatureRows(store, { ...MARKET, date }, BAR_US)).rows;

/** Replays the second day, and gives what was written down. */
async function replayed(): Promise<MemoryJournal> {
  const request = { ...MARKET, date: DAYS[1], barUs: BAR_US, steps: LONG.steps };
  const start = await storedStart(store, request);
  expect(start.state).toBeDefined();
  expect(start.before.map(({ rows }) => rows.length)).toEqual([600]);
  const journal = new MemoryJournal();
  const run = await testRun([], journal, {
    settings: { ...SETTINGS, symbols: [SYMBOL] },
    model: LONG,
    source: storeFeed(store, { exchange: MARKET.exchange, days: [DAYS[1]] }),
    starts: [start],
    beginUs: BEGIN_US,
  });
  await run.run();
  return journal;
}

test("a replay that begins in the middle of a stored stream gives its features and signals, bit for bit", async () => {
  const journal = await replayed();
  const decisions = journal.of("decision");
  const stored = await rowsOf(DAYS[1]);
  const live = decisions.map(({ barEndUs, mid, features, valid }) => {
    return { barEndUs, mid, values: textToNumbers(features), valid: BigInt(valid) };
  });
  expect(live.length).toBeGreaterThan(590);
  expect(firstDifference(live, stored)).toBe(-1);
  // One maker over both days, as a batch goes through them.
  const source = { hasTrades: true, tag: "incremental_book_L2" } as const;
  const maker = new SignalMaker(LONG, source, SETTINGS.signal);
  for (const row of await rowsOf(DAYS[0])) maker.warm(row);
  for (const [i, row] of stored.entries()) {
    const { probability, reason } = await maker.next(row);
    expect(decisions[i]).toMatchObject({
      probability,
      reason: reason === "" ? expect.any(String) : reason,
    });
  }
  expect(journal.of("order").length).toBeGreaterThan(50);
});

test("a day without features of the day before begins a stream", async () => {
  const request = { ...MARKET, date: DAYS[0], barUs: BAR_US, steps: 1 };
  const { state, before, source } = await storedStart(store, request);
  expect({ state, before }).toEqual({ state: undefined, before: [] });
  expect(source).toEqual({ hasTrades: true, tag: "incremental_book_L2" });
  const of = (...days: readonly string[]) =>
    endOfReplay(store, { exchange: MARKET.exchange, symbols: [SYMBOL], days });
  // Bars go on to midnight only where the store does.
  expect(await of(DAYS[0])).toBe(BEGIN_US);
  expect(await of(...DAYS)).toBeUndefined();
});
