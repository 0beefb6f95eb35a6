import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import type { PlannedFile } from "./plan.js";
import { freeBytes, inWords, type RunConditions, requireRoom, runCost } from "./run-cost.js";

const file = (change: Partial<PlannedFile>): PlannedFile => ({
  type: "trades",
  exchange: "binance",
  symbol: "BTCUSDT",
  date: "2024-08-08",
  status: "new",
  bytes: 1000,
  saidBy: "source",
  storedBytes: null,
  ...change,
});
const CONDITIONS: RunConditions = {
  source: { name: "https://x/v1", isLocal: false },
  jobs: 2,
  speeds: { download: {} },
  freeBytes: 1e12,
};

test("bytes, disk and time of a plan, worked by hand", () => {
  const files = [
    file({}),
    file({ bytes: 3000, saidBy: "estimate" }),
    file({ bytes: 500, type: "quotes" }),
    file({ bytes: null }),
    file({ status: "absent", bytes: null }),
    file({ status: "refused", bytes: null }),
    // 400 stored bytes of 1000: trades take 0.4.
    file({ status: "stored", saidBy: "store", storedBytes: 400 }),
  ];
  const speeds = {
    download: { "https://x/v1": { bytes: 2000, seconds: 2 }, other: { bytes: 1, seconds: 1 } },
    processing: { bytes: 900, seconds: 3 },
  };
  const cost = runCost(files, { ...CONDITIONS, speeds });
  expect(cost.bytesToFetch).toBe(4500);
  expect(cost.sizes).toEqual({ asked: 2, estimated: 1, untold: 1 });
  expect(cost.disk).toMatchObject({
    partitions: 0.4 * 4000 + 1.1 * 500,
    temporary: 4000,
    needed: 6150,
    fits: true,
    ratios: { trades: { isMeasured: true }, quotes: { ratio: 1.1, isMeasured: false } },
  });
  expect(cost.time).toEqual({
    seconds: 4500 / 300,
    download: { bytesPerSecond: 1000, isMeasured: true },
    processing: { bytesPerSecond: 300, isMeasured: true },
  });
  // One at a time, a file is fetched before it is worked on.
  const alone = runCost(files, { ...CONDITIONS, speeds, jobs: 1 });
  expect(alone.time.seconds).toBeCloseTo(4500 / 300 + 4500 / 1000);
  expect(alone.disk.temporary).toBe(3000);
});

test("of files whose size nobody tells, bytes, disk, fit and time are unknown", () => {
  const files = [file({ bytes: null }), file({ bytes: null, type: "quotes" })];
  const { bytesToFetch, disk, time, sizes } = runCost(files, CONDITIONS);
  expect(bytesToFetch).toBeNaN();
  expect([disk.partitions, disk.temporary, disk.needed, disk.fits]).toEqual([NaN, NaN, NaN, null]);
  expect(time.seconds).toBeNaN();
  expect(sizes).toEqual({ asked: 0, estimated: 0, untold: 2 });
  requireRoom(runCost(files, CONDITIONS), "data");
  const nothing = runCost([file({ status: "absent", bytes: null })], CONDITIONS);
  expect(nothing).toMatchObject({ bytesToFetch: 0, disk: { fits: true }, time: { seconds: 0 } });
});

test("a folder downloads nothing, and speeds nobody has measured are said to be assumed", () => {
  const source = { name: "mirror", isLocal: true };
  const cost = runCost([file({ bytes: 15e6 })], { ...CONDITIONS, source });
  expect(cost.disk.temporary).toBe(0);
  expect(cost.time.download).toBeNull();
  expect(cost.time.processing.isMeasured).toBe(false);
  expect(cost.time.seconds).toBe(1);
});

test("a run that needs one byte more than is free is refused with both figures", () => {
  const needed = runCost([file({})], CONDITIONS).disk.needed;
  requireRoom(runCost([file({})], { ...CONDITIONS, freeBytes: needed }), "data");
  const short = runCost([file({})], { ...CONDITIONS, freeBytes: needed - 1 });
  expect(() => requireRoom(short, "data")).toThrow(OptionError);
  expect(() => requireRoom(short, "data")).toThrow(
    /^--data: was "data", which has 1\.9 kB free, and this run needs about 900 bytes for partitions and 1\.0 kB/,
  );
});

test("free bytes are those of the file system, also for a folder that is not there yet", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tickbook-room-"));
  const { blocks, bsize } = statfsSync(folder);
  const free = await freeBytes(path.join(folder, "a", "b"));
  // Others write to the disk meanwhile, but not half of what is free.
  const { bavail } = statfsSync(folder);
  expect(free).toBeGreaterThan((bavail * bsize) / 2);
  expect(free).toBeLessThanOrEqual(blocks * bsize);
  rmSync(folder, { recursive: true });
});

test("bytes in words", () => {
  expect([NaN, 0, 999, 1000, 1.5e6, 2.04e9, 7e12, 3e18].map(inWords)).toEqual([
    "unknown",
    "0 bytes",
    "999 bytes",
    "1.0 kB",
    "1.5 MB",
    "2.0 GB",
    "7.0 TB",
    "3000.0 PB",
  ]);
});
