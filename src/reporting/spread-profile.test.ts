import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MINUTE_US, SECOND_US } from "../core/time.js";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { simulateMarket } from "../simulate/simulate-market.js";
import { query } from "../store/query.js";
import { openStore, type Store } from "../store/store.js";
import type { Quotes } from "../store/tables.js";
import { bestQuotes } from "./best-quotes.js";
import { SAMPLES_PER_BIN, spreadOverDay, spreadProfile } from "./spread-profile.js";
import { marketRange, sqlRange } from "./store-summary.js";
import { timeBins } from "./time-bins.js";
import { updateRates } from "./update-rates.js";

const range = marketRange("simulated", "BTC,ETH", "2024-01-01", "2024-01-02");
let folder = "";
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-spread-"));
  store = await openStore(path.join(folder, "data"));
  const mirror = path.join(folder, "mirror");
  await simulateMarket(mirror, {
    symbols: ["BTCUSDT"],
    from: "2024-01-01",
    to: "2024-01-02",
    seed: 5,
    edge: "informative",
    hasFaults: false,
    types: ["trades", "quotes", "incremental_book_L2", "book_snapshot_25"],
  });
  await ingest(store, await openSource(mirror), { ...range, symbols: ["BTCUSDT"] });
}, 120_000);

afterAll(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("bins of the spread equal what SQL makes of the same quotes", async () => {
  const spread = await spreadOverDay(store, range);
  if (!("profiles" in spread)) throw new Error("there are quotes");
  expect(spread.missing).toEqual(["ETHUSDT"]);
  const [profile] = spread.profiles;
  const { startUs, binUs, count } = profile!.bins;
  const step = binUs / SAMPLES_PER_BIN;
  // The last quote at or before each look, joined as DuckDB does, and its own quantiles.
  const { rows } = await query(
    store,
    `WITH looks AS (SELECT ${startUs} + range * ${step} AS t FROM range(${count * SAMPLES_PER_BIN})),
       best AS (SELECT local_timestamp, last(bid_price) AS bid, last(ask_price) AS ask FROM quotes
         WHERE ${sqlRange(range)} GROUP BY local_timestamp),
       seen AS (SELECT (t - ${startUs}) // ${binUs} AS bin, 20000.0 * (ask - bid) / (ask + bid) AS bps
         FROM looks ASOF JOIN best ON looks.t >= best.local_timestamp
         WHERE t - local_timestamp <= ${Math.max(binUs, MINUTE_US)}
           AND t <= (SELECT max(local_timestamp) FROM best))
     SELECT bin, quantile_cont(bps, [0.05, 0.5, 0.95]), count(*) FROM seen GROUP BY bin ORDER BY bin`,
  );
  expect(rows.length).toBeGreaterThan(200);
  let looks = 0;
  for (const [bin, quantiles, number] of rows) {
    const [low, median, high] = quantiles as number[];
    const i = Number(bin);
    expect(profile!.lowBps[i]).toBeCloseTo(low!, 9);
    expect(profile!.medianBps[i]).toBeCloseTo(median!, 9);
    expect(profile!.highBps[i]).toBeCloseTo(high!, 9);
    looks += Number(number);
  }
  expect(profile!.samples).toBe(looks);
  expect(profile!.medianBps.filter(Number.isFinite)).toHaveLength(rows.length);
});

test("quotes, snapshots and the rebuilt book give the same spread", async () => {
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: "2024-01-01" };
  const from = Date.UTC(2024, 0, 1, 1) * 1000;
  const bins = timeBins(from, from + 60 * MINUTE_US);
  const place = { symbol: "BTCUSDT", source: "quotes", bins } as const;
  const own = await spreadProfile((await bestQuotes(store, day))!.batches, place);
  for (const kept of ["book_snapshot_25", "incremental_book_L2"]) {
    const other = await openStore(path.join(folder, kept));
    try {
      const source = await openSource(path.join(folder, "mirror"));
      await ingest(other, source, { ...range, symbols: ["BTCUSDT"], types: [kept] });
      const quotes = (await bestQuotes(other, day))!;
      expect(quotes.source).toBe(kept);
      const rebuilt = await spreadProfile(quotes.batches, place);
      expect(rebuilt.medianBps).toEqual(own.medianBps);
      expect(rebuilt.highBps).toEqual(own.highBps);
    } finally {
      await other.close();
    }
  }
});

test("a state counts for as long as it stood, and a silence longer than a bin is a gap", async () => {
  const bins = { startUs: 0, binUs: MINUTE_US, count: 10 };
  // Narrow for 45 s, wide for 15; then a state that nothing follows for six minutes.
  const quotes = quotesAt([
    [0, 99.5, 100.5],
    [45, 99, 101],
    [60, 99.5, 100.5],
    [430, 99.5, 100.5],
  ]);
  const { medianBps, highBps, dayMedianBps } = await spreadProfile([quotes], {
    symbol: "X",
    source: "quotes",
    bins,
  });
  expect(medianBps[0]).toBe(100);
  expect(highBps[0]).toBe(200);
  expect(dayMedianBps).toBe(100);
  const isThere = Array.from(medianBps, Number.isFinite);
  expect(isThere).toEqual([true, true, true, false, false, false, false, true, false, false]);
});

test("an empty side is no spread", async () => {
  const bins = { startUs: 0, binUs: MINUTE_US, count: 1 };
  const quotes = quotesAt([
    [0, Number.NaN, 101],
    [30, 99, 101],
    [59, 99, 101],
  ]);
  const profile = await spreadProfile([quotes], { symbol: "X", source: "quotes", bins });
  expect(profile.samples).toBe(30);
  expect(profile.medianBps[0]).toBe(200);
});

test("rates times the length of their bins are all rows of the streams", async () => {
  const rates = await updateRates(store, range);
  if (!("streams" in rates)) throw new Error("there are rows");
  expect(rates.streams.map(({ type }) => type).sort()).toEqual([
    "book_snapshot_25",
    "incremental_book_L2",
    "quotes",
    "trades",
  ]);
  const seconds = rates.bins.binUs / SECOND_US;
  for (const { type, rows, rowsPerSecond } of rates.streams) {
    const sum = rowsPerSecond.reduce((all, rate) => all + rate * seconds, 0);
    expect(sum).toBeCloseTo(rows, 4);
    const view = { trades: "trades", quotes: "quotes" }[type as string] ?? "";
    if (view === "") continue;
    const counted = await query(
      store,
      `SELECT (local_timestamp - ${rates.bins.startUs}) // ${rates.bins.binUs} AS bin, count(*)
       FROM ${view} WHERE ${sqlRange(range)} GROUP BY bin`,
    );
    for (const [bin, count] of counted.rows) {
      expect(rowsPerSecond[Number(bin)]! * seconds).toBeCloseTo(Number(count), 6);
    }
  }
});

function quotesAt(rows: readonly (readonly [number, number, number])[]): Quotes {
  const localTimestampUs = Float64Array.from(rows, ([seconds]) => seconds * SECOND_US);
  return {
    localTimestampUs,
    timestampUs: localTimestampUs,
    bidPrice: Float64Array.from(rows, ([, bid]) => bid),
    askPrice: Float64Array.from(rows, ([, , ask]) => ask),
    bidAmount: new Float64Array(rows.length).fill(1),
    askAmount: new Float64Array(rows.length).fill(1),
  };
}
