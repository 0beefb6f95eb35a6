import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import {
  at,
  cleanUp,
  DATE,
  freshFolder,
  putLines,
  rawLine,
  serve,
} from "../../simulate/exchange/test-exchange.js";
import { type LiveStream, openStream } from "./open-stream.js";

afterEach(cleanUp);

/** What would keep the process from ending, beside the test's own. */
function held(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind === "Timeout" || kind.startsWith("TCP"))
    .sort();
}

/** Waits until what earlier tests held is let go of. */
async function settled(): Promise<readonly string[]> {
  for (let before = held(); ; ) {
    await sleep(100);
    const now = held();
    if (String(now) === String(before)) return now;
    before = now;
  }
}

/** Waits until nothing more is held than before. */
async function released(before: readonly string[]): Promise<void> {
  for (let i = 0; i < 40 && held().length > before.length; i++) await sleep(25);
  expect(held()).toEqual(before);
}

/** A raw minute of many trades; the exchange's time is of the day on which they are checked. */
function trades(count: number, T = Date.now()): string {
  const folder = freshFolder();
  const lines = Array.from({ length: count }, (_, i) => {
    const data = { e: "trade", E: T, T, s: "BTCUSDT", t: i, p: "1", q: "1" };
    return rawLine(i, "btcusdt@trade", data);
  });
  putLines(folder, "hand/2024/03/01/00/00.json.gz", lines);
  return folder;
}

const BINANCE = { protocol: "binance", symbols: [], from: DATE, to: `${DATE}T00:01` } as const;
const CLIENT = { exchange: "binance", symbols: ["BTCUSDT"] } as const;

/** Takes what comes in the background; the first that came, and when there is no more. */
function taking(stream: LiveStream): {
  readonly first: Promise<unknown>;
  readonly end: Promise<void>;
} {
  const events = stream[Symbol.asyncIterator]();
  const first = events.next();
  const end = (async () => {
    while ((await events.next()).done !== true);
  })();
  return { first, end };
}

test("a stream that is closed while its client waits to connect again leaves nothing behind", async () => {
  const gone = await serve({ ...BINANCE, folder: trades(1) });
  await gone.close();
  const before = await settled();
  for (const exchange of ["binance", "coinbase"]) {
    const stream = await openStream({ ...CLIENT, exchange, url: gone.url });
    const { first, end } = taking(stream);
    expect(await first).toMatchObject({ value: { kind: "disconnect" } });
    await stream.close();
    await end;
    expect(stream.errors.join()).toContain("ECONNREFUSED");
  }
  await released(before);
});

test("a stream that is closed while it is connecting leaves nothing behind", async () => {
  const server = await serve({ ...BINANCE, folder: trades(1) });
  const before = await settled();
  for (const exchange of ["binance", "coinbase"]) {
    const stream = await openStream({ ...CLIENT, exchange, url: server.url });
    await stream.close();
    await stream.close();
  }
  await released(before);
});

test("a stream that is closed while its client waits for first messages leaves nothing behind", async () => {
  // It counts two messages for every symbol before it fetches books, and looks ten times a second.
  const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
  const server = await serve({ ...BINANCE, folder: trades(1) });
  const before = await settled();
  const stream = await openStream({ ...CLIENT, symbols, url: server.url });
  const { first, end } = taking(stream);
  expect(await first).toMatchObject({ value: { kind: "trade" } });
  await stream.close();
  await end;
  await released(before);
});

test("a stream that is closed while nobody takes its events leaves nothing behind", async () => {
  const server = await serve({ ...BINANCE, folder: trades(60_000, at(0) / 1000) });
  const before = await settled();
  const url = `${server.url}?arrivals=true`;
  const stream = await openStream({ ...CLIENT, url, capacity: 10 });
  // Until the client's own buffers are full, too.
  for (let sent = -1; sent !== server.sentMessages || stream.queued < 10; ) {
    sent = server.sentMessages;
    await sleep(150);
  }
  await stream.close();
  await released(before);
});

test("a stream that is closed while its client waits for a book leaves nothing behind", async () => {
  // There is no book, so that the answer is never given.
  const server = await serve({ ...BINANCE, folder: trades(10) });
  const before = await settled();
  const stream = await openStream({ ...CLIENT, url: server.url });
  const { first, end } = taking(stream);
  await first;
  await sleep(1300);
  await stream.close();
  await end;
  await released(before);
});
