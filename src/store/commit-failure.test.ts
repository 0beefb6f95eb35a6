import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { commitCopy } from "./commit.js";
import { requireIntact } from "./integrity.js";
import { partitionFolder } from "./partition.js";
import { pruneStore } from "./prune.js";
import { openStore } from "./store.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

/**
 * What is wrong with the disk: a rename to a place fails the second time it is asked for, no folder can be made, what was
 * taken away cannot be put back, or what is to be moved away is taken by another run just before. Besides, something may
 * happen between the renames.
 */
const disk = vi.hoisted(() => ({
  place: "",
  asked: 0,
  isBroken: false,
  isFull: false,
  isTaken: false,
  isFixed: false,
  /** Done once, just before a partition is taken out of the way, or when it was. */
  beforeTaking: undefined as (() => Promise<void>) | undefined,
  afterTaking: undefined as (() => Promise<void>) | undefined,
  beforeMarking: undefined as (() => Promise<void>) | undefined,
}));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    mkdir: async (folder: string, ...options: []) => {
      if (disk.isFull) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
      return real.mkdir(folder, ...options);
    },
    rename: async (from: string, to: string) => {
      const isFixed = disk.isFixed && from.endsWith(".replaced") && !to.includes(".tmp");
      if (isFixed) {
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      }
      if (disk.isTaken && from.endsWith(disk.place)) await real.rm(from, { recursive: true });
      const isNew = to.endsWith(disk.place) && !from.endsWith(disk.place);
      // The first try finds the old partition there, the second the disk broken, the third puts the old one back.
      if (disk.isBroken && isNew && ++disk.asked === 2) {
        throw Object.assign(new Error("EIO: i/o error, rename"), { code: "EIO" });
      }
      const { afterTaking, beforeTaking, beforeMarking } = disk;
      if (beforeMarking !== undefined && to.endsWith(".replaced")) {
        disk.beforeMarking = undefined;
        await beforeMarking();
      }
      disk.beforeTaking = undefined;
      await beforeTaking?.();
      await real.rename(from, to);
      if (afterTaking === undefined || !to.endsWith(".replaced")) return;
      disk.afterTaking = undefined;
      await afterTaking();
    },
  };
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-commit-failure-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a partition whose successor cannot be put in its place stays", async () => {
  const root = path.join(folder, "data");
  const store = await openStore(root);
  const old = await writeTestTrades(store, 3);
  Object.assign(disk, { place: partitionFolder(TRADES_KEY), isBroken: true });
  await expect(writeTestTrades(store, 4)).rejects.toThrow(/EIO/);
  disk.isBroken = false;
  await store.close();

  const again = await openStore(root);
  expect(await requireIntact(again, partitionFolder(TRADES_KEY))).toEqual(old);
  await again.close();
  expect(await readdir(root)).toEqual(["lake"]);
});

test("a partition that another run takes away while it is replaced is replaced all the same", async () => {
  const store = await openStore(path.join(folder, "data"));
  await writeTestTrades(store, 3);
  Object.assign(disk, { place: partitionFolder(TRADES_KEY), isTaken: true });
  const written = await writeTestTrades(store, 4);
  disk.isTaken = false;
  expect(await requireIntact(store, partitionFolder(TRADES_KEY))).toEqual(written);
  await store.close();
});

test("a disk that holds no further folder is said to be full", async () => {
  const store = await openStore(path.join(folder, "data"));
  disk.isFull = true;
  const written = writeTestTrades(store, 3);
  await expect(written).rejects.toThrow(/--data: was .* its disk is full \(ENOSPC\); make room/);
  disk.isFull = false;
  await store.close();
});

test("a partition whose surroundings are pruned while it is replaced comes into its place all the same", async () => {
  const root = path.join(folder, "data");
  const store = await openStore(root);
  await writeTestTrades(store, 3);
  Object.assign(disk, { place: partitionFolder(TRADES_KEY) });
  disk.afterTaking = () =>
    rm(path.dirname(store.path(partitionFolder(TRADES_KEY))), { recursive: true });
  expect((await writeTestTrades(store, 4)).rows).toBe(4);
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(4);
  await store.close();
  expect(await readdir(root)).toEqual(["lake"]);
});

test("a prune of leftovers puts back a partition that came into place after it had looked", async () => {
  const store = await openStore(path.join(folder, "data"));
  await writeTestTrades(store, 3);
  const manifest = store.path(`${partitionFolder(TRADES_KEY)}/manifest.json`);
  const text = await readFile(manifest, "utf8");
  await rm(manifest);
  disk.beforeTaking = () => writeFile(manifest, text);
  expect(await pruneStore(store, { what: "leftovers", isFinal: true })).toEqual([]);
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(3);
  await store.close();
});

test("a partition that a reader puts back while it is replaced is replaced all the same", async () => {
  const root = path.join(folder, "data");
  const store = await openStore(root);
  await writeTestTrades(store, 3);
  const reader = await openStore(root);
  disk.afterTaking = () => reader.putBack({ ofAll: true });
  expect((await writeTestTrades(store, 4)).rows).toBe(4);
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(4);
  await store.close();
  expect(await readdir(root)).toEqual(["lake"]);
});

test("a prune of what is damaged leaves a partition that came into place after it had looked", async () => {
  const root = path.join(folder, "data");
  const store = await openStore(root);
  await writeTestTrades(store, 3);
  await appendFile(store.path(`${partitionFolder(TRADES_KEY)}/part-0.parquet`), "x");
  const other = await openStore(root);
  disk.beforeTaking = async () => void (await writeTestTrades(other, 4));
  expect(await pruneStore(store, { what: "damaged", isFinal: true })).toEqual([]);
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(4);
  await appendFile(store.path(`${partitionFolder(TRADES_KEY)}/part-0.parquet`), "x");
  // Yet another comes while the newer one is out of its place.
  disk.beforeTaking = async () => void (await writeTestTrades(other, 5));
  disk.afterTaking = async () => void (await writeTestTrades(other, 6));
  expect(await pruneStore(store, { what: "damaged", isFinal: true })).toEqual([]);
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(6);
  for (const one of [store, other]) await one.close();
  expect(await readdir(root)).toEqual(["lake"]);
});

test("a copy that may replace nothing leaves what came between its two looks, also where it cannot be put back", async () => {
  const store = await openStore(path.join(folder, "data"));
  const other = await openStore(path.join(folder, "other"));
  const place = partitionFolder(TRADES_KEY);
  const manifest = await writeTestTrades(other, 9);
  for (const [rows, isFixed] of [
    [4, false],
    [5, true],
  ] as const) {
    // A leftover is in its place until just before it is taken out of the way.
    await rm(store.path(place), { recursive: true, force: true });
    await mkdir(store.path(place), { recursive: true });
    await writeFile(store.path(`${place}/left`), "");
    const copy = { folder: place, manifest, mayReplace: false };
    const isStored = await commitCopy(store, copy, async (temporary) => {
      await cp(other.path(place), temporary, { recursive: true });
      await rm(path.join(temporary, "manifest.json"));
      disk.beforeMarking = async () => {
        await rm(store.path(place), { recursive: true });
        await writeTestTrades(store, rows);
        disk.isFixed = isFixed;
      };
    });
    disk.isFixed = false;
    expect(isStored).toBe(false);
    expect((await requireIntact(store, place)).rows).toBe(rows);
  }
  for (const one of [store, other]) await one.close();
});
