import { afterEach, expect, test } from "vitest";
import { type Market, START_US, syntheticMarket } from "../../features/test-market.js";
import type { ExchangeFault } from "../../simulate/exchange/faults.js";
import {
  at,
  cleanUp,
  DATE,
  freshFolder,
  putRows,
  serve,
} from "../../simulate/exchange/test-exchange.js";
import { MemoryJournal, memoryFeed, SYMBOLS, testRun, timeless } from "../loop/test-run.js";
import { arrivalClock } from "./arrival-clock.js";
import type { FeedEvent } from "./feed-event.js";
import { StreamFeed, streamFeed } from "./stream-feed.js";
import { broughtStream } from "./test-feed.js";

afterEach(cleanUp);

const BARS = 120;

/** A market of that day, of trades whose sides an exchange would tell, 7 µs on the way. */
function marketOf(seed: number): Market {
  const { trades, bookChanges } = syntheticMarket(seed, BARS);
  const moved = (times: Float64Array): Float64Array => times.map((time) => at(time - START_US));
  const arrived = moved(trades.localTimestampUs);
  const changed = moved(bookChanges.localTimestampUs);
  return {
    trades: {
      ...trades,
      localTimestampUs: arrived,
      timestampUs: arrived.map((time) => time - 7),
      side: trades.side.map((side) => side || 1),
    },
    bookChanges: {
      ...bookChanges,
      localTimestampUs: changed,
      timestampUs: changed.map((time) => time - 7),
    },
  };
}

/** Plays markets as an exchange. */
async function played(all: readonly Market[], faults: readonly ExchangeFault[] = []) {
  const folder = freshFolder();
  for (const [i, { trades, bookChanges }] of all.entries()) {
    const us = (time: number): number => time - at(0);
    putRows(
      folder,
      "trades",
      SYMBOLS[i]!,
      Array.from(trades.price, (price, k) => {
        const side = trades.side[k] === 1 ? "buy" : "sell";
        return [us(trades.localTimestampUs[k]!), `${k},${side},${price},${trades.amount[k]}`];
      }),
    );
    putRows(
      folder,
      "incremental_book_L2",
      SYMBOLS[i]!,
      Array.from(bookChanges.price, (price, k) => {
        const side = bookChanges.side[k] === 1 ? "bid" : "ask";
        const cells = `${bookChanges.isSnapshot[k] === 1},${side},${price},${bookChanges.amount[k]}`;
        return [us(bookChanges.localTimestampUs[k]!), cells];
      }),
    );
  }
  const to = new Date((at(0) + 86_400e6) / 1000).toISOString().slice(0, 10);
  const market = { folder, exchange: "hand", from: DATE, to, symbols: SYMBOLS };
  return serve({ ...market, protocol: "coinbase", faults });
}

const streamed = (url: string) =>
  streamFeed({ exchange: "coinbase", symbols: SYMBOLS, url: `${url}?arrivals=true` });

test("a run over an exchange's socket writes down what one over the same events in memory does", async () => {
  const all = [marketOf(1), marketOf(2)];
  const server = await played(all);
  const [live, plain] = [new MemoryJournal(), new MemoryJournal()];
  const begin = { beginUs: at(0) };
  await (await testRun([], live, { source: streamed(server.url), ...begin })).run();
  await (await testRun(all, plain, { source: memoryFeed(all), ...begin })).run();
  const told = (journal: MemoryJournal) => [...journal.records.values()].map(timeless);
  expect(live.of("decision").length).toBeGreaterThan(2 * BARS - 10);
  expect(live.of("fill").length).toBeGreaterThan(50);
  expect(told(live)).toEqual(told(plain));
});

test("after a lost connection books are unknown until their next snapshots, and the run goes on", async () => {
  const all = [marketOf(3), marketOf(4)];
  const server = await played(all, [{ kind: "drop", afterMessages: 300 }]);
  const journal = new MemoryJournal();
  const run = await testRun([], journal, { source: streamed(server.url), beginUs: at(0) });
  await run.run();
  const lost = journal.of("risk").find(({ name }) => name === "feed-lost")!;
  expect(lost.atUs).toBeGreaterThan(at(0));
  const after = journal.of("decision").filter(({ barEndUs }) => barEndUs > lost.atUs);
  expect(after.length).toBeGreaterThan(100);
  // Each begins anew with the exchange's whole book.
  expect(after.at(-1)!.mid).toBeGreaterThan(0);
});

test("a recording that begins once more is told before anything of it is, and one that goes on is no other", async () => {
  const all = [marketOf(5), marketOf(6)];
  const [never, ended] = [new AbortController().signal, AbortSignal.abort()];
  const server = await played(all);
  const first = streamed(server.url);
  const begunUs = (await first.beginsBefore!(at(60e6), never))!;
  expect(begunUs).toBeGreaterThan(at(0));
  expect(begunUs).toBeLessThan(at(2e6));
  expect(await first.beginsBefore!(begunUs, never)).toBe(undefined);
  // What was looked at is told as if nobody had.
  const [looked, plain] = [new MemoryJournal(), new MemoryJournal()];
  let bars = 0;
  const run = await testRun([], looked, {
    source: first,
    beginUs: at(0),
    onBar: async () => {
      if (++bars === 40) run.stop();
    },
  });
  expect(await run.run()).toBe(false);
  const begin = { beginUs: at(0) };
  await (await testRun(all, plain, { source: memoryFeed(all), ...begin })).run();
  const told = looked.of("decision");
  expect(told.length).toBeGreaterThan(60);
  expect(told.map(timeless)).toEqual(plain.of("decision").slice(0, told.length).map(timeless));
  // The whole books that a client is sent first are older than what the run has come to.
  const second = streamed(server.url);
  const lastUs = told.at(-1)!.barEndUs;
  expect(await second.beginsBefore!(lastUs, never)).toBe(undefined);
  await second.close!();
  const third = streamed(server.url);
  expect(await third.beginsBefore!(at(86_400e6), ended)).toBe(undefined);
  expect(await third.beginsBefore!(at(86_400e6), never)).toBeGreaterThan(lastUs);
  await third.close!();
  // An exchange plays now, which is known without it.
  const live = streamFeed({ exchange: "coinbase", symbols: SYMBOLS });
  expect(await live.beginsBefore!(at(0), never)).toBe(undefined);
  expect(await live.beginsBefore!(1e3 * Date.now() + 60e6, never)).toBeGreaterThan(at(0));
  await live.close!();
}, 30_000);

test("time goes on while nothing arrives, so that bars close; a pause loses no event", async () => {
  let nowUs = 25_000;
  const trade = (localUs: number): FeedEvent => ({
    ...{ kind: "trade", symbol: "BTCUSDT", localUs, exchangeUs: localUs },
    ...{ id: "", side: 1, price: 1, amount: 1 },
  });
  const stream = broughtStream([trade(1000), trade(2000)]);
  const told: string[] = [];
  let isPaused = false;
  const keeper = {
    onTime: (localUs: number) => {
      told.push(`time ${localUs}`);
      isPaused = true;
    },
    isPaused: () => isPaused,
    onDisconnect: () => {},
    onStale: () => {},
  };
  const market = {
    symbol: "BTCUSDT",
    stream: {
      begin: () => {},
      trade: (localUs: number) => told.push(`trade ${localUs}`),
    } as never,
  };
  const feed = new StreamFeed(stream, [market], keeper, () => nowUs++);
  for (let i = 0; i < 4; i++) {
    isPaused = false;
    expect(await feed.run()).toBe(true);
  }
  await feed.close();
  expect(told).toEqual([
    "time 1000",
    "trade 1000",
    "time 2000",
    "trade 2000",
    "time 5000",
    "time 5001",
  ]);
  isPaused = false;
  expect(await feed.run()).toBe(false);
});

test("time goes on while the machine's clock is set back, so that nothing waits until it is caught up with", async () => {
  let [wall, steady] = [1.7e12, 0];
  const { nowUs } = arrivalClock({ wallMs: () => wall, steadyMs: () => steady });
  const told: number[] = [];
  const keeper = {
    onTime: (localUs: number) => told.push(localUs),
    isPaused: () => true,
    onDisconnect: () => {},
    onStale: () => {},
  };
  const feed = new StreamFeed(broughtStream([]), [], keeper, nowUs);
  await feed.run();
  wall -= 3_600_000;
  for (let second = 1; second <= 3; second++) {
    wall += 1000;
    steady += 1000;
    await feed.run();
  }
  await feed.close();
  expect(told.map((us) => us - told[0]!)).toEqual([0, 0.5e6, 1e6, 1.5e6]);
});
