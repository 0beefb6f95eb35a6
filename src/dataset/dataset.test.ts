import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { dateOf, dayStartUs, MINUTE_US } from "../core/time.js";
import { catalogue } from "../features/catalogue.js";
import { computeFeatures } from "../features/compute-features.js";
import { labelMids } from "../features/label-mids.js";
import { ModelInputs } from "../features/model-inputs.js";
import { changeColumns, storeMarket, tradeColumns } from "../features/test-market.js";
import { movingBook } from "../features/test-moving-book.js";
import { openStore, type Store } from "../store/store.js";
import { buildDataset } from "./build-dataset.js";
import { columnsOf } from "./column-sets.js";
import { directionLabels } from "./labels.js";
import type { Dataset } from "./matrix.js";

const DAY = "2024-03-01";
const DAY_START = dayStartUs(DAY);
const SETTINGS = { horizonUs: 2 * MINUTE_US, barUs: MINUTE_US, latencyUs: 500_000 };

describe("labels", () => {
  const minutes = (...ends: number[]): Float64Array =>
    Float64Array.from(ends, (end) => end * MINUTE_US);

  test("up is 1, down is 0, an exact tie ½", () => {
    const price = Float64Array.of(100, 100, 100, 101, 99, 100);
    const { outcome, labelReturn } = directionLabels(
      { barEndUs: minutes(1, 2, 3, 4, 5, 6), entryPrice: price },
      SETTINGS,
    );
    expect([...outcome]).toEqual([0.5, 1, 0, 0, Number.NaN, Number.NaN]);
    expect(labelReturn[1]).toBeCloseTo(Math.log(1.01), 12);
  });

  test("mids that differ by their rounding alone are a tie; half the finest tick is a move", () => {
    // One mid, 2,400.15, from a narrow spread and from a wide one: as doubles they differ in the last bit.
    const [narrow, wide] = [(2400.1 + 2400.2) / 2, (2400 + 2400.3) / 2];
    expect(narrow).not.toBe(wide);
    const [mid, halfTickUp] = [60_000, 60_000.000000005];
    const price = Float64Array.of(narrow, wide, wide, narrow, mid, mid, halfTickUp);
    const { outcome, labelReturn } = directionLabels(
      { barEndUs: minutes(1, 2, 3, 4, 5, 6, 7), entryPrice: price },
      SETTINGS,
    );
    expect([...outcome.slice(0, 2), outcome[4]]).toEqual([0.5, 0.5, 1]);
    expect([...labelReturn.slice(0, 2)]).toEqual([0, 0]);
  });

  test("a missing price at either end, or a missing bar in between, gives no label", () => {
    const price = Float64Array.of(100, Number.NaN, 101, 102, 103, 104);
    const { outcome } = directionLabels(
      { barEndUs: minutes(1, 2, 3, 4, 6, 7), entryPrice: price },
      SETTINGS,
    );
    expect([...outcome]).toEqual([1, Number.NaN, ...new Array(4).fill(Number.NaN)]);
  });

  test("a label depends on no price but those at its two ends", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 9, noNaN: true }), { minLength: 8, maxLength: 20 }),
        fc.nat(7),
        (values, changed) => {
          const ends = Float64Array.from(values, (_, i) => i * MINUTE_US);
          const before = directionLabels(
            { barEndUs: ends, entryPrice: Float64Array.from(values) },
            SETTINGS,
          ).outcome;
          const other = Float64Array.from(values, (value, i) => (i === changed ? 100 : value));
          const after = directionLabels({ barEndUs: ends, entryPrice: other }, SETTINGS).outcome;
          after.forEach((outcome, i) => {
            if (i !== changed && i !== changed - 2) expect(outcome).toBe(before[i]);
          });
        },
      ),
      { seed: 31 },
    );
  });
});

describe("model inputs", () => {
  const feed = (names: readonly string[], bars: readonly Record<string, number>[]): number[][] => {
    const model = new ModelInputs(names);
    return bars.map((bar) => {
      const out = new Float32Array(names.length);
      model.update((name) => bar[name] ?? Number.NaN, out, 0);
      return [...out];
    });
  };

  test("prices become log ratios to the last close, so that their level is gone", () => {
    const bars = [
      { open: 10, high: 12, low: 9, close: 11 },
      { open: 11, high: 22, low: 11, close: 22 },
    ];
    const [first, second] = feed(["open", "high", "low", "close"], bars);
    expect(first!.every(Number.isNaN)).toBe(true);
    expect(second![0]).toBe(0);
    expect(second![1]).toBeCloseTo(Math.log(2), 6);
    expect(second![3]).toBeCloseTo(Math.log(2), 6);
  });

  test("volume is the z-score against up to 1,440 bars before, and missing below 720", () => {
    const random = seededRandom(1);
    const ratios = Array.from({ length: 2000 }, () => random.normal());
    const found = feed(
      ["volume"],
      ratios.map((volume_ratio_60) => ({ volume_ratio_60 })),
    );
    expect(found.findIndex(([z]) => !Number.isNaN(z!))).toBe(720);
    const before = ratios.slice(1900 - 1440, 1900);
    const average = before.reduce((sum, value) => sum + value, 0) / 1440;
    const variance = before.reduce((sum, value) => sum + (value - average) ** 2, 0) / 1439;
    expect(found[1900]![0]).toBeCloseTo((ratios[1900]! - average) / Math.sqrt(variance), 5);
  });

  test("all other features pass as they are", () => {
    expect(feed(["obi_l1"], [{ obi_l1: 0.25 }])).toEqual([[0.25]]);
  });
});

describe("from the store", () => {
  const days = [DAY, dateOf(DAY_START + 1440 * MINUTE_US)];
  const book = movingBook(8, DAY, 2);
  let root: string;
  let store: Store;
  let dataset: Dataset;

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), "tickbook-dataset-"));
    store = await openStore(root);
    const random = seededRandom(9);
    for (const date of days) {
      const startUs = dayStartUs(date);
      const isDay = ({ timeUs }: { timeUs: number }): boolean =>
        timeUs >= startUs && timeUs < startUs + 1440 * MINUTE_US;
      const own = book.rows.filter(isDay);
      const trades = own
        .filter((_, i) => i % 3 === 0)
        .map((row) => ({ ...row, price: book.midAt(row.timeUs), amount: 1 + random.below(9) }));
      const market = { trades: tradeColumns(trades), bookChanges: changeColumns(own) };
      await storeMarket(store, { exchange: "binance", symbol: "WITH", date }, market);
      const { trades: only } = market;
      await storeMarket(store, { exchange: "binance", symbol: "TAPE", date }, { trades: only });
    }
    await computeFeatures(store, { exchange: "binance", symbols: ["WITH", "TAPE"], days });
    dataset = await buildDataset(store, { exchange: "binance", symbols: ["WITH"], days });
  });

  afterAll(async () => {
    await store.close();
    await rm(root, { recursive: true, force: true });
  });

  test("outcomes are the direction of the true mid after latency and horizon", () => {
    expect(dataset).toMatchObject({ labelKind: "mid", rows: 2880, horizonBars: 15 });
    let labelled = 0;
    for (let row = 0; row < dataset.rows; row++) {
      const startUs = dataset.barEndUs[row]! + 500_000;
      expect(dataset.labelEndUs[row]).toBe(startUs + 15 * MINUTE_US);
      if (Number.isNaN(dataset.outcome[row]!)) continue;
      labelled++;
      const change = book.midAt(dataset.labelEndUs[row]!) - book.midAt(startUs);
      expect(dataset.outcome[row]).toBe(change > 0 ? 1 : change < 0 ? 0 : 0.5);
    }
    // Over midnight too; only the last fifteen bars and the sample behind the data's end lack one.
    expect(labelled).toBe(2880 - 16);
  });

  test("a horizon of seconds looks at the mid so many seconds later, and no further", async () => {
    const request = { exchange: "binance", symbols: ["WITH"], days, features: ["close"] };
    const soon = await buildDataset(store, { ...request, horizonUs: 10e6 });
    expect(soon).toMatchObject({ horizonBars: 1, horizonUs: 10e6 });
    let ties = 0;
    for (let row = 0; row < soon.rows - 1; row++) {
      const startUs = soon.barEndUs[row]! + 500_000;
      expect(soon.labelEndUs[row]).toBe(startUs + 10e6);
      const change = book.midAt(startUs + 10e6) - book.midAt(startUs);
      expect(soon.outcome[row]).toBe(change > 0 ? 1 : change < 0 ? 0 : 0.5);
      ties += Number(change === 0);
    }
    expect(ties).toBeLessThan(soon.rows);
    const tape = { ...request, symbols: ["TAPE"], horizonUs: 10e6 };
    await expect(buildDataset(store, tape)).rejects.toThrow(/whole number of bars of 60 s/);
    await expect(buildDataset(store, { ...request, horizonUs: 0 })).rejects.toThrow(/above 0/);
  });

  test("a triple barrier's labels end where a true mid first leaves the barriers", async () => {
    const labelRule = { kind: "triple-barrier", deviations: 1, volatilityBars: 30 } as const;
    const request = { exchange: "binance", symbols: ["WITH"], days, features: ["close"] };
    const barriers = await buildDataset(store, { ...request, labelRule });
    const early = barriers.labelEndUs.filter(
      (end, row) => end < barriers.barEndUs[row]! + 500_000 + 15 * MINUTE_US,
    );
    expect(early.length).toBeGreaterThan(barriers.rows / 4);
    for (let row = 0; row < barriers.rows; row++) {
      if (Number.isNaN(barriers.outcome[row]!)) continue;
      const entry = book.midAt(barriers.barEndUs[row]! + 500_000);
      const change = Math.log(book.midAt(barriers.labelEndUs[row]!) / entry);
      expect(barriers.labelReturn[row]).toBeCloseTo(change, 12);
    }
  });

  test("rows are usable after warm-up and counted by cause otherwise", () => {
    const usable = dataset.isUsable.reduce((sum, value) => sum + value, 0);
    const excluded = Object.values(dataset.excluded).reduce((sum, value) => sum + value, 0);
    expect(usable + excluded).toBe(dataset.rows);
    expect(dataset.excluded["warm-up"]).toBeGreaterThanOrEqual(720);
    expect(dataset.excluded["warm-up"]).toBeLessThan(900);
    const first = dataset.isUsable.indexOf(1);
    expect(dataset.runStart[first + 100]).toBe(first);
  });

  test("features that the days are too short for are left out unless each is asked for by its own name", async () => {
    // Those that look back on a day or two; of the others cumulative volume delta takes longest, half a day.
    const regimes = ["vol_regime_low", "vol_regime_normal", "vol_regime_high"];
    expect(dataset.leftOut).toEqual([...regimes, "large_trade_share", "vpin"]);
    expect(dataset.featureNames).toHaveLength(catalogue().length - dataset.leftOut.length);
    expect(dataset.featureNames.filter((name) => dataset.leftOut.includes(name))).toEqual([]);
    const request = { exchange: "binance", symbols: ["WITH"], days, features: ["close", "vpin"] };
    const asked = await buildDataset(store, request);
    expect([asked.leftOut, asked.featureNames]).toEqual([[], ["close", "vpin"]]);
    const full = await buildDataset(store, { ...request, features: "full" });
    expect([full.leftOut, full.hash]).toEqual([dataset.leftOut, dataset.hash]);
    const base = await buildDataset(store, { ...request, features: "base" });
    expect(base.leftOut).toEqual(regimes);
    const names = columnsOf("base").filter((name) => !regimes.includes(name));
    expect(base.featureNames).toEqual(names);
    const same = await buildDataset(store, { ...request, features: dataset.featureNames });
    expect(same.hash).toBe(dataset.hash);
    expect(asked.excluded["warm-up"]).toBeGreaterThan(2000);
  });

  test("the same data gives the same hash, another horizon another", async () => {
    const request = { exchange: "binance", symbols: ["WITH"], days };
    expect((await buildDataset(store, request)).hash).toBe(dataset.hash);
    expect((await buildDataset(store, { ...request, horizonBars: 5 })).hash).not.toBe(dataset.hash);
  });

  test("stored label mids are read back, and made anew for another latency", async () => {
    const day = { exchange: "binance", symbol: "WITH", date: DAY };
    const settings = { barUs: MINUTE_US, latencyUs: 500_000 };
    const first = await labelMids(store, day, settings);
    expect(await labelMids(store, day, settings)).toEqual(first);
    const later = await labelMids(store, day, { ...settings, latencyUs: 5_000_000 });
    expect(later!.mid[700]).toBe(book.midAt(DAY_START + 701 * MINUTE_US + 5_000_000));
  });

  test("a trade tape is labelled on the close, without latency, and book features are left out", async () => {
    const tape = await buildDataset(store, { exchange: "binance", symbols: ["TAPE"], days });
    expect(tape).toMatchObject({ labelKind: "close", latencyUs: 0 });
    expect(tape.featureNames).not.toContain("obi_l1");
    expect(tape.isUsable.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(1500);
  });

  test("a book feature that is asked of a trade tape is refused by name; so is an unknown one", async () => {
    const request = { exchange: "binance", symbols: ["TAPE"], days };
    await expect(
      buildDataset(store, { ...request, features: ["close", "obi_l1"] }),
    ).rejects.toThrow(/obi_l1: needs an order book/);
    await expect(buildDataset(store, { ...request, features: ["nonsense"] })).rejects.toThrow(
      /nonsense, which no feature is called/,
    );
    const whole = { exchange: "binance", symbols: ["TAPE"], days, features: "full" } as const;
    await expect(buildDataset(store, whole)).rejects.toThrow(/obi_l1.*needs an order book/);
    await expect(buildDataset(store, { ...whole, source: "candles" })).rejects.toThrow(
      /the set "full" has .*obi_l1.*, which candles do not give/,
    );
  });

  test("without stored features the error says how to make them", async () => {
    const request = { exchange: "binance", symbols: ["NONE"], days };
    await expect(buildDataset(store, request)).rejects.toThrow(/npx tickbook features/);
  });
});
