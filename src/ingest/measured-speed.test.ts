import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { PartitionKey } from "../store/tables.js";
import { readSpeeds, recordSpeeds, speedMeter } from "./measured-speed.js";
import type { Source } from "./source.js";

const parent = mkdtempSync(path.join(tmpdir(), "tickbook-speed-"));
let cache: string;
afterAll(() => rmSync(parent, { recursive: true }));
beforeEach(() => {
  cache = path.join(mkdtempSync(path.join(parent, "c-")), "tickbook");
});

const day = (date: string): PartitionKey => ({
  type: "trades",
  exchange: "binance",
  symbol: "BTCUSDT",
  date,
});
const done = (date: string, status: "written" | "kept" | "failed" = "written") => ({
  ...day(date),
  status,
  rows: 1,
  rejected: 0,
  sha256: null,
});

/** A source whose fetches end when the test says so, each with a file of 1,000 bytes. */
function source(isLocal = false): { source: Source; end: (() => void)[] } {
  const file = path.join(parent, "thousand");
  writeFileSync(file, Buffer.alloc(1000));
  const end: (() => void)[] = [];
  return {
    end,
    source: {
      name: "https://x/v1",
      defaultTypes: ["trades"],
      isLocal,
      requireKnown: async () => undefined,
      refusal: () => undefined,
      size: async () => 1000,
      fetch: () => new Promise((resolve) => end.push(() => resolve(file))),
      close: () => undefined,
    },
  };
}

test("time counts once for files in work at once; only written files count as worked on", async () => {
  let now = 0;
  const given = source();
  const meter = speedMeter(given.source, () => now);
  const first = meter.source.fetch(day("2024-01-01"), "");
  now = 2;
  const second = meter.source.fetch(day("2024-01-02"), "");
  now = 5;
  given.end[0]!();
  await first;
  now = 6;
  given.end[1]!();
  await second;
  now = 16;
  meter.fileDone(done("2024-01-01"));
  now = 20;
  meter.fileDone(done("2024-01-02", "failed"));
  meter.fileDone(done("2024-01-03", "kept"));
  now = 100;
  // Downloads ran from 0 to 6, work from 5 to 20.
  expect(meter.measured()).toEqual({
    download: { bytes: 2000, seconds: 6 },
    processing: { bytes: 1000, seconds: 15 },
  });
});

test("a file that is fetched again is in work once, and a folder downloads nothing", async () => {
  let now = 0;
  const given = source(true);
  const meter = speedMeter(given.source, () => now);
  for (const again of [false, true]) {
    const fetched = meter.source.fetch(day("2024-01-01"), "", { again });
    given.end.shift()!();
    await fetched;
    now += 1;
  }
  meter.fileDone(done("2024-01-01"));
  now = 50;
  expect(meter.measured()).toMatchObject({
    download: { bytes: 0 },
    processing: { bytes: 1000, seconds: 2 },
  });
});

test("runs add up by source, and what is old counts less once enough is known", () => {
  expect(readSpeeds(cache)).toEqual({ download: {} });
  const run = { download: { bytes: 100, seconds: 1 }, processing: { bytes: 50, seconds: 1 } };
  recordSpeeds(cache, "a", run);
  recordSpeeds(cache, "a", run);
  const folder = { download: { bytes: 0, seconds: 0 }, processing: { bytes: 0, seconds: 0 } };
  recordSpeeds(cache, "b", folder);
  expect(readSpeeds(cache)).toEqual({
    download: { a: { bytes: 200, seconds: 2 } },
    processing: { bytes: 100, seconds: 2 },
  });
  recordSpeeds(cache, "c", { ...run, download: { bytes: 40e9, seconds: 4000 } });
  recordSpeeds(cache, "c", { ...run, download: { bytes: 10e9, seconds: 100 } });
  expect(readSpeeds(cache).download["c"]).toEqual({ bytes: 30e9, seconds: 2100 });
  expect(readdirSync(cache)).toEqual(["ingest-speed.json"]);
});

test("a cache that is broken or cannot be written to knows nothing and fails nothing", () => {
  const run = { download: { bytes: 1, seconds: 1 }, processing: { bytes: 1, seconds: 1 } };
  recordSpeeds("/dev/null/cache", "a", run);
  expect(readSpeeds("/dev/null/cache")).toEqual({ download: {} });
  recordSpeeds(cache, "a", run);
  for (const broken of ["", "{}", "[1]", '{"download":{"a":{"bytes":-1,"seconds":0}}}']) {
    writeFileSync(path.join(cache, "ingest-speed.json"), broken);
    expect(readSpeeds(cache)).toEqual({ download: {} });
  }
  recordSpeeds(cache, "a", run);
  expect(readSpeeds(cache).download["a"]).toEqual({ bytes: 1, seconds: 1 });
});

test("a cache on a file system that takes no folders does not hang, nor does a device in it", () => {
  const run = { download: { bytes: 1, seconds: 1 }, processing: { bytes: 1, seconds: 1 } };
  // Node's recursive mkdir never returns there.
  recordSpeeds("/proc/tickbook/cache", "a", run);
  expect(readSpeeds("/proc/tickbook/cache")).toEqual({ download: {} });
  mkdirSync(cache);
  const file = path.join(cache, "ingest-speed.json");
  symlinkSync("/dev/zero", file);
  expect(readSpeeds(cache)).toEqual({ download: {} });
  recordSpeeds(cache, "a", run);
  expect(readSpeeds(cache).download["a"]).toEqual({ bytes: 1, seconds: 1 });
});
