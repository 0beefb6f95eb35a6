import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readDerived, writeDerived } from "./derived.js";
import { requireIntact } from "./integrity.js";
import { openStore, type Store } from "./store.js";

const FOLDER = "features/bar=1m/exchange=binance/symbol=BTCUSDT/date=2024-08-08";

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-integrity-"));
  store = await openStore(root);
  await writeDerived(store, FOLDER, { x: Float64Array.of(1, 2, 3) }, {});
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

test("a file that is altered after it was checked is checked again", async () => {
  expect((await readDerived(store, FOLDER)).columns["x"]).toEqual(Float64Array.of(1, 2, 3));
  const file = path.join(root, FOLDER, "part-0.parquet");
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
  await expect(requireIntact(store, FOLDER)).rejects.toThrow(/part-0.parquet: had SHA-256/);
  await expect(readDerived(store, FOLDER)).rejects.toThrow(/part-0.parquet: had SHA-256/);
});
