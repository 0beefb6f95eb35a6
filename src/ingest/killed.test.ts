import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { builtSources } from "../core/test-build.js";
import { requireIntact } from "../store/integrity.js";
import { listPartitions } from "../store/list.js";
import { openStore } from "../store/store.js";
import { ingest } from "./ingest.js";
import { openSource } from "./open-source.js";
import { vendorPath } from "./vendor-path.js";

const KILLS = 8;
const DAYS = ["2024-08-08", "2024-08-09", "2024-08-10"];
const REQUEST = { exchange: "binance", symbols: ["BTCUSDT"], days: DAYS };

let folder: string;
let built: string;
let mirror: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-killed-"));
  mirror = path.join(folder, "mirror");
  for (const date of DAYS) await writeMirror(date);
  built = await builtSources();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("killed at any moment, an ingest leaves whole partitions only, and the next one completes it", async () => {
  const clean = path.join(folder, "clean");
  await ingestHere(clean);
  const expected = await contents(clean);
  expect(Object.keys(expected)).toHaveLength(2 * DAYS.length);

  const random = seededRandom(5, "kills");
  let found = 0;
  let killed = 0;
  for (let i = 0; i < KILLS; i++) {
    const root = path.join(folder, `store-${i}`);
    const child = startChild(root);
    await firstOutput(child);
    // A whole run of the child takes some hundred milliseconds.
    await sleep(random.uniform() * 500);
    child.kill("SIGKILL");
    if ((await ended(child)) === "SIGKILL") killed++;

    const store = await openStore(root);
    for (const { folder: partition } of await listPartitions(store)) {
      await requireIntact(store, partition);
      found++;
    }
    await store.close();
    for (const [name, hash] of Object.entries(await contents(path.join(root, "lake")))) {
      expect(hash).toBe(expected[path.join("lake", name)]);
    }
    await ingestHere(root);
    expect(await contents(root)).toEqual(expected);
    expect(await readdir(root)).toEqual(["lake"]);
  }
  expect(killed).toBeGreaterThan(KILLS / 3);
  expect(found).toBeLessThan(KILLS * DAYS.length);
});

test("no code of a thread is optimized behind its back, where its end would abort the process", async () => {
  const module = JSON.stringify(path.join(built, "core", "worker-threads.js"));
  const hot = "function hot(n) { let s = 0; for (let i = 0; i < n; i++) s += i % 7; return s; }";
  const thread = JSON.stringify(`${hot} for (let i = 0; i < 3000; i++) hot(1000);`);
  const modesOf = async (first: string): Promise<readonly string[]> => {
    const script = `${first} new (require("node:worker_threads").Worker)(${thread}, { eval: true });`;
    const args = ["--trace-opt", "-e", script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const lines = stdout.split("\n").filter((line) => /compiling method .*\bhot\b/.test(line));
    return [...new Set(lines.map((line) => /ConcurrencyMode::(\w+)/.exec(line)![1]!))];
  };
  expect(await modesOf("")).toContain("kConcurrent");
  expect(await modesOf(`require(${module}).makeThreadsSafeToEnd();`)).toEqual(["kSynchronous"]);
});

async function writeMirror(date: string): Promise<void> {
  const startUs = Date.parse(date) * 1000;
  const lines = ["exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount"];
  for (let i = 0; i < 40_000; i++) {
    const timeUs = startUs + i;
    lines.push(`binance,BTCUSDT,${timeUs},${timeUs},${i < 9},bid,${60_000 + (i % 97)},${i / 8}`);
  }
  const key = {
    type: "incremental_book_L2",
    exchange: "binance",
    symbol: "BTCUSDT",
    date,
  } as const;
  const file = path.join(mirror, vendorPath(key));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, gzipSync(`${lines.join("\n")}\n`, { level: 1 }));
}

async function ingestHere(root: string): Promise<void> {
  const store = await openStore(root);
  const results = await ingest(store, await openSource(mirror), REQUEST);
  expect(results.every(({ status }) => status === "written" || status === "kept")).toBe(true);
  await store.close();
}

function startChild(root: string): ChildProcess {
  const script = `
    const { openStore } = require(${JSON.stringify(path.join(built, "store", "store.js"))});
    const { openSource } = require(${JSON.stringify(path.join(built, "ingest", "open-source.js"))});
    const { ingest } = require(${JSON.stringify(path.join(built, "ingest", "ingest.js"))});
    (async () => {
      const store = await openStore(${JSON.stringify(root)});
      const source = await openSource(${JSON.stringify(mirror)});
      console.log("ready");
      await ingest(store, source, ${JSON.stringify(REQUEST)});
      setInterval(() => undefined, 1000);
    })();`;
  return spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
}

function firstOutput(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout!.once("data", () => resolve());
    child.once("exit", () => reject(new Error("the child ended before it began")));
  });
}

function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(null);
    child.once("exit", (_, signal) => resolve(signal));
  });
}

/** Every file below a folder with its SHA-256, temporary ones left out. */
async function contents(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const name = path.relative(root, file);
    if (!entry.isFile() || name.startsWith(".tmp")) continue;
    files[name] = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
  }
  return files;
}
