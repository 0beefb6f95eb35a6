import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storeCandles } from "../../audit/sources/test-sources.js";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { buildDataset } from "../../dataset/build-dataset.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { outcomeOf } from "../../dataset/outcome.js";
import { computeFeatures } from "../../features/compute-features.js";
import { featuresFolder } from "../../features/feature-partition.js";
import type { MinuteCandles } from "../../market/exchange-minutes.js";
import { readDerived, writeDerived } from "../../store/derived.js";
import { openStore, type Store } from "../../store/store.js";
import type { Canary } from "./canary.js";
import { testBars } from "./rebuilt/test-bars.js";
import { rebuiltRows } from "./rebuilt-rows.js";
import { DAYS, FEATURES, foldsOf, MARKET, storeDays, there } from "./test-stored-days.js";

const TAPE = { exchange: "bitfinex", symbols: ["tBTCUSD"], days: DAYS };
const SHOWN = { exchange: "okex", symbols: ["BTC-USDT"], days: DAYS };
const ON_PRICES = ["close", "volume", "log_ret_5", "hour_sin"];

const root = mkdtempSync(path.join(tmpdir(), "tickbook-rebuilt-"));
let store: Store;
let dataset: Dataset;
let folds: readonly Fold[];

const rebuilt = async (of: Dataset, rows = 12): Promise<Canary> =>
  there(await rebuiltRows(store, of, folds, { seed: 1, rows }));
const right = (about: string) => ({ value: 0, isRight: true, note: about });

beforeAll(async () => {
  store = await openStore(root);
  await storeDays(store, { seed: 1, exchange: "binance", symbol: "BTCUSDT", source: "changes" });
  await storeDays(store, { seed: 2, exchange: "binance", symbol: "ETHUSDT", source: "changes" });
  const tape = { exchange: "bitfinex", symbol: "tBTCUSD" };
  const priceAt = await storeDays(store, { ...tape, seed: 3, source: "tape" });
  for (const date of DAYS) {
    await storeCandles(store, { ...tape, date }, minutesOf(dayStartUs(date), priceAt));
  }
  await computeFeatures(store, { ...MARKET, threads: 1 });
  await storeDays(store, { seed: 4, exchange: "okex", symbol: "BTC-USDT", source: "snapshots" });
  for (const market of [TAPE, SHOWN]) await computeFeatures(store, { ...market, threads: 1 });
  dataset = await buildDataset(store, { ...MARKET, features: FEATURES, horizonBars: 15 });
  folds = foldsOf(dataset);
}, 240_000);

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

describe("an honest store gives the very rows", () => {
  test("of the direction of the mid, and they are named", async () => {
    const of = testBars(dataset, folds).length.toLocaleString("en-US");
    const about = `12 of ${of} bars of the test's time, 3 of them left out of it, from 2 of 2 symbol-days (BTCUSDT, ETHUSDT)`;
    const power = "so that what touches a fifth of these is seen with 100 %";
    expect(await rebuilt(dataset)).toMatchObject(right(`${about}, ${power}`));
  });

  test("of barriers, and of a horizon that is no whole number of bars", async () => {
    const rule = { kind: "triple-barrier", deviations: 0.5, volatilityBars: 30 } as const;
    const barriers = await buildDataset(store, { ...MARKET, features: FEATURES, labelRule: rule });
    const early = barriers.labelEndUs.filter(
      (timeUs, i) => timeUs < barriers.barEndUs[i]! + 15 * MINUTE_US,
    );
    expect(early.length).toBeGreaterThan(100);
    // Its stream begins with the day, and its last labels end in the next.
    const firstDay = { ...MARKET, days: DAYS.slice(0, 1), features: ["log_ret_5", "tfi"] };
    const odd = await buildDataset(store, { ...firstDay, horizonUs: 90e6 });
    for (const labelled of [barriers, odd]) {
      const canary = there(await rebuiltRows(store, labelled, foldsOf(labelled), { seed: 2 }));
      expect(canary).toMatchObject({ value: 0, isRight: true });
    }
  });

  test("of a book that is told in snapshots", async () => {
    const shown = await buildDataset(store, { ...SHOWN, features: ["log_ret_5", "tfi"] });
    const canary = there(await rebuiltRows(store, shown, foldsOf(shown), { seed: 4 }));
    expect(canary).toMatchObject({ value: 0, isRight: true });
    const later = { ...shown, entryPrice: shifted(shown.entryPrice, -1) };
    const wrong = await rebuiltRows(store, later, foldsOf(shown), { seed: 4 });
    expect(there(wrong)).toMatchObject({ isRight: false });
  });

  test("of a tape of trades, and of candles", async () => {
    for (const source of ["ticks", "candles"] as const) {
      const closes = await buildDataset(store, { ...TAPE, features: ON_PRICES, source });
      expect(closes.labelKind).toBe("close");
      const canary = there(await rebuiltRows(store, closes, foldsOf(closes), { seed: 3, source }));
      expect(canary).toMatchObject({ value: 0, isRight: true });
      const entryPrice = shifted(closes.entryPrice, 1);
      const wrong = await rebuiltRows(store, { ...closes, entryPrice }, foldsOf(closes), {
        seed: 3,
        source,
      });
      expect(there(wrong)).toMatchObject({ isRight: false });
    }
  });
});

describe("a leak in the dataset alone is caught, and its place is named", () => {
  test("inputs of the next bar", async () => {
    const width = FEATURES.length;
    const inputs = dataset.inputs.slice();
    inputs.copyWithin(0, width);
    const canary = await rebuilt({ ...dataset, inputs });
    expect(canary).toMatchObject({ value: 1, isRight: false });
    expect(canary.note).toMatch(
      /: 12 differ, first row \d+ \(BTCUSDT 2024-03-02 [\d:]+\) in \w+, /,
    );
  });

  test("one input of the next bar", async () => {
    const inputs = dataset.inputs.slice();
    const place = FEATURES.indexOf("tfi");
    for (let at = place; at + FEATURES.length < inputs.length; at += FEATURES.length) {
      inputs[at] = dataset.inputs[at + FEATURES.length]!;
    }
    const canary = await rebuilt({ ...dataset, inputs });
    expect(canary.isRight).toBe(false);
    expect(canary.note).toMatch(/in tfi, [-\d.]+ where the events give [-\d.]+$/);
  });

  test("a label whose window begins and ends a bar early", async () => {
    const labelReturn = shifted(dataset.labelReturn, 1);
    const outcome = Float32Array.from(labelReturn, outcomeOf);
    const canary = await rebuilt({ ...dataset, labelReturn, outcome });
    expect(canary.isRight).toBe(false);
    expect(canary.note).toContain("in labelReturn, ");
  });

  test("an entry before the decision", async () => {
    const entryPrice = shifted(dataset.entryPrice, 1);
    const canary = await rebuilt({ ...dataset, entryPrice });
    expect(canary.isRight).toBe(false);
    expect(canary.note).toContain("in entryPrice, ");
  });

  test("a label that says to end before it does", async () => {
    const labelEndUs = dataset.labelEndUs.map((timeUs) => timeUs - MINUTE_US);
    const canary = await rebuilt({ ...dataset, labelEndUs });
    expect(canary).toMatchObject({ value: 1, isRight: false });
    expect(canary.note).toContain("in labelEndUs, ");
  });
});

test("a stored table that was altered and hashed again is caught", async () => {
  const day = { exchange: "binance", symbol: "BTCUSDT", date: DAYS[1]! };
  const folder = featuresFolder(day, MINUTE_US);
  const { columns, manifest } = await readDerived(store, folder);
  const tfi = shifted(columns["tfi"] as Float64Array, -1);
  await writeDerived(store, folder, { ...columns, tfi }, manifest.origin);
  const altered = await buildDataset(store, { ...MARKET, features: FEATURES });
  const canary = await rebuilt(altered);
  expect(canary.isRight).toBe(false);
  expect(canary.note).toMatch(/\(BTCUSDT 2024-03-02 .* in tfi, /);
  await writeDerived(store, folder, columns, manifest.origin);
});

test("without the events nothing is right: what is missing is said", async () => {
  const lake = path.join(root, "lake");
  renameSync(lake, `${lake}.away`);
  const bare = await openStore(root);
  const missing = await rebuiltRows(bare, dataset, folds, { seed: 1 });
  await bare.close();
  renameSync(`${lake}.away`, lake);
  expect(missing).toMatchObject({ kind: "shortfall", has: 0, needs: 2 });
  expect(await rebuilt(dataset, 4)).toMatchObject({ isRight: true });
});

/** Candles of a day whose minutes open at the first price and close at the last; nothing was traded in some. */
function minutesOf(startUs: number, priceAt: (timeUs: number) => number): MinuteCandles {
  const at = (delayUs: number): Float64Array =>
    Float64Array.from({ length: 1440 }, (_, m) => priceAt(startUs + m * MINUTE_US + delayUs));
  const [open, close] = [at(2e6), at(59e6)];
  const high = open.map((price, m) => Math.max(price, close[m]!));
  const low = open.map((price, m) => Math.min(price, close[m]!));
  return { startUs, open, high, low, close, volume: open.map((price, m) => (m * price) % 7) };
}

/** Each row gets the value of so many rows before. */
function shifted(column: Float64Array, rows: number): Float64Array {
  return column.map((value, i) => column[i - rows] ?? value);
}
