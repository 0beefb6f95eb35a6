import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { candleFolder } from "../../store/candle-table.js";
import { candle, candlesOf, cleanUp, DATE, freshStore, START_S } from "./test-candles.js";
import type { Mischief } from "./test-coinbase-server.js";
import { fetchFrom, serve } from "./test-fetch.js";

const KEY = { exchange: "coinbase", symbol: "BTC-USD", date: DATE };

afterEach(cleanUp);

test.each<readonly [string, Mischief]>([
  ["429 with Retry-After in seconds", { status: 429, headers: { "retry-after": "0" } }],
  [
    "429 with Retry-After as a past date",
    { status: 429, headers: { "retry-after": "Thu, 01 Jan 2015 00:00:00 GMT" } },
  ],
  ["429 without Retry-After", { status: 429, body: '{"message":"Public rate limit exceeded"}' }],
  ["500", { status: 500, body: '{"message":"Internal server error"}' }],
  ["503", { status: 503 }],
  ["a stall", "stall"],
  ["a slow drip", "drip"],
  ["a reset", "reset"],
  ["an HTML page with status 200", { status: 200, body: "<!DOCTYPE html><html></html>" }],
  ["an empty body", { status: 200 }],
  ["a body cut in the middle", { status: 200, body: "[[1723075200,1,2," }],
  ["an endless body", { status: 200, body: "[".repeat(2 << 20) }],
  ["an object", { rows: () => ({ message: "ok" }) }],
  ["rows of five", { rows: (rows) => rows.map((row) => row.slice(0, 5)) }],
  ["prices as texts", { rows: (rows) => rows.map((row) => row.map(String)) }],
  ["null for a price", { rows: ([first, ...rest]) => [[first![0], null, 1, 1, 1, 1], ...rest] }],
  ["oldest first", { rows: (rows) => [...rows].reverse() }],
  ["a candle twice", { rows: ([first, ...rest]) => [first, first, ...rest] }],
  [
    "more than 300 rows",
    {
      rows: (rows) =>
        [...rows, ...[1, 2].map((i) => [60 * i, 1, 1, 1, 1, 1])].sort(
          (a, b) => Number(b[0]) - Number(a[0]),
        ),
    },
  ],
  [
    "a candle after the end",
    { rows: (rows) => [[Number(rows[0]![0]) + 600, 1, 1, 1, 1, 1], ...rows.slice(1)] },
  ],
])(
  "%s passes when it happens once, and fails the day alone when it goes on",
  async (_, mischief) => {
    const candles = candlesOf({ days: 2 });
    const store = await freshStore();
    // So short a limit may cut good answers off as well on a busy machine: then there are more requests.
    const isSlow = mischief === "stall" || mischief === "drip";
    const requestMs = isSlow ? 300 : 20_000;
    const once = await serve(candles, {
      mischief: ({ number }) => (number === 3 ? mischief : undefined),
    });
    expect(await fetchFrom(once, store, { requestMs })).toMatchObject({ rows: 1440, gaps: [] });
    if (!isSlow) expect(once.seen).toHaveLength(6);

    const days = [DATE, "2024-08-09"];
    const badPage = START_S + 86_400 + 2 * 60 * 299;
    const always = await serve(candles, {
      mischief: ({ startS }) => (startS === badPage ? mischief : undefined),
    });
    const run = await fetchFrom(always, store, { days, requestMs });
    expect(run.partitions).toMatchObject([{ status: "kept" }, { status: "failed", rows: 0 }]);
    expect(run.partitions[1]!.reason).toMatch(/at the last of 6 tries; run the same command again/);
    expect(always.seen.filter(({ startS }) => startS === badPage)).toHaveLength(6);
    expect(await readdir(path.dirname(store.path(candleFolder(KEY))))).toEqual([`date=${DATE}`]);
  },
);

test("a server that asks for a second of silence gets it, from all requests", async () => {
  let untilMs = 0;
  let isFirst = true;
  const server = await serve(candlesOf(), {
    // Six quick tries would all fall into the silence.
    mischief: () => {
      if (isFirst) untilMs = performance.now() + 900;
      isFirst = false;
      return performance.now() < untilMs
        ? { status: 429, headers: { "retry-after": "1" } }
        : undefined;
    },
  });
  expect(await fetchFrom(server, await freshStore())).toMatchObject({ rows: 1440 });
  // Four were under way when the first was refused.
  expect(server.seen.length).toBeLessThanOrEqual(5 + 4);
});

test.each([400, 401, 403, 302])("status %i is not tried again", async (status) => {
  const server = await serve(candlesOf(), {
    mischief: ({ number }) => (number === 2 ? { status, headers: { location: "/" } } : undefined),
  });
  const run = await fetchFrom(server, await freshStore());
  expect(run.partitions).toMatchObject([{ status: "failed" }]);
  expect(run.partitions[0]!.reason).toMatch(new RegExp(`answered ${status}; run`));
  expect(server.seen.length).toBeLessThanOrEqual(5);
});

test("an unknown product is wrong usage, asked once a page", async () => {
  const server = await serve(candlesOf());
  const store = await freshStore();
  const asked = fetchFrom(server, store, { symbols: ["XXX-USD"] });
  await expect(asked).rejects.toThrow(/--product: was "XXX-USD", which Coinbase does not have/);
  await expect(asked).rejects.toThrow(OptionError);
  expect(server.seen.length).toBeLessThanOrEqual(5);
});

test("a server that is not there is wrong usage after few tries", async () => {
  const server = await serve(candlesOf());
  await server.close();
  await expect(fetchFrom(server, await freshStore())).rejects.toThrow(
    /--url: http:.* could not be reached: it gave no answer .ECONNREFUSED. at the last of 3 tries/,
  );
});

test("a candle that comes twice with other values fails the day", async () => {
  const border = START_S + 60 * 299;
  const server = await serve(candlesOf(), {
    mischief: ({ startS }) =>
      startS === border
        ? {
            rows: (rows) =>
              rows.map((row) => (row[0] === border ? [...candle(border).slice(0, 5), 9] : row)),
          }
        : undefined,
  });
  const { partitions } = await fetchFrom(server, await freshStore());
  expect(partitions).toMatchObject([{ status: "failed" }]);
  expect(partitions[0]!.reason).toMatch(
    /2024-08-08T04:59:00.000Z came twice with different values/,
  );
});
