import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listPartitions } from "./list.js";
import { partitionFolder } from "./partition.js";
import { pruneStore } from "./prune.js";
import { query } from "./query.js";
import { readColumns, readManifest, readTrades } from "./read.js";
import { replacedPath } from "./replaced.js";
import { listSettled } from "./settled.js";
import { openStore, type Store } from "./store.js";
import { storeSide } from "./sync/side.js";
import { tableFolders } from "./table-folders.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";

const FOLDER = partitionFolder(TRADES_KEY);
/** Of each kind, beside a writer. */
const LOOKS = 5;
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

/** Makes a run's temporary folder one of a process that has ended, or of another host, whose processes cannot be asked. */
async function kill(run: Store, { host = "" }: { readonly host?: string } = {}): Promise<void> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.on("exit", resolve));
  const own = path.dirname(await run.temporaryPath());
  const dead = path.basename(own).replace(`-${process.pid}-`, `-${child.pid}-`);
  await rename(own, path.join(path.dirname(own), `${host}${dead}`));
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

test("a query waits for a partition that is being replaced, lists name it, and none misses it", async () => {
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
  await run.close();
});

test("a list that meets the gap of a run that begins and ends beside it looks again", async () => {
  let looks = 0;
  const listed = await listSettled(store, {
    isAsked: () => true,
    list: async () => {
      // The run that had written before has ended.
      await store.close();
      const run = await openStore(root);
      const away = ++looks === 1 ? await takeAway(run) : undefined;
      const found = existsSync(store.path(FOLDER)) ? [FOLDER] : [];
      if (away !== undefined) await rename(away, store.path(FOLDER));
      await run.close();
      return found;
    },
  });
  expect(listed).toEqual([FOLDER]);
  expect(looks).toBeGreaterThan(1);
});

test("a partition of the longest names is marked when it is taken away", () => {
  const name = "X".repeat(64);
  const key = { ...TRADES_KEY, type: "incremental_book_L2", exchange: name, symbol: name } as const;
  const marked = path.basename(replacedPath("/x/1234567", partitionFolder(key)));
  expect(marked).toMatch(/^1234567-.*\.replaced$/);
  expect(marked.length).toBeLessThanOrEqual(255);
});

test("what a run that stands still or another host's had taken away is put back after some looks", async () => {
  for (const host of [undefined, "elsewhere"]) {
    const run = await openStore(root);
    await takeAway(run);
    if (host !== undefined) await kill(run, { host });
    expect((await query(store, COUNT)).rows).toEqual([[3]]);
    expect((await readManifest(store, TRADES_KEY))?.rows).toBe(3);
    await run.close();
  }
});

test("what cannot be put back stops only who asks for it, until a prune takes what is in its way", async () => {
  const run = await openStore(root);
  await takeAway(run);
  await writeTestTrades(store, 4, { symbol: "ETHUSDT" });
  await mkdir(store.path(FOLDER));
  await writeFile(path.join(store.path(FOLDER), ".DS_Store"), "");
  expect((await query(store, `${COUNT} WHERE symbol = 'ETHUSDT'`)).rows).toEqual([[4]]);
  expect(await listPartitions(store, { symbols: ["ETHUSDT"] })).toHaveLength(1);
  expect(await tableFolders(store)).toHaveLength(2);
  const stays = /BTCUSDT.*was taken out of its place.*`npx tickbook store prune --yes`/;
  await expect(query(store, COUNT)).rejects.toThrow(stays);
  // It is not broken: a pull must not mend it.
  await expect(storeSide(store, FOLDER, { verify: false })).rejects.toThrow(stays);
  await kill(run, { host: "elsewhere" });
  expect(await pruneStore(store, { what: "leftovers", isFinal: true })).toMatchObject([
    { folder: FOLDER, why: "no manifest" },
  ]);
  expect((await query(store, COUNT)).rows).toEqual([[7]]);
});

test("what has a successor never comes back: neither after a prune nor after its folder was deleted by hand", async () => {
  for (const remove of [
    () => pruneStore(store, { what: "selected", isFinal: true }),
    async () => {
      await writeTestTrades(await openStore(root), 1, { symbol: "ETHUSDT" });
      await rm(store.path(FOLDER), { recursive: true });
    },
  ]) {
    const run = await openStore(root);
    await takeAway(run);
    await writeTestTrades(store, 5);
    await kill(run, { host: "elsewhere" });
    await remove();
    expect(await readManifest(store, TRADES_KEY)).toBeUndefined();
    expect(await listPartitions(store, { symbols: ["BTCUSDT"] })).toEqual([]);
    await writeTestTrades(store, 3);
  }
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
  let looks = 0;
  const write = async (): Promise<void> => {
    for (let i = 0; looks < LOOKS && i < 600; i++) {
      await writeTestTrades(writer, 3 + (i % 60));
      // Now and then long enough for a look, however slow the machine is.
      await sleep(2 ** (i % 10));
    }
  };
  const writing = write();
  while (looks < LOOKS) {
    const reader = await openStore(root);
    const { price } = await readColumns(reader, TRADES_KEY, ["price"]);
    expect(price!.length).toBeGreaterThanOrEqual(3);
    expect(await listPartitions(reader)).toHaveLength(1);
    const sql = "SELECT count(*), max(price), (SELECT count(*) FROM trades) FROM trades";
    const [rows, highest, again] = (await query(reader, sql)).rows[0]!;
    expect([highest, again]).toEqual([1 + (Number(rows) - 1) / 4, rows]);
    let streamed = 0;
    for await (const batch of readTrades(reader, TRADES_KEY)) streamed += batch.price.length;
    expect(streamed).toBeGreaterThanOrEqual(3);
    await reader.close();
    looks++;
  }
  await writing;
  await writer.close();
  expect(looks).toBe(LOOKS);
}, 120_000);

test("links in the temporary folder are not followed, and nothing is written through one", async () => {
  const outside = await mkdtemp(path.join(tmpdir(), "tickbook-replaced-outside-"));
  const run = await openStore(root);
  const away = await takeAway(run);
  const temporary = path.dirname(away);
  const linked = path.join(outside, path.basename(away));
  await rename(away, linked);
  const isUntouched = async (): Promise<void> => {
    expect(await listPartitions(store)).toEqual([]);
    await store.sweep().catch(() => undefined);
    expect(await readdir(outside)).toEqual([path.basename(away)]);
    expect((await readdir(linked)).sort()).toEqual(["manifest.json", "part-0.parquet"]);
  };
  await symlink(linked, away);
  await isUntouched();
  await rm(away);
  await symlink(outside, path.join(root, ".tmp", "elsewhere-1-x"));
  await symlink(outside, path.join(root, ".spill-elsewhere-1-x"));
  await isUntouched();
  await rm(path.dirname(temporary), { recursive: true });
  await rm(path.join(root, ".spill-elsewhere-1-x"));
  await symlink(outside, path.join(root, ".tmp"));
  await isUntouched();
  await expect(writeTestTrades(await openStore(root), 1)).rejects.toThrow(/^\.tmp: is a link/);
  await isUntouched();
  await rm(path.join(root, ".tmp"));
  await rm(outside, { recursive: true });
});

test("names in the temporary folder lead nowhere else, and no folder that is no partition comes back", async () => {
  const run = await openStore(root);
  const unused = await run.temporaryPath();
  const deep = `${"stage/".repeat(30)}${FOLDER.replace("lake/trades/", "")}`;
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
