import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import { MarketStream } from "../../market/market-stream.js";
import { OrderBook } from "../../market/order-book.js";
import { simulateDay } from "../../simulate/day-job.js";
import type { ExchangeServer } from "../../simulate/exchange/exchange-server.js";
import type { ExchangeFault } from "../../simulate/exchange/faults.js";
import {
  at,
  cleanUp,
  closing,
  DATE,
  freshFolder,
  HEADERS,
  putLines,
  rawLine,
  serve,
} from "../../simulate/exchange/test-exchange.js";
import { textLines } from "../../simulate/exchange/text-lines.js";
import type { FeedEvent } from "./feed-event.js";
import { type LiveStream, openStream, type StreamOptions } from "./open-stream.js";
import { changesOf, firstDifference, tradesOf, until, untilEnd } from "./test-feed.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-live-"));
const DAY = "2024-01-01";
const MIRROR = { folder: root, exchange: "simulated", from: DAY, to: "2024-01-02" };
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];

beforeAll(async () => {
  const market = { seed: 5, edge: "strong", from: DAY } as const;
  const types = ["trades", "incremental_book_L2"] as const;
  for (const symbol of SYMBOLS) {
    await simulateDay({ root, market, symbol, day: 0, types, hasTruth: false, hasFaults: false });
    for (const type of types) await keepHours(type, symbol);
  }
});

afterAll(() => rmSync(root, { recursive: true }));
afterEach(cleanUp);

async function simulated(
  symbols: readonly string[],
  options: { readonly faults?: readonly ExchangeFault[]; readonly speed?: number } = {},
): Promise<ExchangeServer> {
  return serve({ ...MIRROR, protocol: "coinbase", symbols, ...options });
}

async function stream(
  server: ExchangeServer,
  options: Partial<StreamOptions> = {},
): Promise<LiveStream> {
  const url = `${server.url}?arrivals=true`;
  return closing(await openStream({ exchange: "coinbase", symbols: ["BTCUSDT"], url, ...options }));
}

/** Keeps the first hours of a day: enough for whole minutes of a socket's buffers. */
async function keepHours(type: string, symbol: string): Promise<void> {
  const endUs = dayStartUs(DAY) + 8 * HOUR_US;
  const rows = (await cells(type, symbol)).filter((row) => Number(row[3]) < endUs);
  const lines = [`exchange,symbol,timestamp,local_timestamp,${HEADERS[type]}`, ...rows.map(String)];
  putLines(root, `simulated/${type}/2024/01/01/${symbol}.csv.gz`, lines);
}

/** Cells of a file's rows after the header, read plainly. */
async function cells(type: string, symbol: string): Promise<readonly (readonly string[])[]> {
  const file = path.join(root, "simulated", type, "2024/01/01", `${symbol}.csv.gz`);
  const rows: string[][] = [];
  for await (const lines of textLines(file)) for (const line of lines) rows.push(line.split(","));
  return rows.slice(1);
}

/** The book after all events that came up to the last, as the consumer keeps it. */
function bookAfter(events: readonly FeedEvent[], symbol: string): OrderBook {
  const book = new OrderBook();
  const market = new MarketStream({ onTrade: () => undefined, onBook: () => undefined }, { book });
  for (const event of events) {
    if (event.kind === "disconnect") market.lose();
    if (event.kind !== "book" || event.symbol !== symbol) continue;
    market.begin(event.localUs);
    market.changes(book, event.rows, 0, event.rows.price.length);
  }
  return book;
}

const kindsOf = (events: readonly FeedEvent[]): readonly string[] =>
  events.map((event) => event.kind);

let quiet: readonly FeedEvent[];

test("a simulated day by Coinbase's socket is the rows of the mirror", async () => {
  const server = await simulated(["BTCUSDT"]);
  const feed = await stream(server);
  quiet = await untilEnd(feed);
  expect([feed.errors, feed.rejected, feed.queued]).toEqual([[], {}, 0]);
  const numbers = (rows: readonly (readonly string[])[], cell: number): Float64Array =>
    Float64Array.from(rows, (row) => Number(row[cell]));
  const trades = await cells("trades", "BTCUSDT");
  const expected = {
    localTimestampUs: numbers(trades, 3),
    timestampUs: numbers(trades, 2),
    id: trades.map((row) => row[4]!),
    side: Int8Array.from(trades, (row) => (row[5] === "buy" ? 1 : -1)),
    price: numbers(trades, 6),
    amount: numbers(trades, 7),
  };
  expect(firstDifference(tradesOf(quiet, "BTCUSDT"), expected)).toBeUndefined();
  const changes = await cells("incremental_book_L2", "BTCUSDT");
  const rows = {
    localTimestampUs: numbers(changes, 3),
    timestampUs: numbers(changes, 2),
    isSnapshot: Uint8Array.from(changes, (row) => (row[4] === "true" ? 1 : 0)),
    side: Int8Array.from(changes, (row) => (row[5] === "bid" ? 1 : -1)),
    price: numbers(changes, 6),
    amount: numbers(changes, 7),
  };
  expect(firstDifference(changesOf(quiet, "BTCUSDT"), rows)).toBeUndefined();
}, 30_000);

test("a dropped connection is told, and the book is the undisturbed one from the next snapshot on", async () => {
  const server = await simulated(["BTCUSDT"], { faults: [{ afterMessages: 500, kind: "drop" }] });
  const events = await until(await stream(server), ({ localUs }) => localUs > quiet[1500]!.localUs);
  const at = kindsOf(events).indexOf("disconnect");
  expect(at).toBeGreaterThan(0);
  expect(kindsOf(events).filter((kind) => kind === "disconnect")).toHaveLength(1);
  const before = bookAfter(events.slice(0, at), "BTCUSDT");
  expect([before.hasSnapshot, bookAfter(events.slice(0, at + 1), "BTCUSDT").hasSnapshot]).toEqual([
    true,
    false,
  ]);
  expect(events[at + 1]).toMatchObject({ kind: "book", isSnapshot: true });
  // Nothing of the market is lost while nobody listens to one that goes as fast as it can.
  const undisturbed = quiet.slice(0, 1502);
  const last = events.at(-1)!.localUs;
  const same = undisturbed.filter(({ localUs }) => localUs <= last);
  expect(levels(bookAfter(events, "BTCUSDT"))).toEqual(levels(bookAfter(same, "BTCUSDT")));
});

function levels(book: OrderBook): unknown {
  const { bids, asks } = book.save();
  return [bids, asks, book.lastEventUs];
}

test("garbage ends the connection; the next one goes on, and the error is told without the address", async () => {
  const server = await simulated(["BTCUSDT"], { faults: [{ afterMessages: 20, kind: "garbage" }] });
  const feed = await stream(server);
  const events = await until(feed, ({ localUs }) => localUs > quiet[100]!.localUs);
  expect(kindsOf(events).filter((kind) => kind === "disconnect")).toHaveLength(1);
  expect([feed.errorCount, feed.losses, feed.isLost]).toEqual([1, 1, false]);
  expect(feed.errors[0]).toMatch(/JSON/);
});

test("a server that refuses for a while is tried again, which is one lost connection", async () => {
  const fault = { afterMessages: 20, kind: "refuse", forMs: 500 } as const;
  const server = await simulated(["BTCUSDT"], { faults: [fault] });
  const feed = await stream(server, { timeoutMs: 5000 });
  const events = await until(feed, ({ localUs }) => localUs > quiet[100]!.localUs);
  expect(kindsOf(events).filter((kind) => kind === "disconnect")).toHaveLength(1);
  expect(events.find(({ kind }, i) => i > 0 && kind === "disconnect")).toBeDefined();
});

test("of two symbols only the one that is not heard of goes stale, and it is told when it is back", async () => {
  const silence = {
    afterMessages: 400,
    kind: "silence",
    forMs: 2000,
    symbols: ["ETHUSDT"],
  } as const;
  // Some 1,600 messages of each symbol a second.
  const server = await simulated(SYMBOLS, { faults: [silence], speed: 1200 });
  const feed = await stream(server, { symbols: SYMBOLS, staleAfterMs: 800 });
  const events = await until(feed, ({ kind }) => kind === "fresh");
  const told = events.filter(({ kind }) => kind === "stale" || kind === "fresh");
  expect(told).toMatchObject([
    { kind: "stale", symbol: "ETHUSDT" },
    { kind: "fresh", symbol: "ETHUSDT" },
  ]);
  const between = events.slice(events.indexOf(told[0]!) + 1, events.indexOf(told[1]!));
  expect(between.length).toBeGreaterThan(0);
  expect(between.every((event) => "symbol" in event && event.symbol === "BTCUSDT")).toBe(true);
  // Its book comes back whole.
  const end = events.length;
  const next = await until(feed, (event) => event.kind === "book" && event.symbol === "ETHUSDT");
  expect([end, next.at(-1)]).toMatchObject([end, { isSnapshot: true }]);
  expect(kindsOf(events)).not.toContain("disconnect");
});

test("a market that falls silent is connected to anew, and its book is stale until then", async () => {
  const silence = { afterMessages: 50, kind: "silence", forMs: 1500 } as const;
  const server = await simulated(["BTCUSDT"], { faults: [silence] });
  const feed = await stream(server, { staleAfterMs: 200, timeoutMs: 600 });
  const events = await until(feed, ({ localUs }) => localUs > quiet[200]!.localUs);
  const kinds = kindsOf(events);
  const [stale, lost, fresh] = ["stale", "disconnect", "fresh"].map((kind) => kinds.indexOf(kind));
  expect(stale).toBeGreaterThan(0);
  expect(lost).toBeGreaterThan(stale!);
  expect(fresh).toBeGreaterThan(lost!);
  expect(events[stale!]).toMatchObject({ symbol: "BTCUSDT", localUs: events[stale! - 1]!.localUs });
});

test("a consumer that does not take events holds the exchange up, and sees by how much it lags", async () => {
  const server = await simulated(["BTCUSDT"]);
  const feed = await stream(server, { capacity: 100, staleAfterMs: 400 });
  const events = feed[Symbol.asyncIterator]();
  const taken = [(await events.next()).value as FeedEvent];
  let sent = -1;
  while (sent !== server.sentMessages || feed.lagUs < 600_000) {
    sent = server.sentMessages;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(feed.queued).toBeLessThanOrEqual(102);
  expect(sent).toBeLessThan(quiet.length);
  while (taken.length < 100) taken.push((await events.next()).value as FeedEvent);
  // A book is not called stale because nobody took what was told of it.
  expect(taken).toEqual(quiet.slice(0, 100));
  while (taken.at(-1)?.kind !== "end") taken.push((await events.next()).value as FeedEvent);
  const told = taken.filter(({ kind }) => kind !== "stale" && kind !== "fresh");
  expect(told).toHaveLength(quiet.length);
});

const DEPTH = "btcusdt@depth@100ms";

/** A change of one bid; the exchange's time is the recording's, unless another is given. */
function change(us: number, first: number, last: number, bid: string, E = at(us) / 1000): string {
  const data = { e: "depthUpdate", E, s: "BTCUSDT", U: first, u: last, b: [[bid, "1"]], a: [] };
  return rawLine(us, DEPTH, data);
}

function snapshot(us: number, last: number, bid: string): string {
  const data = { lastUpdateId: last, bids: [[bid, "1"]], asks: [["101", "2"]] };
  return rawLine(us, "btcusdt@depthSnapshot", data);
}

const BINANCE = { protocol: "binance", symbols: [], from: DATE, to: `${DATE}T00:01` } as const;

test("a gap that the normalizer notices ends the connection; the next one has a book again", async () => {
  const folder = freshFolder();
  putLines(folder, "hand/2024/03/01/00/00.json.gz", [
    snapshot(1e6, 5, "100"),
    change(2e6, 9, 9, "99"),
    snapshot(30e6, 20, "90"),
    change(31e6, 21, 21, "91"),
  ]);
  // 28 s of the market are 1.4 s, which the client needs to come back.
  const server = await serve({ ...BINANCE, folder, speed: 20 });
  const feed = await stream(server, { exchange: "binance" });
  const events = await untilEnd(feed);
  expect(kindsOf(events)).toEqual(["book", "disconnect", "book", "book", "end"]);
  expect(feed.errors.join()).toContain("no overlap");
  expect(bookAfter(events, "BTCUSDT").bidPrice()).toBe(91);
});

test("a client that does not ask for recorded times fetches Binance's book over REST", async () => {
  const folder = freshFolder();
  // A change a second, all the time: the client reads the book that it fetched when the next message comes.
  const nowMs = Date.now();
  const changes = Array.from({ length: 50 }, (_, i) =>
    change((i + 2) * 1e6, 6 + i, 6 + i, `${i + 1}`, nowMs),
  );
  putLines(folder, "hand/2024/03/01/00/00.json.gz", [snapshot(1e6, 5, "100"), ...changes]);
  const server = await serve({ ...BINANCE, folder, speed: 12 });
  const feed = await stream(server, { exchange: "binance", url: server.url });
  const isLast = (event: FeedEvent): boolean =>
    event.kind === "book" && event.rows.price.includes(50);
  const events = await until(feed, isLast);
  expect(events[0]).toMatchObject({ kind: "book", isSnapshot: true });
  // Its own clock tells when things arrive.
  expect(Math.abs(events[0]!.localUs - nowMs * 1000)).toBeLessThan(60e6);
  expect([feed.errors, feed.rejected]).toEqual([[], {}]);
  const book = bookAfter(events, "BTCUSDT");
  expect([book.bidLevels, book.bidPrice(), book.bidPrice(50)]).toEqual([51, 100, 1]);
});

test("an exchange without a live feed, no symbol, and what is no address are refused", async () => {
  const symbols = ["BTCUSDT"];
  for (const [options, message] of [
    [{ exchange: "nowhere", symbols }, 'exchange: was "nowhere", of which'],
    [{ exchange: "binance-options", symbols: [] }, "symbols: was empty"],
    [{ exchange: "binance", symbols, url: "127.0.0.1" }, "url: was no address of a socket"],
  ] as const) {
    await expect(openStream(options)).rejects.toThrow(OptionError);
    await expect(openStream(options)).rejects.toThrow(message);
  }
});
