// What notebooks do with the workbench's one door.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import * as workbench from "./index.js";
import { candlesOf, cleanUp, DATE, freshFolder } from "./ingest/candles/test-candles.js";
import { serve } from "./ingest/candles/test-fetch.js";

const { coinbaseClient, fetchCandles, importCandles, marketRange, openStore } = workbench;
const { query, readCandles, recordsTable } = workbench;

afterEach(cleanUp);

test("candles come in from a server and from a file, and are read, queried and shown", async () => {
  const candles = candlesOf({ days: 2 }, (minute) => minute === 100);
  const server = await serve(candles);
  const folder = await freshFolder();
  const store = await openStore(path.join(folder, "data"));
  const market = marketRange("coinbase", "BTC", DATE, "2024-08-10");
  const run = await fetchCandles(store, coinbaseClient({ url: server.url }), market);
  expect(run.partitions.map(({ status, rows }) => [status, rows])).toEqual([
    ["written", 1439],
    ["written", 1440],
  ]);
  expect(recordsTable("Gaps")(run.gaps).rows).toEqual([
    ["coinbase", "BTC-USD", `${DATE}T01:40:00Z`, `${DATE}T01:41:00Z`, 1, "unknown"],
  ]);

  const file = path.join(folder, "candles.csv");
  const lines = [...candles.values()].map((row) => `${row.join(",")}\n`);
  await writeFile(file, `time,low,high,open,close,volume\n${lines.join("")}`);
  const options = { exchange: "bitfinex", symbol: "BTCUSD", days: [DATE] };
  expect((await importCandles(store, file, options)).rows).toBe(1439);

  const both = "SELECT count(*)::INTEGER, sum(close) FROM candles GROUP BY exchange, date";
  const { rows } = await query(store, `${both} HAVING date = '${DATE}'`);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toEqual(rows[1]);
  for await (const day of readCandles(store, { ...options, date: DATE })) {
    expect(day.close[0]).toBe([...candles.values()][0]![4]);
  }
  await store.close();
});
