import { truncateSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { DataError, OptionError } from "../../core/errors.js";
import { mergeRecordings } from "./merge-recordings.js";
import type { RecordedMessage } from "./recorded-message.js";
import {
  cleanUp,
  connect,
  DATE,
  freshFolder,
  putLines,
  putRows,
  rawLine,
  serve,
} from "./test-exchange.js";

afterEach(cleanUp);

const SUBSCRIBE = {
  type: "subscribe",
  channels: [
    { name: "level2", product_ids: ["BTCUSDT"] },
    { name: "matches", product_ids: ["BTCUSDT"] },
  ],
};

const COINBASE = { protocol: "coinbase", symbols: ["BTCUSDT"] } as const;

/** A book and then trades. */
function market(trades: number): string {
  const folder = freshFolder();
  putRows(folder, "incremental_book_L2", "BTCUSDT", [
    [0, "true,bid,1,1"],
    [0, "true,ask,2,1"],
  ]);
  const rows = Array.from({ length: trades }, (_, i) => [i + 1, `${i},buy,2,1`] as const);
  putRows(folder, "trades", "BTCUSDT", rows);
  return folder;
}

test("recordings are merged by arrival; of those that arrive together the first comes first", async () => {
  const recording = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }), {
    maxLength: 4,
  });
  const property = fc.asyncProperty(fc.array(recording, { maxLength: 4 }), async (lists) => {
    const recordings = lists.map((batches, source) => {
      const times = batches.flat().sort((a, b) => a - b);
      let i = 0;
      return batches.map((batch) =>
        batch.map((): RecordedMessage => {
          const localUs = times[i++]!;
          return { localUs, symbol: `${source}`, topic: `${i}`, text: "{}" };
        }),
      );
    });
    async function* play(
      batches: readonly (readonly RecordedMessage[])[],
    ): AsyncGenerator<readonly RecordedMessage[]> {
      yield* batches;
    }
    const merged: RecordedMessage[] = [];
    for await (const batch of mergeRecordings(recordings.map(play))) merged.push(...batch);
    // A stable sort of one list after the other.
    const sorted = recordings.flat(2).sort((a, b) => a.localUs - b.localUs);
    expect(merged).toEqual(sorted);
  });
  await fc.assert(property, { numRuns: 60, seed: 3 });
});

test("a client that does not read holds the market up, and loses nothing", async () => {
  const trades = 60_000;
  const server = await serve({ ...COINBASE, folder: market(trades) });
  const client = await connect(server.url, SUBSCRIBE);
  await client.received(1);
  client.socket.pause();
  let before = -1;
  while (server.sentMessages !== before || before < 1) {
    before = server.sentMessages;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  expect(server.sentMessages).toBeLessThan(trades);
  client.socket.resume();
  const texts = await client.received(trades + 2);
  const ids = texts.slice(2).map((text) => Number(JSON.parse(text).trade_id));
  expect(ids.every((id, i) => id === i)).toBe(true);
});

test("a market at a pace sends all in order, and goes on while nobody listens", async () => {
  // Four days of market time are 100 ms.
  const speed = (4 * 86_400_000) / 100;
  const folder = freshFolder();
  putRows(folder, "incremental_book_L2", "BTCUSDT", [[0, "true,bid,1,1"]]);
  putRows(folder, "trades", "BTCUSDT", [
    [10, "1,buy,2,1"],
    [80_000e6, "2,buy,2,1"],
    [86_000e6, "3,buy,2,1"],
  ]);
  const server = await serve({ ...COINBASE, folder, speed });
  const client = await connect(server.url, SUBSCRIBE);
  await client.received(3);
  client.close();
  await server.ended;
  expect(client.texts.length).toBeLessThanOrEqual(5);
  const late = await connect(server.url, SUBSCRIBE);
  expect(JSON.parse((await late.received(2))[1]!).type).toBe("snapshot");
});

test("a file that is cut ends the market with an error that names it, after what it held", async () => {
  const folder = market(3000);
  const file = path.join(folder, "hand/trades/2024/03/01/BTCUSDT.csv.gz");
  truncateSync(file, 4000);
  const server = await serve({ ...COINBASE, folder });
  const client = await connect(server.url, SUBSCRIBE);
  await expect(server.ended).rejects.toThrow(DataError);
  await expect(server.ended).rejects.toThrow(`${file}: could not be inflated`);
  expect(server.clients).toBe(1);
  client.close();
});

test("a minute with a line that is none ends the market with its place", async () => {
  const folder = freshFolder();
  const file = "hand/2024/03/01/00/00.json.gz";
  putLines(folder, file, [rawLine(1, "btcusdt@trade", { t: 1 }), "what?"]);
  const server = await serve({ folder, protocol: "binance", symbols: [] });
  await expect(server.ended).rejects.toThrow(/00\.json\.gz, row 2: began with "what\?"/);
});

test("what cannot be played is refused with a sentence", async () => {
  const folder = market(1);
  for (const [options, message] of [
    [{ ...COINBASE, symbols: ["ETHUSDT"] }, "held ETHUSDT, whose book is not in"],
    [{ ...COINBASE, from: "2024-02-31" }, 'was "2024-02-31", expected a calendar day'],
    [{ ...COINBASE, speed: 0 }, "was 0, expected a number above 0"],
    [{ protocol: "binance", symbols: [] }, "which has no minute of hand"],
    [{ protocol: "binance", symbols: [], from: `${DATE}T0:1` }, "expected a UTC day or minute"],
  ] as const) {
    const started = serve({ folder, ...options });
    await expect(started).rejects.toThrow(OptionError);
    await expect(started).rejects.toThrow(message);
  }
  const { url } = await serve({ ...COINBASE, folder });
  const port = Number(new URL(url).port);
  await expect(serve({ ...COINBASE, folder, port })).rejects.toThrow("cannot be listened on");
});

test("a server that is closed ends its market and its connections", async () => {
  const server = await serve({ ...COINBASE, folder: market(10), speed: 1e-6 });
  const client = await connect(server.url, SUBSCRIBE);
  await client.received(2);
  await server.close();
  await client.closed;
  await server.ended;
  await expect(connect(server.url)).rejects.toThrow("ECONNREFUSED");
});
