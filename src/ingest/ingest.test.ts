import { spawnSync } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { requireIntact } from "../store/integrity.js";
import { partitionFolder } from "../store/partition.js";
import { readColumns } from "../store/read.js";
import { temporaryName } from "../store/temporary.js";
import { type IngestOptions, ingest } from "./ingest.js";
import { openSource } from "./open-source.js";
import { planIngest } from "./plan.js";
import type { Source } from "./source.js";
import {
  cleanUp,
  contents,
  csv,
  freshFolder,
  freshStore,
  HEADER,
  ingestFrom,
  KEY,
  makeNewer,
  mirror,
  takeAway,
  trade,
} from "./test-mirror.js";

afterEach(cleanUp);

test("a file in the place of a partition fails its own file and no other", async () => {
  const files = {
    "BTCUSDT 2024-08-08": csv([trade(0)]),
    "BTCUSDT 2024-08-09": csv([trade(86_400e6)]),
  };
  const store = await freshStore();
  const place = store.path(partitionFolder(KEY));
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, "");
  const days = ["2024-08-08", "2024-08-09"];
  const [failed, written] = await ingestFrom(await mirror(files), store, { days });
  expect(failed).toMatchObject({ status: "failed", rows: 0 });
  expect(failed!.reason).toMatch(
    /date=2024-08-08: could not be written \(ENOTDIR\); see that this/,
  );
  expect(written).toMatchObject({ status: "written", rows: 1 });
});

test("a second run keeps, a changed source is written anew, --verify mends a damaged partition", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const store = await freshStore();
  expect((await ingestFrom(root, store))[0]!.status).toBe("written");
  expect((await ingestFrom(root, store))[0]).toMatchObject({ status: "kept", rows: 1 });
  const changed = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0), trade(1)]) });
  const request = { exchange: "binance", symbols: ["BTCUSDT"], days: ["2024-08-08"] };
  const plan = async (): Promise<unknown> => planIngest(store, await openSource(changed), request);
  expect(await plan()).toMatchObject([{ status: "new", replacedRows: 1 }]);
  const written = { status: "written", rows: 2, replacedRows: 1 };
  expect((await ingestFrom(changed, store))[0]).toMatchObject(written);
  expect(await plan()).toMatchObject([{ status: "stored" }]);

  const before = await contents(store.root);
  const parquet = Object.keys(before).find((name) => name.endsWith(".parquet"))!;
  const bytes = await readFile(path.join(store.root, parquet));
  bytes[100]! ^= 4;
  await writeFile(path.join(store.root, parquet), bytes);
  expect((await ingestFrom(changed, store))[0]!.status).toBe("kept");
  expect((await ingestFrom(changed, store, { verify: true }))[0]!.status).toBe("written");
  expect(await contents(store.root)).toEqual(before);
});

test("a run that keeps all removes what a killed one has left", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const written = await freshStore();
  await ingestFrom(root, written);
  await written.close();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const left = temporaryName().replace(`-${process.pid}-`, `-${pid}-`);
  await mkdir(path.join(written.root, ".tmp", left), { recursive: true });
  const store = await freshStore(written.root);
  expect((await ingestFrom(root, store))[0]!.status).toBe("kept");
  expect(await readdir(store.root)).toEqual(["lake"]);
});

test("a plan keeps what a killed run had taken out of its place, as the next run does", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const store = await freshStore();
  await ingestFrom(root, store);
  await takeAway(store, partitionFolder(KEY));
  const request = { exchange: "binance", symbols: ["BTCUSDT"], days: ["2024-08-08"] };
  const plan = await planIngest(store, await openSource(root), request);
  expect(plan).toMatchObject([{ status: "stored" }]);
  expect(await ingestFrom(root, store)).toMatchObject([{ status: "kept", rows: 1 }]);
});

test("a source whose file has other bytes of the same number is written anew", async () => {
  const store = await freshStore();
  const stored: Buffer[] = [];
  for (const price of ["1.5", "2.5"]) {
    const text = `${HEADER}\n${trade(0, { price })}\n`;
    stored.push(gzipSync(text, { level: 0 }));
    const root = await mirror({ "BTCUSDT 2024-08-08": stored.at(-1)! });
    expect((await ingestFrom(root, store))[0]!.status).toBe("written");
    expect((await readColumns(store, KEY))["price"]).toEqual(Float64Array.of(Number(price)));
  }
  expect(stored[0]!.length).toBe(stored[1]!.length);
});

test("a partition that a newer version wrote fails its file and stays as it is", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const store = await freshStore();
  await ingestFrom(root, store);
  await makeNewer(store, partitionFolder(KEY));
  const before = await contents(store.root);
  for (const verify of [false, true]) {
    const [result] = await ingestFrom(root, store, { verify });
    expect(result).toMatchObject({ status: "failed", reason: expect.stringContaining("was 99") });
  }
  expect(await contents(store.root)).toEqual(before);
});

test("what is found damaged and the source no longer has has failed, and is not absent", async () => {
  const dates = ["2024-08-08", "2024-08-09"];
  const nextDay = csv([trade(86_400e6)]);
  const root = await mirror({
    "BTCUSDT 2024-08-08": csv([trade(0)]),
    "BTCUSDT 2024-08-09": nextDay,
  });
  const store = await freshStore();
  await ingestFrom(root, store, { days: dates });
  const place = "lake/trades/exchange=binance/symbol=BTCUSDT/date=2024-08-08/part-0.parquet";
  await requireIntact(store, path.dirname(place));
  const bytes = await readFile(store.path(place));
  bytes[9]! ^= 1;
  await writeFile(store.path(place), bytes);
  const lacking = await mirror({ "BTCUSDT 2024-08-09": nextDay });
  const found = await ingestFrom(lacking, store, { days: dates, verify: true });
  expect(found.map(({ status }) => status)).toEqual(["failed", "kept"]);
  expect(found[0]!.reason).toMatch(/2024-08-08\/part-0.parquet: had SHA-256/);
  // A manifest is read by every run.
  await appendFile(store.path(place.replace("part-0.parquet", "manifest.json")), "x");
  const [altered] = await ingestFrom(lacking, store, { days: dates });
  expect(altered).toMatchObject({ status: "failed" });
  expect(altered!.reason).toMatch(/2024-08-08\/manifest.json: was not valid JSON/);
});

test("a file that is not there is absent while another is; none at all is wrong usage", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const store = await freshStore();
  const days = ["2024-08-08", "2024-08-09"];
  const results = await ingestFrom(root, store, { days });
  expect(results.map(({ type, status }) => `${type} ${status}`)).toEqual([
    "trades written",
    "trades absent",
  ]);
  const asked = await ingestFrom(root, store, { types: ["trades", "quotes"] });
  expect(asked.map(({ status }) => status)).toEqual(["kept", "absent"]);
  const plan = await planIngest(store, await openSource(root), {
    exchange: "binance",
    symbols: ["BTCUSDT"],
    days,
  });
  expect(plan.map(({ status }) => status)).toEqual(["stored", "absent"]);

  const wrong: readonly Partial<IngestOptions>[] = [
    { days: ["2024-08-09"] },
    { exchange: "bitmex" },
    { symbols: ["BTCUSDT", "XXX"] },
    { types: ["trade"] },
    { symbols: ["../BTCUSDT"] },
    { exchange: "/etc" },
    { symbols: ["a\0b"] },
    { types: ["trades'; DROP TABLE x;--"] },
    { days: ["2024-02-31"] },
    { days: ["../../2024"] },
  ];
  for (const options of wrong) {
    await expect(ingestFrom(root, store, options)).rejects.toThrow(OptionError);
  }
  await expect(openSource(path.join(root, "missing"))).rejects.toThrow(OptionError);
  const file = path.join(await freshFolder(), "file");
  await writeFile(file, "");
  await expect(openSource(file)).rejects.toThrow(/is|no folder/);
  await expect(ingestFrom(root, await freshStore(file))).rejects.toThrow(/nothing can be written/);
});

test("a stored file that can no longer be read, or is gone by then, fails as one that is not stored", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const store = await freshStore();
  await ingestFrom(root, store);
  const request = { exchange: "binance", symbols: ["BTCUSDT"], days: ["2024-08-08"] };
  for (const [file, code] of [
    [root, "EISDIR"],
    [path.join(root, "gone"), "ENOENT"],
  ] as const) {
    const source: Source = { ...(await openSource(root)), fetch: async () => file };
    for (const at of [store, await freshStore()]) {
      const [result] = await ingest(at, source, request);
      expect(result).toMatchObject({ status: "failed" });
      expect(result!.reason).toContain(`BTCUSDT.csv.gz: could not be read (${code}); let this`);
    }
  }
});

test("an error that meets every file ends a run at the first", async () => {
  const root = await mirror({ "BTCUSDT 2024-08-08": csv([trade(0)]) });
  const source = await openSource(root);
  const fetched: string[] = [];
  const broken: Source = {
    ...source,
    fetch: async ({ date }) => {
      fetched.push(date);
      throw new OptionError({ column: "--source", message: "could not be reached" });
    },
  };
  const days = ["2024-08-08", "2024-08-09", "2024-08-10"];
  const options = { exchange: "binance", symbols: ["BTCUSDT"], types: ["trades"], days, jobs: 1 };
  await expect(ingest(await freshStore(), broken, options)).rejects.toThrow(/be reached/);
  expect(fetched).toEqual(["2024-08-08"]);
});
