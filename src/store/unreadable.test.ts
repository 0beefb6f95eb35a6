import { cp, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { storedTicks } from "../ingest/stored.js";
import { requireIntact } from "./integrity.js";
import { listPartitions } from "./list.js";
import { partitionFolder } from "./partition.js";
import { pruneStore, removeTable } from "./prune.js";
import { readManifest } from "./read.js";
import { replacedPath } from "./replaced.js";
import { openStore } from "./store.js";
import { tableFolders } from "./table-folders.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

/** What this user may not do: read the folder of all runs, tables or manifests, or rename and remove what is another's. */
const disk = vi.hoisted(() => ({
  isUnreadable: false,
  isTableUnreadable: false,
  isManifestUnreadable: false,
  isForeign: false,
}));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const deny = (isDenied: boolean): void => {
    if (isDenied) throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  };
  return {
    ...real,
    readdir: async (place: string, ...options: []) => {
      deny(disk.isUnreadable && place.endsWith(".tmp"));
      return real.readdir(place, ...options);
    },
    lstat: async (place: string, ...options: []) => {
      deny(disk.isManifestUnreadable && place.endsWith("manifest.json"));
      deny(disk.isTableUnreadable && place.endsWith(".parquet"));
      return real.lstat(place, ...options);
    },
    rm: async (place: string, options: object) => {
      deny(disk.isForeign && place.includes("-foreign"));
      return real.rm(place, options);
    },
    rename: async (from: string, to: string) => {
      deny(disk.isForeign && from.includes("-foreign"));
      return real.rename(from, to);
    },
  };
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-unreadable-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

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

test("what may not be removed stays, and a prune removes the others and says so", async () => {
  const store = await openStore(path.join(folder, "data"));
  for (const symbol of ["A-foreign", "BTCUSDT"]) await writeTestTrades(store, 3, { symbol });
  disk.isForeign = true;
  expect(await pruneStore(store, { what: "selected", isFinal: true })).toMatchObject([
    { symbol: "A-foreign", why: "kept", damage: "could not be removed (EACCES)" },
    { symbol: "BTCUSDT", why: "selected" },
  ]);
  disk.isForeign = false;
  expect(await listPartitions(store)).toHaveLength(1);
  await removeTable(store, partitionFolder(TRADES_KEY));
  await store.close();
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
