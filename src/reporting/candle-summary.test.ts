import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { storeCandles } from "../audit/sources/test-sources.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { candleFolder } from "../store/candle-table.js";
import { openStore } from "../store/store.js";
import { describeData, marketRange } from "./store-summary.js";

test("a report on candles says whose they are, how many, of which days, with the hash of each file", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "tickbook-candle-facts-"));
  const store = await openStore(root);
  const market = marketRange("bitfinex", "BTCUSD", "2018-03-01", "2018-03-04");
  const stored = market.days.slice(0, 2);
  try {
    for (const date of stored) {
      const one = Float64Array.of(1, 2, 3);
      const prices = { open: one, high: one, low: one, close: one, volume: one };
      const candles = { startUs: dayStartUs(date), ...prices };
      await storeCandles(store, { exchange: "bitfinex", symbol: "BTCUSD", date }, candles);
    }
    const facts = await describeData(store, { ...market, source: "candles" });
    expect(facts).toMatchObject({ exchange: "bitfinex", symbols: ["BTCUSD"], rows: 6 });
    const fromUs = dayStartUs("2018-03-01");
    expect(facts).toMatchObject({ fromUs, toUs: fromUs + 2 * DAY_US });
    expect(facts.manifests).toEqual(
      stored.map((date) => ({
        path: candleFolder({ exchange: "bitfinex", symbol: "BTCUSD", date }),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      })),
    );
    // Of ticks the store has nothing.
    expect((await describeData(store, market)).rows).toBe(0);
  } finally {
    await store.close();
    await rm(root, { recursive: true, force: true });
  }
});
