import { existsSync, renameSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readDerived, writeDerived } from "./derived.js";
import { requireIntact } from "./integrity.js";
import { replacedPath } from "./replaced.js";
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

test("who asks again has every byte hashed, also of a file that was checked and whose times are the same", async () => {
  const file = path.join(root, FOLDER, "part-0.parquet");
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
  // A disk that loses a bit changes no time of the file.
  store.isVerified = () => true;
  expect(await requireIntact(store, FOLDER)).toMatchObject({ rows: 3 });
  await expect(requireIntact(store, FOLDER, { again: true })).rejects.toThrow(/had SHA-256/);
});

test("a partition that is replaced while it is hashed is whole, in its new form", async () => {
  const other = await openStore(path.join(root, "other"));
  const renewed = await writeDerived(other, FOLDER, { x: Float64Array.of(1, 2, 4) }, {});
  // Between the look at a file's size and at its bytes.
  store.isVerified = () => {
    if (!existsSync(other.path(FOLDER))) return false;
    rmSync(store.path(FOLDER), { recursive: true });
    renameSync(other.path(FOLDER), store.path(FOLDER));
    return false;
  };
  expect(await requireIntact(store, FOLDER)).toEqual(renewed);
  await other.close();
});

test("a partition that is taken away and put back while it is looked at is whole", async () => {
  const run = await openStore(root);
  const away = replacedPath(await run.temporaryPath(), FOLDER);
  let isAway = false;
  // Between the look at a file's size and at its bytes.
  store.isVerified = () => {
    if (isAway) return false;
    isAway = true;
    renameSync(store.path(FOLDER), away);
    setTimeout(() => renameSync(away, store.path(FOLDER)), 100);
    return false;
  };
  expect(await requireIntact(store, FOLDER)).toMatchObject({ rows: 3 });
  expect(isAway).toBe(true);
  await run.close();
});

test("a look at sizes only finds a file that is cut, gone or a link, and not one flipped bit", async () => {
  const file = path.join(root, FOLDER, "part-0.parquet");
  const whole = await readFile(file);
  const look = (): Promise<unknown> => requireIntact(store, FOLDER, { sizesOnly: true });
  const flipped = Buffer.from(whole);
  flipped[whole.length >> 1]! ^= 1;
  await writeFile(file, flipped);
  expect(await look()).toMatchObject({ rows: 3 });
  await writeFile(file, whole.subarray(1));
  await expect(look()).rejects.toThrow(/had \d+ bytes, its manifest says/);
  await rm(file);
  await expect(look()).rejects.toThrow(/is not there although its manifest is/);
  await writeFile(path.join(root, "elsewhere"), whole);
  await symlink(path.join(root, "elsewhere"), file);
  await expect(look()).rejects.toThrow(/is a link or no file/);
  await rm(path.join(root, "elsewhere"));
});
