import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { storedTicks } from "../ingest/stored.js";
import { commitCopy } from "./commit.js";
import { requireIntact } from "./integrity.js";
import { listPartitions } from "./list.js";
import { partitionFolder } from "./partition.js";
import { pruneStore } from "./prune.js";
import { readManifest } from "./read.js";
import { replacedPath } from "./replaced.js";
import { openStore } from "./store.js";
import { tableFolders } from "./table-folders.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

/**
 * What is wrong with the disk: a rename to a place fails the second time it is asked for, no folder can be made, those of
 * runs cannot be read, what another user left cannot be removed, or what is to be moved away is taken by another run just
 * before. Besides, something may happen between the renames.
 */
const disk = vi.hoisted(() => ({
  place: "",
  asked: 0,
  isBroken: false,
  isFull: false,
  isTaken: false,
  isUnreadable: false,
  isTableUnreadable: false,
  isManifestUnreadable: false,
  isForeign: false,
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
    readdir: async (place: string, ...options: []) => {
      if (disk.isUnreadable && place.endsWith(".tmp")) {
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      }
      return real.readdir(place, ...options);
    },
    lstat: async (place: string, ...options: []) => {
      const isKept = disk.isManifestUnreadable && place.endsWith("manifest.json");
      if (isKept || (disk.isTableUnreadable && place.endsWith(".parquet"))) {
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      }
      return real.lstat(place, ...options);
    },
    rm: async (place: string, options: object) => {
      if (disk.isForeign && place.includes("-foreign")) {
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      }
      return real.rm(place, options);
    },
    rename: async (from: string, to: string) => {
      if (disk.isForeign && from.includes("-foreign")) {
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

test("what cannot be read is neither pruned as damaged nor written anew", async () => {
  const store = await openStore(path.join(folder, "data"));
  await writeTestTrades(store, 3);
  disk.isTableUnreadable = true;
  const file = `${partitionFolder(TRADES_KEY)}/part-0.parquet: could not be read (EACCES)`;
  expect(await pruneStore(store, { what: "damaged", isFinal: true })).toMatchObject([
    { why: "kept", damage: expect.stringContaining(file) },
  ]);
  await expect(storedTicks(store, TRADES_KEY)).rejects.toThrow(file);
  disk.isTableUnreadable = false;
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(3);
  await store.close();
});

test("a partition of which another user's run keeps an older copy stays, and a prune says so", async () => {
  const store = await openStore(path.join(folder, "data"));
  await writeTestTrades(store, 3);
  const run = path.join(folder, "data/.tmp/elsewhere-1-foreign");
  await mkdir(run);
  const old = replacedPath(path.join(run, "0"), partitionFolder(TRADES_KEY));
  await cp(store.path(partitionFolder(TRADES_KEY)), old, { recursive: true });
  disk.isForeign = true;
  const prune = (): Promise<unknown> => pruneStore(store, { what: "selected", isFinal: true });
  expect(await prune()).toMatchObject([
    { why: "kept", damage: expect.stringMatching(/older copy .* \(EACCES\); run the same as/) },
  ]);
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(3);
  disk.isForeign = false;
  expect(await prune()).toMatchObject([{ why: "selected" }]);
  expect(await listPartitions(store)).toEqual([]);
  await store.close();
});

test("a copy that may replace nothing leaves what came between its two looks", async () => {
  const store = await openStore(path.join(folder, "data"));
  const other = await openStore(path.join(folder, "other"));
  const manifest = await writeTestTrades(other, 9);
  const target = store.path(partitionFolder(TRADES_KEY));
  // A leftover is in its place until just before it is taken out of the way.
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, "left"), "");
  const copy = { folder: partitionFolder(TRADES_KEY), manifest, mayReplace: false };
  const isStored = await commitCopy(store, copy, async (temporary) => {
    await cp(other.path(partitionFolder(TRADES_KEY)), temporary, { recursive: true });
    await rm(path.join(temporary, "manifest.json"));
    disk.beforeMarking = async () => {
      await rm(target, { recursive: true });
      await writeTestTrades(store, 4);
    };
  });
  expect(isStored).toBe(false);
  expect((await requireIntact(store, partitionFolder(TRADES_KEY))).rows).toBe(4);
  for (const one of [store, other]) await one.close();
});

test("folders of runs that cannot be read are an error, not runs that hold nothing", async () => {
  const store = await openStore(path.join(folder, "data"));
  await writeTestTrades(store, 3);
  disk.isUnreadable = true;
  const key = { ...TRADES_KEY, symbol: "ETHUSDT" };
  await expect(readManifest(store, key)).rejects.toThrow(/^\.tmp: could not be read \(EACCES\)/);
  await expect(listPartitions(store)).rejects.toThrow(/^\.tmp: could not be read \(EACCES\)/);
  disk.isUnreadable = false;
  expect(await listPartitions(store)).toHaveLength(1);
  // Of another user's run, what it has taken away is seen and cannot be looked into.
  const run = path.join(folder, "data/.tmp/elsewhere-1-x");
  await mkdir(run);
  const place = partitionFolder(TRADES_KEY);
  await rename(store.path(place), replacedPath(path.join(run, "0"), place));
  disk.isManifestUnreadable = true;
  expect(await tableFolders(store)).toMatchObject([{ folder: place }]);
  disk.isManifestUnreadable = false;
  await store.close();
});

test("what another user's killed run left and this one may not remove stops no run", async () => {
  const root = path.join(folder, "data");
  const store = await openStore(root);
  const own = path.basename(path.dirname(await store.temporaryPath()));
  const left = path.join(root, ".tmp", `${own.replace(/-\d+-/, "-4194305-")}-foreign`);
  await mkdir(left);
  disk.isForeign = true;
  expect(await (await openStore(root)).leftovers()).toContain(`.tmp/${path.basename(left)}`);
  expect((await writeTestTrades(await openStore(root), 3)).rows).toBe(3);
  disk.isForeign = false;
  await store.sweep();
  expect(await readdir(path.join(root, ".tmp"))).not.toContain(path.basename(left));
  await store.close();
});
