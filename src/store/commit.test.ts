import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { treeHashes } from "../faults/tree-hashes.js";
import { commitCopy } from "./commit.js";
import { requireIntact } from "./integrity.js";
import type { Manifest } from "./manifest.js";
import { partitionFolder } from "./partition.js";
import { openStore, type Store } from "./store.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

const FOLDER = partitionFolder(TRADES_KEY);

let scratch: string;
let source: Store;
let target: Store;
let manifest: Manifest;

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "tickbook-commit-"));
  source = await openStore(path.join(scratch, "source"));
  target = await openStore(path.join(scratch, "target"));
  manifest = await writeTestTrades(source, 3);
});

afterEach(async () => {
  await source.close();
  await target.close();
  await rm(scratch, { recursive: true, force: true });
});

async function copyFiles(temporary: string): Promise<void> {
  for (const name of Object.keys(manifest.files)) {
    await cp(path.join(source.path(FOLDER), name), path.join(temporary, name));
  }
}

function commit(mayReplace: boolean, fetch = copyFiles): Promise<boolean> {
  return commitCopy(target, { folder: FOLDER, manifest, mayReplace }, fetch);
}

test("a copy is the partition to the byte, its manifest included", async () => {
  expect(await commit(false)).toBe(true);
  expect(await treeHashes(target.path("lake"))).toEqual(await treeHashes(source.path("lake")));
});

test("a copy whose files are not what its manifest says is refused, and nothing is left", async () => {
  const damage = async (temporary: string): Promise<void> => {
    await copyFiles(temporary);
    await writeFile(path.join(temporary, "part-0.parquet"), "other");
  };
  const more = async (temporary: string): Promise<void> => {
    await copyFiles(temporary);
    await writeFile(path.join(temporary, "more.csv"), "");
  };
  for (const fetch of [damage, more, async () => undefined]) {
    await expect(commit(true, fetch)).rejects.toThrow(/did not arrive as its manifest says/);
    expect(await readdir(path.dirname(await target.temporaryPath()))).toEqual([]);
  }
  await target.close();
  expect(await readdir(scratch)).toEqual(["source"]);
});

test("a copy takes the place of another partition only when it may, of the same one and of none always", async () => {
  const own = await writeTestTrades(target, 5);
  expect(await commit(false)).toBe(false);
  expect((await requireIntact(target, FOLDER)).sha256).toBe(own.sha256);
  expect(await commit(true)).toBe(true);
  expect((await requireIntact(target, FOLDER)).sha256).toBe(manifest.sha256);
  expect(await commit(false)).toBe(true);

  // What was replaced does not wait for the store's end to give its room back.
  expect(await readdir(path.dirname(await target.temporaryPath()))).toEqual([]);

  await writeFile(target.path(`${FOLDER}/more.csv`), "left by something");
  expect(await commit(true)).toBe(true);
  expect(await treeHashes(target.path("lake"))).toEqual(await treeHashes(source.path("lake")));

  await rm(target.path(FOLDER), { recursive: true });
  await mkdir(target.path(FOLDER));
  await writeFile(path.join(target.path(FOLDER), "part-0.parquet"), "left by something");
  expect(await commit(false)).toBe(true);
  expect(await treeHashes(target.path("lake"))).toEqual(await treeHashes(source.path("lake")));
});

test("a partition that comes up while a copy is on its way stays where the copy may not replace it", async () => {
  const meanwhile = async (temporary: string): Promise<void> => {
    await copyFiles(temporary);
    await writeTestTrades(target, 7);
  };
  expect(await commit(false, meanwhile)).toBe(false);
  const text = await readFile(target.path(`${FOLDER}/manifest.json`), "utf8");
  expect(JSON.parse(text)).toMatchObject({ rows: 7 });
});
