import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { MINUTE_US } from "../core/time.js";
import { oneStream } from "../features/row-parts.js";
import { readDerived, writeDerived } from "../store/derived.js";
import { openStore, type Store } from "../store/store.js";
import { assembleDataset } from "./assemble-dataset.js";
import { datasetName } from "./dataset-name.js";
import { narrowed } from "./narrowed.js";
import { schemaHash } from "./schema.js";
import { loadDataset, storeDataset } from "./stored-dataset.js";
import type { SymbolSeries } from "./symbol-series.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-stored-dataset-"));
let store: Store;

beforeAll(async () => {
  store = await openStore(root);
});

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

function series(seed: number, rows: number): SymbolSeries {
  const random = seededRandom(seed);
  const column = (value: () => number): Float64Array => new Float64Array(rows).map(value);
  const price = column(() => 100 + random.normal());
  return {
    barEndUs: new Float64Array(rows).map((_, i) => (i + 1 + (i > 50 ? 3 : 0)) * MINUTE_US),
    mid: price,
    values: {
      close: price,
      volume_ratio_60: column(() => random.normal()),
      obi_l1: column(() => (random.uniform() < 0.1 ? Number.NaN : random.normal())),
      tfi: column(() => random.normal()),
    },
    valid: new BigUint64Array(rows),
    parts: [oneStream(rows, "incremental_book_L2")],
    verdict: Array.from({ length: rows }, (_, i) => (i % 9 === 0 ? "bad" : "good")),
    bookSource: "incremental_book_L2",
    entryPrice: price.map((value) => value + 0.01),
    halfSpreadBps: column(() => random.uniform()),
  };
}

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const dataset = assembleDataset([series(1, 120), series(2, 80)], {
  exchange: "binance",
  symbols: SYMBOLS,
  names: ["obi_l1", "tfi", "close"],
  barUs: MINUTE_US,
  horizonUs: 5 * MINUTE_US,
  latencyUs: 500_000,
  labelKind: "mid",
  labelRule: { kind: "triple-barrier", deviations: 1, volatilityBars: 5 },
});

test("a matrix is read back as it was written, to the bit", async () => {
  const place = await storeDataset(store, dataset);
  expect(place.name).toBe("binance-btcusdt-ethusdt-1970-01-01-1970-01-02");
  expect(await loadDataset(store, place, SYMBOLS)).toEqual(dataset);
});

test("the same matrix is written once; other values under the same name replace it", async () => {
  const place = await storeDataset(store, dataset, "once");
  const file = path.join(root, "datasets/once", `schema=${place.schema}/symbol=BTCUSDT`);
  const before = statSync(path.join(file, "part-0.parquet")).ino;
  await storeDataset(store, dataset, "once");
  expect(statSync(path.join(file, "part-0.parquet")).ino).toBe(before);
  const other = assembleDataset([series(3, 120), series(2, 80)], settingsOf());
  await storeDataset(store, other, "once");
  expect(await loadDataset(store, place, SYMBOLS)).toEqual(other);
});

test("the schema's hash tells columns and labels apart, and not the rows", () => {
  const rows = assembleDataset([series(3, 90), series(4, 80)], settingsOf());
  expect(schemaHash(rows)).toBe(schemaHash(dataset));
  const others = [
    narrowed(dataset, ["tfi", "obi_l1", "close"]),
    assembleDataset([series(1, 120), series(2, 80)], { ...settingsOf(), latencyUs: 0 }),
    assembleDataset([series(1, 120), series(2, 80)], {
      ...settingsOf(),
      labelRule: { kind: "direction" },
    }),
  ];
  expect(new Set([dataset, ...others].map(schemaHash)).size).toBe(4);
});

test("an altered file, or tables of two matrices under one name, are refused by name", async () => {
  const place = await storeDataset(store, dataset, "altered");
  const folder = path.join(root, "datasets/altered", `schema=${place.schema}`);
  const other = assembleDataset([series(3, 120), series(2, 80)], settingsOf());
  await storeDataset(store, other, "other");
  const [first] = readdirSync(folder);
  const table = path.join(folder, first!, "part-0.parquet");
  const bytes = readFileSync(table);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(table, bytes);
  const fresh = await openStore(root);
  await expect(loadDataset(fresh, place, SYMBOLS)).rejects.toThrow(/altered/);
  await expect(loadDataset(fresh, { ...place, name: "none" }, SYMBOLS)).rejects.toThrow(/none/);
  await expect(loadDataset(fresh, { ...place, name: "other" }, ["ETHUSDT"])).rejects.toThrow(
    /does not hold ETHUSDT of one matrix/,
  );
  await expect(storeDataset(fresh, dataset, "../out")).rejects.toThrow(/no dataset can be called/);
  await fresh.close();
});

test("a matrix that was written without a column is refused by the column's name", async () => {
  const place = await storeDataset(store, dataset, "older");
  for (const symbol of SYMBOLS) {
    const folder = `datasets/older/schema=${place.schema}/symbol=${symbol}`;
    const { columns, manifest } = await readDerived(store, folder);
    const { is_predictable: _, ...rest } = columns;
    await writeDerived(store, folder, rest, manifest.origin);
  }
  await expect(loadDataset(store, place, SYMBOLS)).rejects.toThrow(/has no column is_predictable/);
});

test("a long name is cut and stays unique", () => {
  const many = Array.from({ length: 30 }, (_, i) => `COIN${i}USDT`);
  const named = datasetName({ ...dataset, symbols: many });
  expect(named.length).toBeLessThanOrEqual(64);
  expect(named).not.toBe(datasetName({ ...dataset, symbols: [...many, "X"] }));
  expect(datasetName({ ...dataset, symbols: ["BTC-USD"] })).not.toBe(
    datasetName({ ...dataset, symbols: ["BTC_USD"] }),
  );
});

function settingsOf(): Parameters<typeof assembleDataset>[1] {
  const { exchange, symbols, featureNames: names, barUs, horizonUs, latencyUs } = dataset;
  const { labelKind, labelRule } = dataset;
  return { exchange, symbols, names, barUs, horizonUs, latencyUs, labelKind, labelRule };
}
