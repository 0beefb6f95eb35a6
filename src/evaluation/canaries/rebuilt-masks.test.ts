// Are rows that were chosen by their outcome seen, and what nobody can see told of?
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Shortfall, shortfallText } from "../../core/shortfall.js";
import { quantile } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import { buildDataset } from "../../dataset/build-dataset.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { computeFeatures } from "../../features/compute-features.js";
import { featuresFolder } from "../../features/feature-partition.js";
import { readDerived, writeDerived } from "../../store/derived.js";
import { openStore, type Store } from "../../store/store.js";
import type { Canary } from "./canary.js";
import { rebuiltRows } from "./rebuilt-rows.js";
import { DAYS, FEATURES, foldsOf, MARKET, storeDays, there } from "./test-stored-days.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-masks-"));
let store: Store;
let dataset: Dataset;
let folds: readonly Fold[];

const rebuilt = async (of: Dataset): Promise<Canary> =>
  there(await rebuiltRows(store, of, folds, { seed: 1, rows: 12 }));

beforeAll(async () => {
  store = await openStore(root);
  for (const [seed, symbol] of MARKET.symbols.entries()) {
    await storeDays(store, { seed, exchange: "binance", symbol, source: "changes" });
  }
  await computeFeatures(store, { ...MARKET, threads: 1 });
  dataset = await buildDataset(store, { ...MARKET, features: FEATURES });
  folds = foldsOf(dataset);
}, 240_000);

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

test("an honest store gives the very rows that may be used, and why others may not", async () => {
  const canary = there(await rebuiltRows(store, dataset, folds, { seed: 2, rows: 200 }));
  expect(canary).toMatchObject({ value: 0, isRight: true });
  expect(canary.note).toMatch(/^20\d of [\d,]+ bars of the test's time, [1-9]\d* of them left out/);
});

describe("rows chosen by their outcome are caught, and the time of one is named", () => {
  let most: number;
  const isHard = (row: number): boolean => Math.abs(dataset.labelReturn[row]!) < most;
  beforeAll(() => {
    const moves = dataset.labelReturn.map(Math.abs).filter((move) => !Number.isNaN(move));
    most = quantile(moves, 0.3);
  });
  const where = /first row \d+ \(\w+USDT 2024-03-02 [\d:]+\) in /;

  test("left out of the test alone", async () => {
    const isUsable = dataset.isUsable.map((is, row) => (isHard(row) ? 0 : is));
    const canary = await rebuilt({ ...dataset, isUsable });
    expect(canary.isRight).toBe(false);
    expect(canary.note).toMatch(where);
    expect(canary.note).toMatch(/in isUsable, 0 where the events give 1$/);
  });

  test("left out as if no model could be asked there", async () => {
    const kept = (is: number, row: number): number => (isHard(row) ? 0 : is);
    const masks = {
      isUsable: dataset.isUsable.map(kept),
      isPredictable: dataset.isPredictable.map(kept),
    };
    const canary = await rebuilt({ ...dataset, ...masks });
    expect(canary.note).toMatch(/in isPredictable, 0 where the events give 1$/);
  });

  test("used although there is no book, or no label", async () => {
    const canary = await rebuilt({ ...dataset, isUsable: dataset.isUsable.map(() => 1) });
    expect(canary.isRight).toBe(false);
    expect(canary.note).toMatch(/in isUsable, 1 where the events give 0: (no|warm)[\w -]+$/);
  });

  test("by a stored table that says there was no book, or that has no such bars", async () => {
    const symbol = "BTCUSDT";
    const folder = featuresFolder({ exchange: "binance", symbol, date: DAYS[1]! }, MINUTE_US);
    const { columns, manifest } = await readDerived(store, folder);
    const from = dataset.barEndUs.indexOf((columns["bar_end_us"] as Float64Array)[0]!);
    const alter = async (altered: typeof columns): Promise<Canary> => {
      await writeDerived(store, folder, altered, manifest.origin);
      const chosen = await buildDataset(store, { ...MARKET, features: FEATURES });
      await writeDerived(store, folder, columns, manifest.origin);
      return there(await rebuiltRows(store, chosen, foldsOf(chosen), { seed: 1, rows: 12 }));
    };
    const mid = (columns["mid"] as Float64Array).map((value, i) =>
      isHard(from + i) ? Number.NaN : value,
    );
    const silent = await alter({ ...columns, mid });
    expect(silent.isRight).toBe(false);
    expect(silent.note).toMatch(
      /\(BTCUSDT 2024-03-02 [\d:]+\) in is\w+, 0 where the events give 1$/,
    );
    const kept = Array.from(mid.keys()).filter((i) => i < 700 || !isHard(from + i));
    const without = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [
        name,
        (column as Float64Array).filter((_: number, i: number) => kept.includes(i)),
      ]),
    );
    const short = await alter(without);
    expect(short.isRight).toBe(false);
    expect(short.note).toMatch(
      /the events give [\d,]+ bars more, first BTCUSDT 2024-03-02 [\d:]+$/,
    );
  });
});

describe("where events are missing", () => {
  const [first, second] = DAYS;
  const away = (symbol: string, date: string): readonly [string, string] => {
    const day = `exchange=binance/symbol=${symbol}/date=${date}`;
    const folder = path.join(root, "lake", "trades", day);
    return [folder, `${folder}.away`];
  };

  test("of half of the symbol-days that are drawn, nothing is right: it is left undecided", async () => {
    const [here, gone] = away("ETHUSDT", second);
    renameSync(here, gone);
    const bare = await openStore(root);
    const missing = await rebuiltRows(bare, dataset, folds, { seed: 1 });
    await bare.close();
    renameSync(gone, here);
    expect(missing).toMatchObject({ kind: "shortfall", has: 1, needs: 2 });
    expect(shortfallText(missing as Shortfall)).toMatch(
      /^Not enough data to rebuild .*: 1 of 2 drawn symbol-days with .*`npx tickbook ingest`.*`npx tickbook features`.*, and it needs 2\.$/,
    );
  });

  test("of days that no test lies in, nothing is missing", async () => {
    const [here, gone] = away("ETHUSDT", first);
    renameSync(here, gone);
    const bare = await openStore(root);
    const found = await rebuiltRows(bare, dataset, folds, { seed: 1 });
    await bare.close();
    renameSync(gone, here);
    expect(there(found)).toMatchObject({ isRight: true });
  });
});
