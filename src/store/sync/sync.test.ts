import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { writeDerived } from "../derived.js";
import { requireIntact } from "../integrity.js";
import { manifestText } from "../manifest.js";
import { partitionFolder } from "../partition.js";
import type { Store } from "../store.js";
import { TRADES_KEY, writeTestTrades } from "../test-trades.js";
import type { SyncedTable } from "./synced-table.js";
import { PREFIX, statuses, syncScene, tree, writeLarge } from "./test-scene.js";

const FOLDER = partitionFolder(TRADES_KEY);
const DAY = "exchange=binance/symbol=BTCUSDT/date=2024-08-08";
const scene = syncScene();

/** Some days of trades, candles and features; what rows were rejected is beside one of them. */
async function fullStore(name: string): Promise<Store> {
  const store = await scene.store(name);
  await writeTestTrades(store, 3);
  await writeTestTrades(store, 4, { date: "2024-08-09" });
  await writeTestTrades(store, 5, { symbol: "ETHUSDT" });
  await writeTestTrades(store, 6, { exchange: "bitmex", symbol: "XBTUSD" });
  await writeDerived(store, `candles/${DAY}`, { close: Float64Array.of(1) }, {});
  await writeDerived(store, `features/bar=1m/${DAY}`, { x: Float64Array.of(1, 2) }, {});
  return store;
}

/** What the bucket holds below the test's prefix. */
async function inBucket(): Promise<Record<string, Buffer>> {
  const objects = Object.entries(await scene.server.objects(scene.bucket));
  return Object.fromEntries(objects.map(([key, body]) => [key.replace(`${PREFIX}/`, ""), body]));
}

/** Kinds of requests since the test began, or since they were forgotten. */
function asked(): readonly string[] {
  return scene.proxy.requests
    .splice(0)
    .map(({ method, url }) => (url.includes("list-type=2") ? "LIST" : method));
}

test("a push fills an empty bucket, and a pull into an empty store gives the same tree to the byte", async () => {
  const source = await fullStore("source");
  const pushed = await scene.push(source, { filter: { isAll: true } });
  expect(statuses(pushed)).toEqual(new Array(6).fill("copied"));
  const target = await scene.store("target");
  const pulled = await scene.pull(target, { filter: { isAll: true } });
  expect(pulled).toEqual(pushed);
  expect(await tree(target)).toEqual(await tree(source));
});

test("every object of a table carries its SHA-256 in its name but the manifest, which is the store's", async () => {
  const source = await scene.store("source");
  const { files } = await writeTestTrades(source, 3);
  await scene.push(source);
  const sha256 = files["part-0.parquet"]!.sha256;
  const objects = await inBucket();
  expect(Object.keys(objects)).toEqual([
    `${FOLDER}/manifest.json`,
    `${FOLDER}/part-0.${sha256}.parquet`,
  ]);
  expect(objects[`${FOLDER}/manifest.json`]).toEqual(
    await readFile(source.path(`${FOLDER}/manifest.json`)),
  );
  const parquet = objects[`${FOLDER}/part-0.${sha256}.parquet`]!;
  expect(createHash("sha256").update(parquet).digest("hex")).toBe(sha256);
});

test("what was moved once is kept: the next runs ask for a list and nothing else", async () => {
  const source = await fullStore("source");
  const target = await scene.store("target");
  await scene.push(source);
  await scene.pull(target);
  asked();
  expect(statuses(await scene.push(source))).toEqual(new Array(5).fill("kept"));
  expect(asked()).toEqual(["LIST"]);
  expect(statuses(await scene.pull(target))).toEqual(new Array(5).fill("kept"));
  expect(asked()).toEqual(["LIST"]);
});

test("a filter moves what it takes in both directions; computed tables need isAll", async () => {
  const source = await fullStore("source");
  const folders = (tables: readonly SyncedTable[]): readonly string[] =>
    tables.map(({ folder }) => folder);
  const wanted = [
    [{ exchange: "bitmex" }, ["lake/trades/exchange=bitmex/symbol=XBTUSD/date=2024-08-08"]],
    [{ from: "2024-08-09" }, [FOLDER.replace("08-08", "08-09")]],
    [{ types: ["candles"] }, [`candles/${DAY}`]],
    [{ types: ["features"], isAll: true }, [`features/bar=1m/${DAY}`]],
    [{ symbols: ["ETHUSDT"], to: "2024-08-09" }, [FOLDER.replace("BTC", "ETH")]],
  ] as const;
  for (const [filter, expected] of wanted) {
    expect(folders(await scene.push(source, { filter }))).toEqual(expected);
  }
  await scene.push(source, { filter: { isAll: true } });
  for (const [i, [filter, expected]] of wanted.entries()) {
    const target = await scene.store(`target-${i}`);
    expect(folders(await scene.pull(target, { filter }))).toEqual(expected);
    const files = Object.keys(await tree(target)).filter((name) => name.endsWith(".json"));
    expect(files).toEqual(expected.map((folder) => `${folder}/manifest.json`));
  }
  expect(await scene.pull(await scene.store("all"))).toHaveLength(5);
});

test("another content on the other side is a conflict and stays, until it is to be replaced", async () => {
  const [one, other] = [await scene.store("one"), await scene.store("other")];
  const first = await writeTestTrades(one, 3);
  const second = await writeTestTrades(other, 5);
  await scene.push(one);
  const before = await inBucket();
  for (const move of [scene.push, scene.pull]) {
    const [table] = await move(other);
    expect(table).toMatchObject({
      status: "conflict",
      reason: expect.stringMatching(/--overwrite/),
    });
  }
  expect(await inBucket()).toEqual(before);
  expect((await requireIntact(other, FOLDER)).sha256).toBe(second.sha256);

  expect(await scene.push(other, { overwrite: true })).toMatchObject([
    { status: "replaced", sha256: second.sha256, rows: 5 },
  ]);
  expect(await scene.pull(one)).toMatchObject([{ status: "conflict", sha256: second.sha256 }]);
  expect((await requireIntact(one, FOLDER)).sha256).toBe(first.sha256);
  expect(statuses(await scene.pull(one, { overwrite: true }))).toEqual(["replaced"]);
  expect(await tree(one)).toEqual(await tree(other));
});

test("what is damaged in the bucket fails a pull with how to mend it, and a push mends it", async () => {
  const source = await scene.store("source");
  const { files } = await writeTestTrades(source, 30);
  await scene.push(source);
  const whole = await scene.server.objects(scene.bucket);
  const manifest = `${PREFIX}/${FOLDER}/manifest.json`;
  const parquet = `${PREFIX}/${FOLDER}/part-0.${files["part-0.parquet"]!.sha256}.parquet`;
  const flipped = Buffer.from(whole[parquet]!);
  flipped[flipped.length >> 1]! ^= 1;
  const { put, remove } = scene.server;
  const damages: readonly (readonly [RegExp, boolean, () => Promise<void>])[] = [
    [/had SHA-256 \w+, its manifest says/, true, () => put(scene.bucket, parquet, flipped)],
    [/has 3 bytes, its manifest says/, false, () => put(scene.bucket, parquet, "cut")],
    [/is not in the bucket/, false, () => remove(scene.bucket, parquet)],
    [/was not valid JSON/, false, () => put(scene.bucket, manifest, "{")],
    [/no manifest has/, false, () => put(scene.bucket, manifest, "x".repeat(5 << 20))],
    [/was altered/, false, () => put(scene.bucket, manifest, `${whole[manifest]} `)],
  ];
  for (const [i, [reason, onlyVerified, damage]] of damages.entries()) {
    await damage();
    const target = await scene.store(`target-${i}`);
    const [failed] = await scene.pull(target);
    expect(failed).toMatchObject({ status: "failed", reason: expect.stringMatching(reason) });
    expect(await tree(target)).not.toHaveProperty("lake");
    if (onlyVerified) expect(statuses(await scene.push(source))).toEqual(["kept"]);
    const mended = await scene.push(source, { verify: onlyVerified });
    expect(mended).toMatchObject([{ status: "mended", reason: expect.stringMatching(reason) }]);
    expect(await scene.server.objects(scene.bucket)).toEqual(whole);
    expect(statuses(await scene.pull(target, { verify: true }))).toEqual(["copied"]);
  }
});

test("what is damaged in the store is never pushed, and a pull mends it: what has one flipped bit with verify", async () => {
  const source = await scene.store("source");
  const store = await scene.store("store");
  await writeTestTrades(source, 30);
  await scene.push(source);
  await scene.pull(store);
  const expected = await tree(store);
  const file = store.path(`${FOLDER}/part-0.parquet`);
  const flipped = await readFile(file);
  flipped[flipped.length >> 1]! ^= 1;
  for (const [bytes, verify] of [
    [flipped, true],
    [flipped.subarray(1), false],
  ] as const) {
    await writeFile(file, bytes);
    const [pushed] = await scene.push(store, { overwrite: true, verify });
    expect(pushed).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/ingest --ver/),
    });
    if (verify) expect(statuses(await scene.pull(store))).toEqual(["kept"]);
    expect(statuses(await scene.pull(store, { verify }))).toEqual(["mended"]);
    expect(await tree(store)).toEqual(expected);
  }
  await writeFile(store.path(`${FOLDER}/manifest.json`), "{}");
  expect(statuses(await scene.pull(store))).toEqual(["mended"]);
  expect(await tree(store)).toEqual(expected);
});

test("a store that was damaged after it was looked at is not pushed: nothing of it counts in the bucket", async () => {
  const source = await scene.store("source");
  await writeTestTrades(source, 30);
  const file = source.path(`${FOLDER}/part-0.parquet`);
  const flipped = await readFile(file);
  flipped[flipped.length >> 1]! ^= 1;
  await writeFile(file, flipped);
  const [pushed] = await scene.push(source);
  expect(pushed).toMatchObject({ status: "failed", reason: expect.stringMatching(/had SHA-256/) });
  expect(await inBucket()).toEqual({});
});

test("a dry run says what a run would do and changes neither side", async () => {
  const [one, other] = [await fullStore("one"), await scene.store("other")];
  await scene.push(one, { filter: { to: "2024-08-09" } });
  await writeTestTrades(other, 9);
  const before = [await tree(one), await tree(other), await inBucket()];
  for (const [move, store, expected] of [
    [scene.push, one, { copied: 1, kept: 4 }],
    [scene.push, other, { conflict: 1 }],
    [scene.pull, other, { copied: 3, conflict: 1 }],
  ] as const) {
    const planned = await move(store, { dryRun: true });
    expect([await tree(one), await tree(other), await inBucket()]).toEqual(before);
    const counts: Record<string, number> = {};
    for (const { status } of planned) counts[status] = (counts[status] ?? 0) + 1;
    expect(counts).toEqual(expected);
  }
  expect(scene.proxy.requests.filter(({ method }) => method === "PUT")).toHaveLength(8);
});

test("a file of more than 8 MiB goes by parts that the server checks, and comes back as it was", async () => {
  const source = await scene.store("source");
  await writeLarge(source, 9 << 20);
  expect(statuses(await scene.push(source))).toEqual(["copied"]);
  const parts = scene.proxy.requests.filter(({ url }) => url.includes("partNumber="));
  expect(parts.map(({ body }) => body.length >> 20).sort()).toEqual([1, 8]);
  for (const { body, headers } of parts) {
    const sha256 = createHash("sha256").update(body).digest("base64");
    expect(headers["x-amz-checksum-sha256"]).toBe(sha256);
  }
  expect(await scene.server.unfinished(scene.bucket)).toEqual([]);
  const target = await scene.store("target");
  expect(statuses(await scene.pull(target))).toEqual(["copied"]);
  expect(await tree(target)).toEqual(await tree(source));
});

test("another version's table is a conflict on the other side, and cannot be the source", async () => {
  const store = await scene.store("store");
  await writeTestTrades(store, 3);
  await scene.push(store);
  const { sha256: _, ...manifest } = JSON.parse(
    await readFile(store.path(`${FOLDER}/manifest.json`), "utf8"),
  );
  const newer = { ...manifest, format: 99 };
  const sha256 = createHash("sha256").update(manifestText(newer)).digest("hex");
  const text = manifestText({ ...newer, sha256 });
  await scene.server.put(scene.bucket, `${PREFIX}/${FOLDER}/manifest.json`, text);
  const reason = expect.stringMatching(/format: was 99, this version reads 3/);
  expect(await scene.push(store)).toMatchObject([{ status: "conflict", reason }]);
  expect(await scene.pull(store)).toMatchObject([{ status: "failed", reason }]);
  expect(statuses(await scene.push(store, { overwrite: true }))).toEqual(["replaced"]);
});

test("prefixes of a bucket do not see each other, and what is no table is left alone", async () => {
  const store = await scene.store("store");
  await writeTestTrades(store, 3);
  await scene.push(store);
  await scene.server.put(scene.bucket, `${PREFIX}/registry/models/a/1/weights.bin`, "w");
  await scene.server.put(scene.bucket, `${PREFIX}/registry/${DAY}/manifest.json`, "{}");
  await scene.server.put(scene.bucket, `${PREFIX}-more/${FOLDER}/manifest.json`, "{}");
  await scene.server.put(scene.bucket, `${FOLDER}/manifest.json`, "{}");
  const before = await scene.server.objects(scene.bucket);
  const target = await scene.store("target");
  const all = { filter: { isAll: true } };
  expect(statuses(await scene.pull(target, all))).toEqual(["copied"]);
  expect(statuses(await scene.push(target, all))).toEqual(["kept"]);
  expect(await scene.server.objects(scene.bucket)).toEqual(before);
  await rm(target.root, { recursive: true });
  expect(await scene.push(target, all)).toEqual([]);
});
