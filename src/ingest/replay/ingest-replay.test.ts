import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { dayStartUs } from "../../core/time.js";
import { startDatasetServer } from "../../simulate/dataset-server.js";
import { requireIntact } from "../../store/integrity.js";
import type { TickManifest } from "../../store/manifest.js";
import { partitionFolder } from "../../store/partition.js";
import type { Store } from "../../store/store.js";
import type { DataType } from "../../store/tables.js";
import { ingest } from "../ingest.js";
import { openSource } from "../open-source.js";
import { planIngest } from "../plan.js";
import { cleanUp, contents, csv, freshStore, mirror, trade } from "../test-mirror.js";
import { type IngestReplayOptions, ingestReplay, type ReplayedPartition } from "./ingest-replay.js";
import { openReplaySource } from "./open-slices.js";
import type { SliceSource } from "./slice-source.js";
import {
  busyMinutes,
  DATE,
  EXCHANGE,
  gzipLines,
  rawDepth,
  rawLine,
  rawMirror,
  rawTrade,
} from "./test-raw-feed.js";

afterEach(cleanUp);

const BTC = { exchange: EXCHANGE, symbols: ["BTCUSDT"], days: [DATE] };

async function replayFrom(
  root: string | SliceSource,
  store: Store,
  options: Partial<IngestReplayOptions> = {},
): Promise<readonly ReplayedPartition[]> {
  const source = typeof root === "string" ? await openReplaySource(root) : root;
  try {
    return await ingestReplay(store, source, { ...BTC, ...options });
  } finally {
    source.close();
  }
}

async function manifestOf(store: Store, type: DataType): Promise<TickManifest> {
  const key = { exchange: EXCHANGE, symbol: "BTCUSDT", date: DATE, type };
  return (await requireIntact(store, partitionFolder(key))) as TickManifest;
}

/** The one reason of a run that must have failed, with nothing left of it. */
async function failure(minutes: Readonly<Record<number, Buffer>>, type: DataType): Promise<string> {
  const store = await freshStore();
  const [day] = await replayFrom(await rawMirror(minutes), store, { types: [type] });
  expect(day).toMatchObject({ status: "failed", rows: 0, sha256: null });
  expect(await contents(store.root)).toEqual({});
  const [run] = await readdir(store.path(".tmp"));
  expect(await readdir(store.path(`.tmp/${run}`))).toEqual([]);
  return day!.reason!;
}

test("a day is replayed, kept the second time, and replayed anew when it is damaged", async () => {
  const root = await rawMirror(busyMinutes());
  const store = await freshStore();
  const first = await replayFrom(root, store);
  expect(first.map(({ type, status, rows, missing }) => [type, status, rows, missing])).toEqual([
    ["trades", "written", 3, ["00:03-23:59"]],
    ["incremental_book_L2", "written", 7, ["00:03-23:59"]],
    ["quotes", "written", 2, ["00:03-23:59"]],
  ]);
  const { source } = await manifestOf(store, "trades");
  expect(source).toMatchObject({ kind: "replay", minutes: 3, silent: 0 });
  expect(source.path).toBe(
    'data-feeds/binance?from=2024-03-01&filters=[{"channel":"trade","symbols":["btcusdt"]}]',
  );
  const before = await contents(store.root);
  const again = await replayFrom(root, store);
  expect(again).toEqual(first.map((day) => ({ ...day, status: "kept" })));
  const file = Object.keys(before).find((name) => /trades.*parquet$/.test(name))!;
  const bytes = await readFile(store.path(file));
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  await writeFile(store.path(file), bytes);
  const verified = await replayFrom(root, store, { verify: true });
  expect(verified.map(({ status }) => status)).toEqual(["written", "kept", "kept"]);
  expect(await contents(store.root)).toEqual(before);
}, 120_000);

test("what is found damaged and the source no longer has has failed, and is not absent", async () => {
  const store = await freshStore();
  const types = ["trades"];
  await replayFrom(await rawMirror(busyMinutes()), store, { types });
  const [table] = Object.keys(await contents(store.root)).filter((name) => /parquet$/.test(name));
  const bytes = await readFile(store.path(table!));
  bytes[9]! ^= 1;
  await writeFile(store.path(table!), bytes);
  const other = await rawMirror({ 0: gzipLines([rawTrade(1, { symbol: "ETHUSDT" })]) });
  expect(await replayFrom(other, store, { types })).toMatchObject([{ status: "kept" }]);
  const [found] = await replayFrom(other, store, { types, verify: true });
  expect(found).toMatchObject({ status: "failed", rows: 0 });
  expect(found!.reason).toMatch(/date=2024-03-01\/part-0.parquet: had SHA-256/);
});

test("a server's feed gives the table of the folder it serves, in other minutes of its own", async () => {
  const root = await rawMirror(busyMinutes());
  const server = await startDatasetServer(root, { key: "k3y" });
  try {
    const options = { certificate: server.certificate, serverKey: "k3y", requestsPerSecond: 5000 };
    const types = ["incremental_book_L2"];
    const fromFolder = await freshStore();
    await replayFrom(root, fromFolder, { types });
    const filtered = await manifestOf(fromFolder, "incremental_book_L2");
    const fromServer = await freshStore();
    await replayFrom(await openReplaySource(server.url, options), fromServer, { types });
    const manifest = await manifestOf(fromServer, "incremental_book_L2");
    expect(manifest.files).toEqual(filtered.files);
    expect(manifest.source.bytes).toBeLessThan(filtered.source.bytes);
  } finally {
    await server.close();
  }
}, 120_000);

test("a day's partition is the same whatever else a run asks for", async () => {
  const root = await rawMirror(busyMinutes());
  const alone = await freshStore();
  await replayFrom(root, alone, { types: ["trades"] });
  const all = await freshStore();
  await replayFrom(root, all, { types: ["quotes", "trades"], symbols: ["ETHUSDT", "BTCUSDT"] });
  const files = await contents(alone.root);
  expect(Object.keys(files)).toHaveLength(2);
  expect(await contents(all.root)).toMatchObject(files);
}, 120_000);

test("a wrong key, a day that is not over and an unknown symbol are told apart", async () => {
  const root = await rawMirror(busyMinutes());
  const server = await startDatasetServer(root, { key: "k3y" });
  try {
    const source = await openReplaySource(server.url, {
      certificate: server.certificate,
      serverKey: "s3cret",
    });
    const [refused] = await replayFrom(source, await freshStore(), { types: ["trades"] });
    expect(refused!.status).toBe("failed");
    expect(refused!.reason).toContain("TICKBOOK_SERVER_KEY");
    expect(refused!.reason).not.toContain("s3cret");
  } finally {
    await server.close();
  }
  const today = new Date().toISOString().slice(0, 10);
  const [early] = await replayFrom(root, await freshStore(), { days: [today], types: ["trades"] });
  expect(early!.reason).toContain("the day is not over");
  await expect(
    replayFrom(root, await freshStore(), { symbols: ["NOSUCH"], types: ["trades"] }),
  ).rejects.toThrow(/has no raw message of the day asked for/);
  await expect(replayFrom(root, await freshStore(), { exchange: "nowhere" })).rejects.toThrow(
    /no raw minute/,
  );
  await expect(openReplaySource(`${root}/absent`)).rejects.toThrow(/no folder/);
  const vendor = await openReplaySource("tardis", { apiKey: "" });
  const [paid] = await replayFrom(vendor, await freshStore(), { days: ["2024-03-02"] });
  expect(paid!.reason).toMatch(/binance\/2024\/03\/02\/00\/00.json.gz: was not asked for/);
}, 120_000);

test("the vendor's file takes the place of a replay that lacks minutes, and of no whole one", async () => {
  const request = { ...BTC, types: ["trades"] };
  const timeUs = String(dayStartUs(DATE));
  const file = csv([trade(0, { timestamp: timeUs, local_timestamp: timeUs })]);
  const files = await openSource(await mirror({ [`BTCUSDT ${DATE}`]: file }));
  const makeshift = await freshStore();
  await replayFrom(await rawMirror(busyMinutes()), makeshift, request);
  const plan = await planIngest(makeshift, files, request);
  expect(plan).toMatchObject([{ status: "new", replacedRows: 3 }]);
  const written = { status: "written", rows: 1, replacedRows: 3 };
  expect(await ingest(makeshift, files, request)).toMatchObject([written]);

  const silent = Array.from({ length: 1440 }, () => gzipLines([]));
  const whole = await freshStore();
  await replayFrom(await rawMirror({ ...silent, ...busyMinutes() }), whole, request);
  expect(await planIngest(whole, files, request)).toMatchObject([{ status: "stored" }]);
  expect(await ingest(whole, files, request)).toMatchObject([{ status: "kept", rows: 3 }]);
  // What a source lacks stays, whole or not.
  const other = await openSource(await mirror({ "BTCUSDT 2024-03-02": file }));
  const lacking = await freshStore();
  await replayFrom(await rawMirror(busyMinutes()), lacking, request);
  expect(await planIngest(lacking, other, request)).toMatchObject([{ status: "stored" }]);
  expect(await ingest(lacking, other, request)).toMatchObject([{ status: "kept", rows: 3 }]);
});

test("a minute that is cut, damaged or followed by bytes fails and is named", async () => {
  const good = busyMinutes();
  const whole = good[1]!;
  const flipped = Buffer.from(whole);
  flipped[whole.length - 6]! ^= 1;
  for (const [bytes, what] of [
    [whole.subarray(0, whole.length - 9), /was truncated/],
    [flipped, /its checksum does not match/],
    [Buffer.concat([whole, Buffer.from("<html>")]), /was /],
    [Buffer.alloc(0), /was empty/],
    [Buffer.from("<html></html>"), /was damaged/],
  ] as const) {
    const reason = await failure({ ...good, 1: bytes }, "trades");
    expect(reason).toMatch(/^binance\/2024\/03\/01\/00\/01.json.gz: /);
    expect(reason).toMatch(what);
    expect(reason).toMatch(/fetch the minute again$/);
  }
});

test("a line that is of another minute or no message fails and is named", async () => {
  const good = busyMinutes();
  const text = gunzipSync(good[1]!).toString().split("\n")[0]!;
  for (const [line, what] of [
    [rawTrade(1), /expected a time of the minute 2024-03-01T00:01Z/],
    [rawTrade(120e6), /expected a time of the minute/],
    ["2024-03-01T00:01:61.0000000Z {}", /expected a time of the minute/],
    [text.slice(0, -3), /which is no JSON/],
    [rawLine(61e6, { stream: "btcusdt@trade" }), /could not be read by the vendor's normalizer/],
  ] as const) {
    const reason = await failure({ ...good, 1: gzipLines([text, line]) }, "trades");
    expect(reason).toMatch(/^binance\/2024\/03\/01\/00\/01.json.gz, row 2: /);
    expect(reason).toMatch(what);
  }
});

test("book changes without a snapshot are no empty day", async () => {
  const depth = rawDepth(1e6, { first: 1, last: 2, bids: [["60000", "1"]] });
  for (const type of ["incremental_book_L2", "book_snapshot_5"] as const) {
    const reason = await failure({ 0: gzipLines([depth]) }, type);
    expect(reason).toContain(`had 1 messages of ${type} and no snapshot`);
  }
});

test("a bad row goes beside the table with its line; too many fail the day", async () => {
  const lines = Array.from({ length: 40 }, (_, i) => rawTrade(1e6 + i, { id: i }));
  lines[16] = rawTrade(1e6 + 16, { id: 16, price: "0" });
  lines[30] = rawTrade(1e6 + 2, { id: 30 });
  const minutes = { 0: gzipLines(["", ...lines]) };
  expect(await failure(minutes, "trades")).toMatch(
    /row 18, price: was not positive; 2 of 40 rows \(5 %\) break a rule, and 0.1 % may/,
  );
  const store = await freshStore();
  const [day] = await replayFrom(await rawMirror(minutes), store, {
    types: ["trades"],
    maxRejectedShare: 0.1,
  });
  expect(day).toMatchObject({ status: "written", rows: 38, rejected: 2 });
  expect((await manifestOf(store, "trades")).rejected).toEqual({
    "local_timestamp: before the row above": 1,
    "price: not positive": 1,
  });
  const [file] = Object.keys(await contents(store.root)).filter((name) => name.endsWith(".csv"));
  const text = await readFile(store.path(file!), "utf8");
  expect(text.split("\n")[1]).toBe(
    '18,"price: not positive","binance,BTCUSDT,1709251201000000,1709251201000016,16,1,0,0.25"',
  );
});

test("a last line without an end and a minute without a line are read", async () => {
  const root = await rawMirror({ 0: gzipSync(rawTrade(5)), 1: gzipSync("") });
  const store = await freshStore();
  const [day] = await replayFrom(root, store, { types: ["trades"] });
  expect(day).toMatchObject({ status: "written", rows: 1 });
  expect((await manifestOf(store, "trades")).source).toMatchObject({ minutes: 2, silent: 1 });
});

test("downloads go to the store's own temporary folder and are gone afterwards", async () => {
  const store = await freshStore();
  const folder = await openReplaySource(await rawMirror(busyMinutes()));
  const seen: string[] = [];
  const source: SliceSource = {
    ...folder,
    fetch: async (request, temporary) => {
      seen.push(temporary);
      const file = await folder.fetch(request, temporary);
      if (file === undefined) return undefined;
      await copyFile(file, temporary);
      return temporary;
    },
  };
  await replayFrom(source, store, { types: ["trades"] });
  expect(seen.length).toBe(1440);
  expect(seen.every((file) => file.startsWith(store.path(".tmp")))).toBe(true);
  const [run] = await readdir(store.path(".tmp"));
  expect(await readdir(store.path(`.tmp/${run}`))).toEqual([]);
});
