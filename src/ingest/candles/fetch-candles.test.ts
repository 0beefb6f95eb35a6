import { appendFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { DAY_US } from "../../core/time.js";
import { candleFolder } from "../../store/candle-table.js";
import { query } from "../../store/query.js";
import type { Store } from "../../store/store.js";
import {
  candle,
  candlesOf,
  cleanUp,
  DATE,
  freshStore,
  START_S,
  storeTrades,
} from "./test-candles.js";
import { fetchFrom, serve } from "./test-fetch.js";

const KEY = { exchange: "coinbase", symbol: "BTC-USD", date: DATE };

afterEach(cleanUp);

/** What is stored, as the server had it. */
async function storedRows(store: Store): Promise<readonly unknown[]> {
  const columns = "bar_start_us // 1000000, low, high, open, close, volume";
  return (await query(store, `SELECT ${columns} FROM candles ORDER BY 1`)).rows;
}

test.each([
  ["the end counted in", {}],
  ["the end not counted in", { isEndInclusive: false }],
  ["earlier candles sent as well", { isEndInclusive: false, earlier: 1 }],
])("two days come whole and equal, %s", async (_, options) => {
  const candles = candlesOf({ days: 2 });
  const server = await serve(candles, options);
  const store = await freshStore();
  const run = await fetchFrom(server, store, { days: [DATE, "2024-08-09"] });
  expect(run).toMatchObject({ rows: 2880, gaps: [] });
  expect(run.partitions.map(({ status, rows }) => [status, rows])).toEqual([
    ["written", 1440],
    ["written", 1440],
  ]);
  expect(await storedRows(store)).toEqual([...candles.values()]);
  expect(server.seen).toHaveLength(10);
  expect(server.mostAtOnce()).toBeLessThanOrEqual(4);
});

test("the view says what a plain recomputation says, beside exchange, symbol, date and bar", async () => {
  const candles = candlesOf({ days: 2 }, (minute) => minute % 7 === 3);
  const store = await freshStore();
  const sums =
    "SELECT date::VARCHAR, exchange, symbol, bar, count(*), min(low), max(high), sum(volume), " +
    "sum(bar_end_us - bar_start_us)::BIGINT FROM candles GROUP BY ALL ORDER BY 1";
  expect((await query(store, sums)).rows).toEqual([]);
  await fetchFrom(await serve(candles), store, { days: [DATE, "2024-08-09"] });
  const days = [0, 1].map((day) =>
    [...candles.values()].filter(([timeS]) => Math.floor((timeS - START_S) / 86_400) === day),
  );
  const { rows } = await query(store, sums);
  rows.forEach((row, day) => {
    const own = days[day]!;
    expect(row.slice(0, 5)).toEqual([
      ["2024-08-08", "2024-08-09"][day],
      "coinbase",
      "BTC-USD",
      "1m",
      own.length,
    ]);
    expect(row[5]).toBe(Math.min(...own.map(([, low]) => low)));
    expect(row[6]).toBe(Math.max(...own.map(([, , high]) => high)));
    expect(row[7]).toBeCloseTo(
      own.reduce((sum, [, , , , , volume]) => sum + volume, 0),
      8,
    );
    expect(row[8]).toBe(60e6 * own.length);
  });
  expect(rows).toHaveLength(2);
});

test("a second run keeps all and asks nothing; --verify writes what was damaged anew", async () => {
  const server = await serve(candlesOf());
  const store = await freshStore();
  await fetchFrom(server, store);
  const asked = server.seen.length;
  const folder = store.path(candleFolder(KEY));
  const before = await readFile(path.join(folder, "part-0.parquet"), "base64");
  expect(await fetchFrom(server, store)).toMatchObject({
    rows: 1440,
    partitions: [{ status: "kept" }],
  });
  expect(server.seen).toHaveLength(asked);
  const flipped = Buffer.from(before, "base64");
  flipped[flipped.length >> 1]! ^= 1;
  await writeFile(path.join(folder, "part-0.parquet"), flipped);
  const again = await freshStore(store.root);
  const remedy = /npx tickbook candles --verify --product BTC-USD --from 2024-08-08`/;
  await expect(query(again, "SELECT count(*) FROM candles")).rejects.toThrow(remedy);
  expect((await fetchFrom(server, again)).partitions).toMatchObject([{ status: "kept" }]);
  const verified = await fetchFrom(server, again, { verify: true });
  expect(verified.partitions).toMatchObject([{ status: "written" }]);
  expect(await readFile(path.join(folder, "part-0.parquet"), "base64")).toBe(before);
  // A table that is cut is seen without it.
  await appendFile(path.join(folder, "part-0.parquet"), "x");
  expect((await fetchFrom(server, again)).partitions).toMatchObject([{ status: "written" }]);
});

test("gaps are missing, without a trade or unknown by the trades in the store, and one over midnight", async () => {
  const isSilent = (minute: number): boolean =>
    [5, 6, 7].includes(minute) || (minute >= 300 && minute < 305) || minute >= 1438;
  const server = await serve(candlesOf({ days: 2 }, isSilent));
  const store = await freshStore();
  const gapsNow = async (): Promise<readonly (readonly unknown[])[]> => {
    const { gaps, partitions } = await fetchFrom(server, store, { days: [DATE, "2024-08-09"] });
    expect(partitions[1]).toMatchObject({ status: "absent", rows: 0, sha256: null });
    return gaps.map(({ from, to, minutes, kind }) => [from, to, minutes, kind]);
  };
  expect(await gapsNow()).toEqual([
    ["2024-08-08T00:05:00Z", "2024-08-08T00:08:00Z", 3, "unknown"],
    ["2024-08-08T05:00:00Z", "2024-08-08T05:05:00Z", 5, "unknown"],
    ["2024-08-08T23:58:00Z", "2024-08-10T00:00:00Z", 1442, "unknown"],
  ]);
  // Trades in every minute but 0:05 and 0:07, none from 2:00 to 23:00, the last one of the day in the next day's file.
  const traded = (minute: number): boolean =>
    ![5, 7].includes(minute) && (minute < 120 || minute >= 1380) && minute < 1439;
  const minutes = Array.from({ length: 1440 }, (_, minute) => minute);
  await storeTrades(
    store,
    minutes.filter(traded).map((minute) => 60 * minute + 59.9),
  );
  await storeTrades(store, [-0.01, 3600], { date: "2024-08-09" });
  expect(await gapsNow()).toEqual([
    ["2024-08-08T00:05:00Z", "2024-08-08T00:06:00Z", 1, "no trade"],
    ["2024-08-08T00:06:00Z", "2024-08-08T00:07:00Z", 1, "missing"],
    ["2024-08-08T00:07:00Z", "2024-08-08T00:08:00Z", 1, "no trade"],
    ["2024-08-08T05:00:00Z", "2024-08-08T05:05:00Z", 5, "unknown"],
    ["2024-08-08T23:58:00Z", "2024-08-09T00:00:00Z", 2, "missing"],
    ["2024-08-09T00:00:00Z", "2024-08-09T01:00:00Z", 60, "no trade"],
    ["2024-08-09T01:00:00Z", "2024-08-09T01:01:00Z", 1, "missing"],
    ["2024-08-09T01:01:00Z", "2024-08-09T02:01:00Z", 60, "no trade"],
    ["2024-08-09T02:01:00Z", "2024-08-10T00:00:00Z", 1319, "unknown"],
  ]);
});

test("a candle that breaks a rule is left out and counted; too many fail the day", async () => {
  const candles = candlesOf();
  const spoil = (minute: number): void => {
    const [time, low, high, open, close] = candle(START_S + 60 * minute);
    candles.set(time, [time, low, high, open, close, -1]);
  };
  spoil(700);
  const store = await freshStore();
  const server = await serve(candles);
  expect(await fetchFrom(server, store)).toMatchObject({
    rows: 1439,
    gaps: [{ from: "2024-08-08T11:40:00Z", minutes: 1 }],
    partitions: [{ status: "written", rejected: 1 }],
  });
  // The 701st candle of the day, as it was answered.
  const rejected = `candles/bar=1m/exchange=coinbase/symbol=BTC-USD/date=${DATE}/rejected.csv`;
  expect(await readFile(store.path(rejected), "utf8")).toBe(
    `line,reason,text\n701,"volume: negative or no number","${candles.get(START_S + 42_000)!.join(",")}"\n`,
  );
  spoil(701);
  const { partitions } = await fetchFrom(server, await freshStore());
  expect(partitions).toMatchObject([{ status: "failed" }]);
  expect(partitions[0]!.reason).toMatch(
    /^BTC-USD 2024-08-08: 2 of 1440 rows were rejected, most for "volume/,
  );
  const allowed = await fetchFrom(server, await freshStore(), { maxRejectedShare: 2 / 1440 });
  expect(allowed.partitions).toMatchObject([{ status: "written", rejected: 2, rows: 1438 }]);
});

test("a day that is not over is not stored, by this machine's clock or by the server's", async () => {
  const candles = candlesOf({ days: 2 });
  const store = await freshStore();
  const nowUs = 1e6 * (START_S + 86_400) + DAY_US / 2;
  const days = [DATE, "2024-08-09"];
  const run = await fetchFrom(await serve(candles), store, { days, nowUs });
  expect(run).toMatchObject({ rows: 1440, gaps: [] });
  expect(run.partitions).toMatchObject([{ status: "written" }, { status: "unfinished", rows: 0 }]);
  const running = await serve(candles, { date: "Fri, 09 Aug 2024 12:00:00 GMT" });
  const behind = await fetchFrom(running, store, { days });
  expect(behind.partitions).toMatchObject([{ status: "kept" }, { status: "failed" }]);
  expect(behind.partitions[1]!.reason).toMatch(/the day is not over by the server's clock/);

  const server = await serve(candles);
  for (const wrong of [
    { days: ["2024-08-09"], nowUs },
    { days: ["2024-08-10"], nowUs },
    { days: [DATE, "2024-08-10"], nowUs },
    { days: ["2020-01-01", "2020-01-02"] },
    { symbols: ["../x"] },
    { symbols: ["a/b"] },
    { days: ["2024-02-31"] },
  ]) {
    await expect(fetchFrom(server, store, wrong)).rejects.toThrow(OptionError);
  }
});

test("runs at once on one store leave one whole partition, the same as a single run's", async () => {
  const server = await serve(candlesOf());
  const [one, two, alone] = [await freshStore(), await freshStore(), await freshStore()];
  const other = await freshStore(one.root);
  await Promise.all([fetchFrom(server, one), fetchFrom(server, other), fetchFrom(server, two)]);
  await fetchFrom(server, alone);
  for (const name of ["manifest.json", "part-0.parquet"]) {
    const file = `${candleFolder(KEY)}/${name}`;
    const expected = await readFile(alone.path(file), "base64");
    expect(await readFile(one.path(file), "base64")).toBe(expected);
    expect(await readFile(two.path(file), "base64")).toBe(expected);
  }
});
