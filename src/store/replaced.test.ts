import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listPartitions } from "./list.js";
import { partitionFolder } from "./partition.js";
import { pruneStore } from "./prune.js";
import { query } from "./query.js";
import { readColumns, readManifest } from "./read.js";
import { replacedPath } from "./replaced.js";
import { openStore, type Store } from "./store.js";
import { tableFolders } from "./table-folders.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

const FOLDER = partitionFolder(TRADES_KEY);
const COUNT = "SELECT count(*) FROM trades";

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-replaced-"));
  store = await openStore(root);
  await writeTestTrades(store, 3);
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** Takes the partition out of its place, as a run does that is killed at this moment. */
async function takeAway(run: Store): Promise<string> {
  const away = replacedPath(await run.temporaryPath(), FOLDER);
  await rename(store.path(FOLDER), away);
  return away;
}

/** Makes a run's temporary folder one of a process that has ended. */
async function kill(run: Store): Promise<void> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.on("exit", resolve));
  const own = path.dirname(await run.temporaryPath());
  const dead = path.basename(own).replace(`-${process.pid}-`, `-${child.pid}-`);
  await rename(own, path.join(path.dirname(own), dead));
}

test("a run that is killed between taking a partition away and putting another in its place loses neither", async () => {
  const run = await openStore(root);
  await takeAway(run);
  await kill(run);
  const next = await openStore(root);
  await writeTestTrades(next, 4, { symbol: "ETHUSDT" });
  expect((await readManifest(next, TRADES_KEY))?.rows).toBe(3);
  expect((await query(next, COUNT)).rows).toEqual([[7]]);
  for (const open of [run, next, store]) await open.close();
  expect(await readdir(root)).toEqual(["lake"]);
});

test("what came into its place stays there, and the old one goes", async () => {
  const run = await openStore(root);
  await takeAway(run);
  await writeTestTrades(store, 5);
  await kill(run);
  await store.sweep();
  expect((await readManifest(store, TRADES_KEY))?.rows).toBe(5);
  expect((await readdir(path.join(root, ".tmp"))).length).toBeLessThanOrEqual(1);
});

test("a query and lists wait for a partition that is being replaced, and never miss it", async () => {
  const run = await openStore(root);
  for (const look of [
    async () => (await query(store, COUNT)).rows[0]![0],
    async () => (await listPartitions(store)).length * 3,
    async () => (await tableFolders(store)).length * 3,
  ]) {
    const away = await takeAway(run);
    const seen = look();
    await sleep(200);
    await rename(away, store.path(FOLDER));
    expect(await seen).toBe(3);
  }
  const away = await takeAway(run);
  // Another one's absence is none of a query's that does not ask for it.
  await writeTestTrades(store, 4, { symbol: "ETHUSDT" });
  expect(await tableFolders(store, { symbols: ["ETHUSDT"] })).toHaveLength(1);
  await expect(query(store, COUNT)).rejects.toThrow(/BTCUSDT.*was taken out of its place.*puts it/);
  await rename(away, store.path(FOLDER));
  await run.close();
});

test("what a killed run had taken away is put back by whoever looks for it first", async () => {
  for (const look of [
    async () => (await query(store, COUNT)).rows[0]![0],
    async () => (await listPartitions(store)).length * 3,
    async () => (await pruneStore(store, { what: "leftovers", isFinal: true })).length + 3,
    async () => (await tableFolders(store)).length * 3,
  ]) {
    const run = await openStore(root);
    await takeAway(run);
    await kill(run);
    expect(await look()).toBe(3);
    expect((await readManifest(store, TRADES_KEY))?.rows).toBe(3);
    await run.close();
  }
});

test("of two copies that were taken away the newer comes back, and none is removed while neither is in place", async () => {
  const run = await openStore(root);
  const temporary = path.dirname(await run.temporaryPath());
  await cp(store.path(FOLDER), replacedPath(path.join(temporary, "9"), FOLDER), {
    recursive: true,
  });
  await writeTestTrades(store, 5);
  await rename(store.path(FOLDER), replacedPath(path.join(temporary, "10"), FOLDER));
  // Something that is no partition is in the way.
  await mkdir(store.path(FOLDER));
  await writeFile(path.join(store.path(FOLDER), ".DS_Store"), "");
  await kill(run);
  await store.sweep();
  await expect(query(store, COUNT)).rejects.toThrow(/was taken out of its place/);
  await rm(store.path(FOLDER), { recursive: true });
  await store.sweep();
  expect((await readManifest(store, TRADES_KEY))?.rows).toBe(5);
  await run.close();
});

test("readers beside a writer that keeps replacing a partition see a whole one each time", async () => {
  const writer = await openStore(root);
  let isDone = false;
  const write = async (): Promise<void> => {
    for (let i = 0; i < 60; i++) await writeTestTrades(writer, 3 + i);
    isDone = true;
  };
  const writing = write();
  let looks = 0;
  while (!isDone) {
    const reader = await openStore(root);
    const { price } = await readColumns(reader, TRADES_KEY, ["price"]);
    expect(price!.length).toBeGreaterThanOrEqual(3);
    expect(await listPartitions(reader)).toHaveLength(1);
    await reader.close();
    looks++;
  }
  await writing;
  await writer.close();
  expect(looks).toBeGreaterThan(3);
}, 120_000);

test("names in the temporary folder lead nowhere else, and no folder that is no partition comes back", async () => {
  const run = await openStore(root);
  const unused = await run.temporaryPath();
  const deep = `${"stage/".repeat(20)}${FOLDER.replace("lake/trades/", "")}`;
  expect(replacedPath(unused, deep)).toBe(unused);
  expect(replacedPath(unused, "../../etc")).toBe(unused);
  const temporary = path.dirname(unused);
  const folders = ["../outside", "/etc", "lake/trades", "a/../../b", FOLDER.replace("trades", "%")];
  for (const [i, folder] of folders.entries()) {
    await cp(
      store.path(FOLDER),
      path.join(temporary, `${i}-${encodeURIComponent(folder)}.replaced`),
      {
        recursive: true,
      },
    );
  }
  await mkdir(path.join(temporary, "9-%E0%A4%A.replaced"));
  await mkdir(replacedPath(path.join(temporary, "10"), FOLDER.replace("BTC", "ETH")));
  expect((await query(store, COUNT)).rows).toEqual([[3]]);
  await kill(run);
  await store.sweep();
  expect((await readdir(root, { recursive: true })).sort()).toEqual(
    [
      ...FOLDER.split("/").map((_, i, steps) => steps.slice(0, i + 1).join("/")),
      `${FOLDER}/manifest.json`,
      `${FOLDER}/part-0.parquet`,
      ...(await readdir(root)).filter((name) => name === ".tmp"),
      ...(await readdir(path.join(root, ".tmp")).catch(() => [])).map((name) => `.tmp/${name}`),
    ].sort(),
  );
  await run.close();
});
