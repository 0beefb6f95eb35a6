import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareSources } from "../audit/sources/compare-sources.js";
import { bringInSimulatedCandles } from "../cli/simulated-candles.js";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { openStore } from "../store/store.js";
import { faultKindNames } from "./faults/choose-kinds.js";
import { type SimulationOptions, simulateMarket } from "./simulate-market.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-candle-files-"));
afterAll(() => rmSync(root, { recursive: true }));

const OPTIONS: SimulationOptions = {
  symbols: ["SOLUSDT"],
  from: "2024-01-01",
  to: "2024-01-03",
  seed: 3,
  edge: "informative",
  hasFaults: false,
  types: ["trades", "candles"],
};
const DAYS = ["2024-01-01", "2024-01-02"];
const mirror = path.join(root, "mirror");

const whole = (folder: string): string =>
  readFileSync(path.join(root, folder, "candles/SOLUSDT.csv"), "utf8");

beforeAll(async () => {
  await simulateMarket(mirror, OPTIONS);
});

test("candles are those of the trades by the exchange's minute, but for about 1 % of the minutes", () => {
  const made = new Map<number, number[]>();
  const trades = DAYS.flatMap((date) => {
    const file = `simulated/trades/${date.replaceAll("-", "/")}/SOLUSDT.csv.gz`;
    const text = gunzipSync(readFileSync(path.join(mirror, file))).toString();
    return text.trimEnd().split("\n").slice(1);
  });
  for (const row of trades) {
    const [, , timestamp, , , , price, amount] = row.split(",").map(Number);
    const time = Math.floor(timestamp! / 60e6) * 60;
    const [low, high, open, , volume] = made.get(time) ?? [price!, price!, price!, price!, 0];
    const bounds = [Math.min(low!, price!), Math.max(high!, price!)];
    made.set(time, [...bounds, open!, price!, volume! + amount!]);
  }
  const [header, ...rows] = whole("mirror").trimEnd().split("\n");
  expect(header).toBe("time,low,high,open,close,volume");
  expect(rows.length / made.size).toBeGreaterThan(0.975);
  expect(rows.length / made.size).toBeLessThan(0.998);
  let last = 0;
  for (const row of rows) {
    const [time, low, high, open, close, volume] = row.split(",").map(Number);
    expect(time).toBeGreaterThan(last);
    last = time!;
    const expected = made.get(time!)!;
    expect([low, high, open, close]).toEqual(expected.slice(0, 4));
    expect(volume).toBeCloseTo(expected[4]!, 6);
  }
});

test("the same seed gives the same candles, day after day, and faults in the files change none", async () => {
  await simulateMarket(path.join(root, "again"), { ...OPTIONS, to: "2024-01-02" });
  await simulateMarket(path.join(root, "again"), OPTIONS);
  expect(whole("again")).toBe(whole("mirror"));
  const faultKinds = faultKindNames("gap,duplicate,outlier");
  await simulateMarket(path.join(root, "faulty"), { ...OPTIONS, hasFaults: true, faultKinds });
  expect(whole("faulty")).toBe(whole("mirror"));
});

test("a fault of the candles is one row a day, at the place that faults.json tells", async () => {
  const faultKinds = faultKindNames("source-mismatch");
  await simulateMarket(path.join(root, "wrong"), { ...OPTIONS, hasFaults: true, faultKinds });
  const { faults } = JSON.parse(readFileSync(path.join(root, "wrong", "faults.json"), "utf8"));
  const right = whole("mirror").split("\n");
  const odd = whole("wrong")
    .split("\n")
    .filter((line, i) => line !== right[i]);
  const places = faults.map(({ fromUs }: { fromUs: number }) => String(fromUs / 1e6));
  expect(odd.map((line) => line.split(",")[0]).sort()).toEqual(places.sort());
  expect(places).toHaveLength(DAYS.length);
});

test("once in the store they are held against the ticks: equal wherever both are, and minutes are missing", async () => {
  const store = await openStore(path.join(root, "data"));
  const source = await openSource(mirror);
  const market = { exchange: "simulated", symbols: ["SOLUSDT"], days: DAYS };
  await ingest(store, source, { ...market, types: ["trades"] });
  source.close();
  const words = await bringInSimulatedCandles(store.root, mirror, market);
  const symbol = { exchange: "simulated", symbol: "SOLUSDT" };
  const found = await compareSources(store, { ticks: symbol, candles: symbol, days: DAYS });
  await store.close();
  expect(words).toContain(`${found.candles.missingMinutes} minutes without one`);
  expect(found.candles.missingMinutes).toBeGreaterThan(5);
  expect(found.tradedWithoutCandle).toBeGreaterThan(5);
  for (const { equalShare } of [found.close, found.high, found.low, found.volume]) {
    expect(equalShare).toBe(1);
  }
  expect(found.correlation).toBeCloseTo(1, 12);
});
