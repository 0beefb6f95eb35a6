import { spawn } from "node:child_process";
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { DataError, OptionError } from "../core/errors.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { readDerived, readDerivedManifest, wholeDerivedManifest, writeDerived } from "./derived.js";
import { listPartitions } from "./list.js";
import { query } from "./query.js";
import { readColumns, readManifest, readTrades } from "./read.js";
import { openStore, type Store } from "./store.js";
import { tableFolders } from "./table-folders.js";
import { TRADES_KEY as KEY, writeTestTrades as writeTrades } from "./test-trades.js";

const FOLDER = "lake/trades/exchange=binance/symbol=BTCUSDT/date=2024-08-08";

const opened: Store[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-store-"));
  folders.push(folder);
  return folder;
}

async function open(root: string): Promise<Store> {
  const store = await openStore(root);
  opened.push(store);
  return store;
}

test("opening a store creates nothing; a root that cannot be made is wrong usage", async () => {
  const root = path.join(await freshFolder(), "data");
  const store = await open(root);
  expect(await listPartitions(store)).toEqual([]);
  await expect(stat(root)).rejects.toThrow("ENOENT");
  await store.temporaryPath();
  await store.close();
  await expect(stat(root)).rejects.toThrow("ENOENT");

  await writeFile(root, "a file is in the way");
  for (const place of [root, path.join(root, "below"), "/proc/nothing", "/dev/null/x"]) {
    await expect(writeTrades(await open(place), 1)).rejects.toThrow(OptionError);
  }
});

test("trades come back in stored order, equal to the bit, over many batches", async () => {
  const store = await open(path.join(await freshFolder(), "it's a [1] *folder"));
  const rows = 300_001;
  const manifest = await writeTrades(store, rows);
  const startUs = dayStartUs(KEY.date);
  expect(manifest).toMatchObject({ rows, first: { localTimestampUs: startUs } });
  expect(manifest.last?.timestampUs).toBe(startUs + rows - 8);
  let row = 0;
  let wrong = 0;
  for await (const batch of readTrades(store, KEY)) {
    for (let i = 0; i < batch.price.length; i++, row++) {
      if (batch.localTimestampUs[i] !== startUs + row) wrong++;
      if (batch.timestampUs[i] !== startUs + row - 7) wrong++;
      if (batch.side[i] !== (row % 3) - 1) wrong++;
      if (batch.price[i] !== 1 + row / 4 || batch.amount[i] !== 0.1 * (row + 1)) wrong++;
    }
  }
  expect({ row, wrong }).toEqual({ row: rows, wrong: 0 });
  const { id } = await readColumns(store, KEY, ["id"]);
  expect([id![0], id![rows - 1]]).toEqual(["id'0", `id'${rows - 1}`]);
});

test("a store whose name could be a pattern is itself, also beside one that the pattern fits", async () => {
  const folder = await freshFolder();
  const named = await open(path.join(folder, "data [1]?*"));
  await writeTrades(named, 3);
  await writeTrades(await open(path.join(folder, "data 1xy")), 5);
  expect((await query(named, "SELECT count(*)::INTEGER FROM trades")).rows).toEqual([[3]]);
  for await (const { price } of readTrades(named, KEY)) expect(price).toHaveLength(3);
});

test("the same rows give the same bytes in another store", async () => {
  const read = async (): Promise<Record<string, string>> => {
    const root = await freshFolder();
    await writeTrades(await open(root), 5000);
    const texts: Record<string, string> = {};
    for (const name of await readdir(path.join(root, FOLDER))) {
      texts[name] = await readFile(path.join(root, FOLDER, name), "base64");
    }
    return texts;
  };
  expect(await read()).toEqual(await read());
});

test("a derived table keeps numbers, NaN, masks of 64 bits and texts", async () => {
  const store = await open(await freshFolder());
  const columns = {
    bar_end_us: Float64Array.of(60e6, 120e6, Number.NaN),
    mid: Float64Array.of(0.1, Number.NaN, -0),
    valid: BigUint64Array.of(0n, 2n ** 64n - 1n, 1n << 53n),
    bars: Int32Array.of(-5, 0, 2 ** 31 - 1),
    source: "simulated",
    verdict: ["good", "bad", "usable"],
  };
  await writeDerived(store, "features/bar=1m/date=2024-08-08", columns, { inputs: ["abc"] });
  const table = await readDerived(store, "features/bar=1m/date=2024-08-08");
  expect(table.columns).toEqual({ ...columns, source: ["simulated", "simulated", "simulated"] });
  expect(table.manifest).toMatchObject({ rows: 3, origin: { inputs: ["abc"] } });
  expect(table.manifest.columns[0]).toEqual({ name: "bar_end_us", type: "BIGINT" });
  expect(await readDerivedManifest(store, "features/bar=5m/date=2024-08-08")).toBeUndefined();
  for (const folder of ["../x", "lake/trades", "a//b", "a/.b", "/a", "a'b"]) {
    await expect(writeDerived(store, folder, columns, {})).rejects.toThrow(OptionError);
  }
});

test("an altered file and a cut file are refused with file and command", async () => {
  const root = await freshFolder();
  await writeTrades(await open(root), 1000);
  const damage = async (change: (folder: string) => Promise<void>): Promise<Store> => {
    const copy = await freshFolder();
    await cp(root, copy, { recursive: true });
    await change(path.join(copy, FOLDER));
    return open(copy);
  };
  const readAll = async (store: Store): Promise<void> => {
    for await (const _ of readTrades(store, KEY));
  };
  const flipped = await damage(async (folder) => {
    const bytes = await readFile(path.join(folder, "part-0.parquet"));
    bytes[2000]! ^= 1;
    await writeFile(path.join(folder, "part-0.parquet"), bytes);
  });
  await expect(readAll(flipped)).rejects.toThrow(/part-0.parquet: had SHA-256 .*tickbook ingest/);
  await expect(query(flipped, "SELECT count(*) FROM trades")).rejects.toThrow(DataError);
  const longer = await damage((folder) => appendFile(path.join(folder, "part-0.parquet"), "x"));
  await expect(readAll(longer)).rejects.toThrow(/had \d+ bytes, its manifest says/);
  await expect(readAll(await open(await freshFolder()))).rejects.toThrow(/is not in the store/);
});

test("a damaged derived table is refused with the command that makes it again", async () => {
  const root = await freshFolder();
  const place = "exchange=binance/symbol=BTCUSDT/date=2024-08-08";
  for (const [folder, command] of [
    [`features/bar=5m/${place}`, /`npx tickbook features .* --from 2024-08-08 --bar 5m`/],
    [
      `audit/${place}`,
      /`npx tickbook audit --exchange binance --symbols BTCUSDT --from 2024-08-08`/,
    ],
  ] as const) {
    await writeDerived(await open(root), folder, { x: Float64Array.of(1) }, {});
    await appendFile(path.join(root, folder, "part-0.parquet"), "x");
    const store = await open(root);
    await expect(readDerived(store, folder)).rejects.toThrow(command);
    expect(await wholeDerivedManifest(store, folder)).toBeUndefined();
    expect(await readDerivedManifest(store, folder)).toMatchObject({ rows: 1 });
  }
});

test("SQL sees partitions as views, typed when empty, and cannot leave the store", async () => {
  const root = await freshFolder();
  const store = await open(root);
  const sum = "SELECT count(*) AS n, max(date)::VARCHAR AS day, sum(price) AS s FROM trades";
  expect((await query(store, sum)).rows).toEqual([[0, null, null]]);
  await writeTrades(store, 3);
  await writeTrades(store, 2, { date: "2024-08-09" });
  expect(await query(store, sum)).toEqual({
    columns: ["n", "day", "s"],
    types: ["BIGINT", "VARCHAR", "DOUBLE"],
    rows: [[5, "2024-08-09", 3.75 + 2.25]],
  });
  const times = await query(store, "SELECT max(local_timestamp) - 1 FROM trades");
  expect(times.rows).toEqual([[dayStartUs(KEY.date) + DAY_US]]);
  const outside = path.join(await freshFolder(), "out.csv");
  for (const sql of [
    `COPY trades TO '${outside}'`,
    "SELECT * FROM read_text('/etc/hostname')",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "SELECT * FROM missing",
  ]) {
    await expect(query(store, sql)).rejects.toThrow(OptionError);
  }
});

test("tables are listed however deep they lie", async () => {
  const store = await open(await freshFolder());
  const deep = `${"stage/".repeat(9)}exchange=binance/symbol=BTCUSDT/date=2024-08-08`;
  await writeDerived(store, deep, { x: Float64Array.of(1) }, {});
  expect(await tableFolders(store, { isAll: true })).toMatchObject([{ folder: deep }]);
});

test("names that are no names never become a path", async () => {
  const store = await open(await freshFolder());
  for (const symbol of ["../x", "/etc", "a\0b", "a'b", "", ".", "..", "a;--", "a/b"]) {
    await expect(writeTrades(store, 1, { symbol })).rejects.toThrow(OptionError);
    await expect(readManifest(store, { ...KEY, exchange: symbol })).rejects.toThrow(OptionError);
  }
});

test("writers of one partition at once leave one whole partition and no temporary files", async () => {
  const root = await freshFolder();
  const stores = await Promise.all([1, 2, 3].map(() => open(root)));
  await Promise.all(stores.flatMap((store) => [writeTrades(store, 500), writeTrades(store, 500)]));
  for (const store of stores) await store.close();
  const fresh = await open(root);
  expect((await listPartitions(fresh)).map(({ manifest }) => manifest.rows)).toEqual([500]);
  for await (const batch of readTrades(fresh, KEY)) expect(batch.price.length).toBe(500);
  expect(await readdir(root)).toEqual(["lake"]);
});

test("a store that was left alone for a day writes again after another run has swept its folder", async () => {
  const root = path.join(await freshFolder(), "data");
  const idle = await open(root);
  await writeTrades(idle, 1);
  const yesterday = Date.now() / 1000 - 25 * 3600;
  await utimes(path.dirname(await idle.temporaryPath()), yesterday, yesterday);
  expect(await idle.leftovers()).toEqual([]);
  await (await open(root)).sweep();
  await expect(stat(path.join(root, ".tmp"))).rejects.toThrow("ENOENT");
  await writeTrades(idle, 2);
  expect((await readManifest(idle, KEY))?.rows).toBe(2);
});

test("what a killed run left is swept; what a living one writes is not", async () => {
  const root = await freshFolder();
  const living = await open(root);
  const kept = path.dirname(await living.temporaryPath());
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.on("exit", resolve));
  const dead = path.basename(kept).replace(`-${process.pid}-`, `-${child.pid}-`);
  await cp(kept, path.join(root, ".tmp", dead), { recursive: true });
  // Of another container with this host's name, whose process ids are not ours to ask for.
  const elsewhere = `${dead.split("-")[0]}9-${child.pid}-x`;
  await mkdir(path.join(root, ".tmp", elsewhere));
  for (const name of [dead, path.basename(kept)]) await mkdir(path.join(root, `.spill-${name}`));
  expect([...(await living.leftovers())].sort()).toEqual([`.spill-${dead}`, `.tmp/${dead}`]);
  await writeTrades(await open(root), 1);
  const left = await readdir(path.join(root, ".tmp"));
  expect(left).toContain(path.basename(kept));
  expect(left).toContain(elsewhere);
  expect(left).not.toContain(dead);
  expect(await readdir(root)).toContain(`.spill-${path.basename(kept)}`);
  expect(await readdir(root)).not.toContain(`.spill-${dead}`);
});
