import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { manifestText } from "./manifest.js";
import { partitionFolder } from "./partition.js";
import { pruneStore } from "./prune.js";
import { openStore, type Store } from "./store.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

/** Whether a removal ends amidst the files, as that of a run that dies; and what was removed and flushed, in order. */
const disk = vi.hoisted(() => ({ isBroken: false, steps: [] as (readonly [string, string])[] }));

vi.mock("./flush.js", () => ({
  flush: async (file: string) => void disk.steps.push(["flush", file]),
}));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    rm: async (file: string, options: object) => {
      disk.steps.push(["remove", file]);
      if (!disk.isBroken) return real.rm(file, options);
      const [first] = await real.readdir(file);
      await real.rm(path.join(file, first!));
      throw new Error("EIO: i/o error, rm");
    },
  };
});

const FOLDER = partitionFolder(TRADES_KEY);

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-prune-"));
  store = await openStore(root);
  await writeTestTrades(store, 3);
});

afterEach(async () => {
  disk.isBroken = false;
  await store.close();
  await rm(root, { recursive: true, force: true });
});

test("a run that dies while it removes leaves no part of a partition in its place", async () => {
  disk.isBroken = true;
  await expect(pruneStore(store, { what: "selected", isFinal: true })).rejects.toThrow(/EIO/);
  const left = await readdir(path.dirname(store.path(FOLDER))).catch(() => []);
  expect(left).toEqual([]);
});

test("that a partition is gone is on the disk before its files are removed", async () => {
  disk.steps.length = 0;
  await pruneStore(store, { what: "selected", isFinal: true });
  const parent = path.dirname(store.path(FOLDER));
  const removed = expect.stringMatching(/\.tmp/);
  expect(disk.steps.slice(0, 2)).toEqual([
    ["flush", parent],
    ["remove", removed],
  ]);
});

test("what goes is told with the bytes of its files, whether or not it is final", async () => {
  let bytes = 0;
  for (const name of await readdir(store.path(FOLDER))) {
    bytes += (await stat(store.path(`${FOLDER}/${name}`))).size;
  }
  for (const isFinal of [false, true]) {
    const gone = await pruneStore(store, { what: "selected", isFinal });
    expect(gone).toMatchObject([{ folder: FOLDER, why: "selected", bytes }]);
  }
  expect(await pruneStore(store, { what: "selected", isFinal: true })).toEqual([]);
});

test("a partition that a newer version wrote is not damaged: it goes only when it is chosen", async () => {
  const file = store.path(`${FOLDER}/manifest.json`);
  const { sha256: _, ...manifest } = JSON.parse(await readFile(file, "utf8"));
  const newer = { ...manifest, format: 99 };
  const sha256 = createHash("sha256").update(manifestText(newer)).digest("hex");
  await writeFile(file, manifestText({ ...newer, sha256 }));
  const prune = async (what: "damaged" | "selected"): Promise<readonly string[]> =>
    (await pruneStore(store, { what, isFinal: true })).map(({ why }) => why);
  expect(await prune("damaged")).toEqual([]);
  expect(await prune("selected")).toEqual(["selected"]);

  await writeTestTrades(store, 3);
  await appendFile(file, " ");
  expect(await prune("damaged")).toEqual(["damaged"]);
});
