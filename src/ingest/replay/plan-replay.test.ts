import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { OptionError } from "../../core/errors.js";
import { dayStartUs } from "../../core/time.js";
import { startDatasetServer } from "../../simulate/dataset-server.js";
import { partitionFolder } from "../../store/partition.js";
import type { Store } from "../../store/store.js";
import type { IngestRequest } from "../plan.js";
import { cleanUp, freshStore, makeNewer, takeAway } from "../test-mirror.js";
import { ingestReplay } from "./ingest-replay.js";
import { openReplaySource } from "./open-slices.js";
import { type PlannedReplay, planReplay, replayCost } from "./plan-replay.js";
import { slicePath } from "./slice-source.js";
import { busyMinutes, DATE, EXCHANGE, gzipLines, rawMirror, rawTrade } from "./test-raw-feed.js";

afterEach(cleanUp);

const TRADES = { exchange: EXCHANGE, symbol: "BTCUSDT", type: "trades", date: DATE } as const;
const BTC = { exchange: EXCHANGE, symbols: ["BTCUSDT"], days: [DATE] };

async function planOf(
  root: string,
  change: Partial<IngestRequest> = {},
  store?: Store,
): Promise<readonly PlannedReplay[]> {
  const source = await openReplaySource(root, root === "tardis" ? { apiKey: "" } : {});
  return planReplay(store ?? (await freshStore()), source, { ...BTC, ...change });
}

const statuses = (plan: readonly PlannedReplay[]): readonly string[] =>
  plan.map(({ status }) => status);

test("of a folder, a plan counts the minutes that are there, and their bytes", async () => {
  const root = await rawMirror(busyMinutes());
  const sizes = [0, 1, 2].map(async (minute) => {
    const at = { exchange: EXCHANGE, dayStartUs: dayStartUs(DATE), minute };
    return (await stat(path.join(root, "raw", slicePath(at)))).size;
  });
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  const plan = await planOf(root, { days: [DATE, "2024-03-02"], types: ["trades", "quotes"] });
  expect(plan).toMatchObject([
    { type: "trades", date: DATE, status: "new", minutes: 3, bytes },
    { type: "trades", date: "2024-03-02", status: "absent", minutes: 0, bytes: 0 },
    { type: "quotes", date: DATE, status: "new", minutes: 3, bytes },
    { type: "quotes", date: "2024-03-02", status: "absent", minutes: 0, bytes: 0 },
  ]);
  expect(replayCost(plan, { freeBytes: 1e9, secondsADay: {} }).bytesToRead).toBe(2 * bytes);
});

test("what a source has nothing of ends a plan as it ends a run", async () => {
  const root = await rawMirror(busyMinutes());
  for (const wrong of [
    { exchange: "nope" },
    { days: ["2024-03-02"] },
    { types: ["derivative_ticker"] },
  ]) {
    const planned = await planOf(root, wrong).catch((error: Error) => error);
    expect(planned).toBeInstanceOf(OptionError);
    const source = await openReplaySource(root);
    const request = { ...BTC, ...wrong };
    const run = ingestReplay(await freshStore(), source, request).catch((error: Error) => error);
    expect(planned).toEqual(await run);
  }
  await expect(planOf("tardis", { exchange: "nope" })).rejects.toThrow(/the vendor does not have/);
}, 120_000);

test("days that are not over, or that no key opens, are refused and not asked for", async () => {
  const today = new Date().toISOString().slice(0, 10);
  const plan = await planOf("tardis", { days: [DATE, "2024-03-02", today], types: ["trades"] });
  expect(statuses(plan)).toEqual(["new", "refused", "refused"]);
});

test("a plan says what is stored, also when a killed run had taken it out of its place", async () => {
  const root = await rawMirror(busyMinutes());
  const store = await freshStore();
  await ingestReplay(store, await openReplaySource(root), { ...BTC, types: ["trades"] });
  const plan = await planOf(root, { types: ["trades", "quotes"] }, store);
  expect(statuses(plan)).toEqual(["stored", "new"]);
  expect(plan[0]!.storedBytes).toBeGreaterThan(0);
  await takeAway(store, partitionFolder(TRADES));
  expect(statuses(await planOf(root, { types: ["trades"] }, store))).toEqual(["stored"]);
});

test("asked to verify, a plan says of what is damaged what the run does", async () => {
  const root = await rawMirror(busyMinutes());
  const other = await rawMirror({ 0: gzipLines([rawTrade(1, { symbol: "ETHUSDT" })]) });
  const store = await freshStore();
  const request = { ...BTC, types: ["trades"] };
  const planned = async (from: string, verify: boolean): Promise<PlannedReplay> =>
    (await planReplay(store, await openReplaySource(from), request, { verify }))[0]!;
  await ingestReplay(store, await openReplaySource(root), request);
  const table = store.path(`${partitionFolder(TRADES)}/part-0.parquet`);
  const bytes = await readFile(table);
  bytes[9]! ^= 1;
  await writeFile(table, bytes);
  expect(await planned(root, false)).toMatchObject({ status: "stored" });
  expect(await planned(root, true)).toMatchObject({ status: "new", minutes: 3 });
  // Whether the minutes that are there hold the symbol is known to the run only.
  expect(await planned(other, true)).toMatchObject({ status: "new", minutes: 1 });
  await rm(path.join(other, "raw", EXCHANGE, "2024"), { recursive: true });
  const refused = await planned(other, true);
  expect(refused.status).toBe("refused");
  const source = await openReplaySource(other);
  const [run] = await ingestReplay(store, source, { ...request, verify: true });
  expect(run).toMatchObject({ status: "failed", reason: refused.reason });
});

test("a day that a newer version wrote is refused, as it fails in a run", async () => {
  const root = await rawMirror(busyMinutes());
  const store = await freshStore();
  const request = { ...BTC, types: ["trades"] };
  await ingestReplay(store, await openReplaySource(root), request);
  await makeNewer(store, partitionFolder(TRADES));
  const [planned] = await planOf(root, request, store);
  expect(planned!.status).toBe("refused");
  const [run] = await ingestReplay(store, await openReplaySource(root), request);
  expect(run).toMatchObject({ status: "failed", reason: planned!.reason });
});

test("types that nobody named and the exchange does not have are left out", async () => {
  const root = await rawMirror(busyMinutes());
  const types = ["trades", "quotes", "derivative_ticker"];
  expect(statuses(await planOf(root, { types }))).toEqual(["new", "new", "absent"]);
  expect((await planOf(root)).map(({ type }) => type)).toEqual([
    "trades",
    "incremental_book_L2",
    "quotes",
  ]);
});

test("a server says nothing before it gives its minutes: bytes, disk and fit are unknown", async () => {
  const server = await startDatasetServer(await rawMirror(busyMinutes()), { key: "k3y" });
  try {
    const source = await openReplaySource(server.url, { certificate: server.certificate });
    const plan = await planReplay(await freshStore(), source, { ...BTC, types: ["trades"] });
    expect(plan).toMatchObject([{ status: "new", minutes: null, bytes: null }]);
    const cost = replayCost(plan, { freeBytes: 1e9, secondsADay: {} });
    expect(cost.bytesToRead).toBeNaN();
    expect(cost.disk).toMatchObject({ needed: Number.NaN, free: 1e9, fits: null });
  } finally {
    await server.close();
  }
});

test("disk is estimated from the stored days of the same symbol and type, and from nothing else", () => {
  const day = (change: Partial<PlannedReplay>): PlannedReplay => ({
    ...{ exchange: "x", symbol: "A", type: "trades", date: DATE, status: "new" },
    ...{ minutes: 1440, bytes: 10, storedBytes: null, ...change },
  });
  const stored = [100, 300].map((storedBytes) => day({ status: "stored", storedBytes }));
  const plan = [...stored, day({}), day({}), day({ status: "absent" })];
  expect(replayCost(plan, { freeBytes: 400, secondsADay: {} }).disk).toMatchObject({
    needed: 400,
    free: 400,
    fits: true,
  });
  expect(replayCost(plan, { freeBytes: 399, secondsADay: {} }).disk.fits).toBe(false);
  expect(
    replayCost([...plan, day({ type: "quotes" })], { freeBytes: 1e9, secondsADay: {} }).disk.fits,
  ).toBeNull();
  expect(replayCost(stored, { freeBytes: 0, secondsADay: {} }).disk).toMatchObject({
    needed: 0,
    free: 0,
    fits: true,
  });
});

test("a minute that is no file refuses the day of a plan and fails that of a run", async () => {
  const root = await rawMirror(busyMinutes());
  const at = { exchange: EXCHANGE, dayStartUs: dayStartUs(DATE), minute: 5 };
  await mkdir(path.join(root, "raw", slicePath(at)));
  const [planned] = await planOf(root, { types: ["trades"] });
  expect(planned!.status).toBe("refused");
  expect(planned!.reason).toContain("00/05.json.gz: is a folder, expected a file");
  const source = await openReplaySource(root);
  const request = { ...BTC, types: ["trades"] };
  const [day] = await ingestReplay(await freshStore(), source, request);
  expect(day).toMatchObject({ status: "failed", reason: planned!.reason });
});
