import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { builtSources } from "../../core/test-build.js";
import { requireIntact } from "../integrity.js";
import type { Store } from "../store.js";
import { tableFolders } from "../table-folders.js";
import { writeTestTrades } from "../test-trades.js";
import { passOn } from "./test-s3-proxy.js";
import { statuses, syncScene, tree, writeLarge } from "./test-scene.js";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGKILL", "SIGINT", "SIGKILL", "SIGTERM"];
const KILLS = SIGNALS.length;
const DAYS = ["2024-08-08", "2024-08-09"];
const scene = syncScene();

let built: string;

beforeAll(async () => {
  built = await builtSources();
});

/** Two days in a few bytes, and one that goes by parts. */
async function sourceStore(): Promise<Store> {
  const store = await scene.store("source");
  for (const date of DAYS) await writeTestTrades(store, 2000, { date });
  await writeLarge(store, 9 << 20, "2024-08-10");
  return store;
}

/** Runs a push or pull in a process of its own, which prints what became of the tables. */
function startChild(
  direction: "push" | "pull",
  root: string,
  { limitKib }: { readonly limitKib?: number } = {},
): ChildProcess {
  const script = `
    const { openStore } = require(${JSON.stringify(path.join(built, "store", "store.js"))});
    const { syncStore } = require(${JSON.stringify(path.join(built, "store", "sync", "sync.js"))});
    const [root, url, direction] = process.argv.slice(1);
    (async () => {
      const store = await openStore(root);
      console.log(JSON.stringify(await syncStore(store, url, { direction })));
      await store.close();
    })();`;
  const node = [process.execPath, "-e", script, root, scene.url, direction];
  const limit = limitKib === undefined ? "" : `ulimit -f ${2 * limitKib};`;
  const shell = ["-c", `${limit} exec "$@"`, "sh", ...node];
  return spawn("sh", shell, { stdio: ["ignore", "pipe", "inherit"] });
}

/** Ends a child by a signal some moments after one of its requests was answered or, as often, instead of answering it. */
async function killAt(
  request: number,
  random: ReturnType<typeof seededRandom>,
  start: () => ChildProcess,
  signal: NodeJS.Signals,
): Promise<NodeJS.Signals | null> {
  const delayMs = random.uniform() * 15;
  const isAnswered = random.uniform() < 0.5;
  let count = 0;
  const child = start();
  const end = once(child, "exit");
  scene.proxy.answer = async (_, forward) => {
    const isLast = ++count === request;
    const answer = await forward();
    if (!isLast) return answer;
    if (!isAnswered) {
      child.kill(signal);
      return undefined;
    }
    void sleep(delayMs).then(() => child.kill(signal));
    return answer;
  };
  const [, by] = (await end) as [number | null, NodeJS.Signals | null];
  scene.proxy.answer = passOn;
  return by;
}

/** Hashes of all objects, by key. */
async function inBucket(): Promise<Readonly<Record<string, string>>> {
  const objects = Object.entries(await scene.server.objects(scene.bucket));
  const hash = (body: Buffer): string => createHash("sha256").update(body).digest("hex");
  return Object.fromEntries(objects.map(([key, body]) => [key, hash(body)]));
}

async function emptyBucket(): Promise<void> {
  for (const key of await scene.server.keys(scene.bucket)) {
    await scene.server.remove(scene.bucket, key);
  }
}

test("killed at any request, a push leaves whole tables only, and the next one completes it", async () => {
  const source = await sourceStore();
  await scene.push(source);
  const expected = await inBucket();
  const requests = scene.proxy.requests.length;
  const random = seededRandom(11, "kills");
  let killed = 0;
  let left = 0;
  for (const signal of SIGNALS) {
    await emptyBucket();
    const at = 2 + Math.floor(random.uniform() * (requests - 2));
    const start = (): ChildProcess => startChild("push", source.root);
    if ((await killAt(at, random, start, signal)) === signal) killed++;
    // What counts in the bucket is a manifest with all that belongs to it.
    const found = await inBucket();
    const folders = Object.keys(found).filter((key) => key.endsWith("/manifest.json"));
    for (const folder of folders.map(path.posix.dirname)) {
      const isOfIt = ([key]: readonly [string, string]): boolean => key.startsWith(folder);
      expect(Object.entries(found).filter(isOfIt)).toEqual(Object.entries(expected).filter(isOfIt));
      left++;
    }

    expect(statuses(await scene.push(source))).not.toContain("failed");
    expect(await inBucket()).toEqual(expected);
  }
  expect(statuses(await scene.push(source, { verify: true }))).toEqual(["kept", "kept", "kept"]);
  expect(killed).toBeGreaterThan(KILLS / 3);
  expect(left).toBeLessThan(KILLS * 3);
});

test("killed at any moment, a pull leaves whole partitions only, and the next one completes it", async () => {
  const source = await sourceStore();
  await scene.push(source);
  const expected = await tree(source);
  scene.proxy.requests.length = 0;
  await scene.pull(await scene.store("clean"));
  const requests = scene.proxy.requests.length;
  const random = seededRandom(12, "kills");
  let killed = 0;
  let left = 0;
  for (const [i, signal] of SIGNALS.entries()) {
    const store = await scene.store(`store-${i}`);
    const at = 1 + Math.floor(random.uniform() * requests);
    const start = (): ChildProcess => startChild("pull", store.root);
    if ((await killAt(at, random, start, signal)) === signal) killed++;
    for (const { folder } of await tableFolders(store)) {
      await requireIntact(store, folder);
      left++;
    }
    expect(statuses(await scene.pull(store))).toHaveLength(3);
    expect(await tree(store)).toEqual(expected);
    expect(await readdir(store.root)).toEqual(["lake"]);
  }
  expect(killed).toBeGreaterThan(KILLS / 3);
  expect(left).toBeLessThan(KILLS * 3);
});

test("a disk without room fails the tables that do not fit, in a sentence, and leaves nothing of them", async () => {
  const source = await sourceStore();
  await scene.push(source);
  const store = await scene.store("store");
  const child = startChild("pull", store.root, { limitKib: 1024 });
  let printed = "";
  child.stdout!.on("data", (chunk) => (printed += String(chunk)));
  await once(child, "close");
  expect(JSON.parse(printed)).toMatchObject([
    { status: "copied" },
    { status: "copied" },
    { status: "failed", reason: expect.stringMatching(/the disk is full; make room and run/) },
  ]);
  expect(await readdir(store.root)).toEqual(["lake"]);
  expect(statuses(await scene.pull(store))).toEqual(["kept", "kept", "copied"]);
  expect(await tree(store)).toEqual(await tree(source));
});
