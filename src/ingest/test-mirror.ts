import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { dayStartUs } from "../core/time.js";
import { manifestText } from "../store/manifest.js";
import { replacedPath } from "../store/replaced.js";
import { openStore, type Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { temporaryName } from "../store/temporary.js";
import { type IngestedPartition, type IngestOptions, ingest } from "./ingest.js";
import { openSource } from "./open-source.js";
import { vendorPath } from "./vendor-path.js";

/** The partition that most tests are about. */
export const KEY: PartitionKey = {
  type: "trades",
  exchange: "binance",
  symbol: "BTCUSDT",
  date: "2024-08-08",
};

/** The vendor's header of trades. */
export const HEADER = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount";

/** Start of the partition's day. */
export const START_US: number = dayStartUs(KEY.date);

const opened: Store[] = [];
const folders: string[] = [];

/** Closes and removes all that the functions below have made. */
export async function cleanUp(): Promise<void> {
  for (const store of opened.splice(0)) await store.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** An empty folder. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-ingest-"));
  folders.push(folder);
  return folder;
}

/** A store, in a fresh folder unless one is named. */
export async function freshStore(root?: string): Promise<Store> {
  const store = await openStore(root ?? (await freshFolder()));
  opened.push(store);
  return store;
}

/** A mirror of trades files: their bytes by symbol and day, as `BTCUSDT 2024-08-08`. */
export async function mirror(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const root = await freshFolder();
  for (const [name, bytes] of Object.entries(files)) {
    const [symbol, date] = name.split(" ") as [string, string];
    const file = path.join(root, vendorPath({ ...KEY, symbol, date }));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return root;
}

/** A csv.gz of lines. */
export function csv(rows: readonly string[], header: string = HEADER): Buffer {
  return gzipSync([header, ...rows].map((row) => `${row}\n`).join(""));
}

/** A trade's line, `i` µs after the day's start; `change` replaces fields by name. */
export function trade(i: number, change: Readonly<Record<string, string>> = {}): string {
  const row = {
    exchange: "binance",
    symbol: "BTCUSDT",
    timestamp: String(START_US + i),
    local_timestamp: String(START_US + i),
    id: String(i),
    side: "buy",
    price: "60000.5",
    amount: "0.25",
    ...change,
  };
  return Object.values(row).join(",");
}

/** Ingests from a folder; what is not said is as in `KEY`. */
export async function ingestFrom(
  root: string,
  store: Store,
  options: Partial<IngestOptions> = {},
): Promise<readonly IngestedPartition[]> {
  const source = await openSource(root);
  const { exchange, symbol, date } = KEY;
  return ingest(store, source, { exchange, symbols: [symbol], days: [date], ...options });
}

/** Takes a partition out of its place, as a run does that is killed while it puts another there. */
export async function takeAway({ root }: Store, folder: string): Promise<void> {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const left = temporaryName().replace(`-${process.pid}-`, `-${pid}-`);
  const run = path.join(root, ".tmp", left);
  await mkdir(run, { recursive: true });
  await rename(path.join(root, folder), replacedPath(path.join(run, "0"), folder));
}

/** Makes a partition one that a newer version wrote. */
export async function makeNewer(store: Store, folder: string): Promise<void> {
  const file = store.path(`${folder}/manifest.json`);
  const { sha256: _, ...manifest } = JSON.parse(await readFile(file, "utf8"));
  const newer = { ...manifest, format: 99 };
  const sha256 = createHash("sha256").update(manifestText(newer)).digest("hex");
  await writeFile(file, manifestText({ ...newer, sha256 }));
}

/** Every file of a store with its SHA-256. */
export async function contents(root: string): Promise<Record<string, string>> {
  const names = (await readdir(root, { recursive: true })).sort();
  const files: Record<string, string> = {};
  for (const name of names.filter((file) => /\.(parquet|json|csv)$/.test(file))) {
    const bytes = await readFile(path.join(root, name));
    files[name] = createHash("sha256").update(bytes).digest("hex");
  }
  return files;
}
