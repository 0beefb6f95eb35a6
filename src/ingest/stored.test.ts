import { appendFile, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { partitionFolder } from "../store/partition.js";
import type { Store } from "../store/store.js";
import { lookUpStored, storedTicks } from "./stored.js";
import {
  cleanUp,
  csv,
  freshStore,
  ingestFrom,
  KEY,
  mirror,
  takeAway,
  trade,
} from "./test-mirror.js";

const FOLDER = partitionFolder(KEY);

let store: Store;
beforeEach(async () => {
  store = await freshStore();
  await ingestFrom(await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) }), store);
});
afterEach(cleanUp);

test("a whole partition is kept, also when a killed run had taken it away; an absent one is neither kept nor damaged", async () => {
  await takeAway(store, FOLDER);
  for (const verify of [false, true]) {
    expect(await storedTicks(store, KEY, { verify })).toMatchObject({ kept: { rows: 1 } });
    expect(await storedTicks(store, { ...KEY, type: "quotes" }, { verify })).toEqual({});
  }
});

test("a changed byte of a table is found by --verify, however often it asks; one of a manifest by every look", async () => {
  const table = store.path(`${FOLDER}/part-0.parquet`);
  const bytes = await readFile(table);
  bytes[9]! ^= 1;
  await writeFile(table, bytes);
  expect((await storedTicks(store, KEY)).kept).toMatchObject({ rows: 1 });
  for (let look = 0; look < 2; look++) {
    const { kept, damage } = await storedTicks(store, KEY, { verify: true });
    expect(kept).toBeUndefined();
    expect(damage!.message).toContain("part-0.parquet: had SHA-256");
  }
  await appendFile(store.path(`${FOLDER}/manifest.json`), " ");
  const { kept, damage } = await storedTicks(store, KEY);
  expect(kept).toBeUndefined();
  expect(damage!.message).toContain("manifest.json: was altered");
});

test("a table that is cut or gone is damage without --verify too", async () => {
  const table = store.path(`${FOLDER}/part-0.parquet`);
  await appendFile(table, "x");
  expect((await storedTicks(store, KEY)).damage!.message).toContain("bytes, its manifest says");
  await rm(table);
  expect((await storedTicks(store, KEY)).damage!.message).toContain("is not there although");
});

test("a partition behind a link is neither kept nor written anew", async () => {
  await rename(store.path(FOLDER), `${store.root}/away`);
  await symlink(`${store.root}/away`, store.path(FOLDER));
  await expect(storedTicks(store, KEY)).rejects.toThrow(/date=2024-08-08: is a link or below one/);
});

test("a manifest that cannot be read as what it should be is damage", async () => {
  const wrong = new DataError({ file: FOLDER, message: "had the manifest of another table" });
  const refuse = (): never => {
    throw wrong;
  };
  expect(await lookUpStored(store, FOLDER, refuse)).toEqual({ damage: wrong });
});
