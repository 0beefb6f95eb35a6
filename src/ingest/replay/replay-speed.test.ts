import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { DataType } from "../../store/tables.js";
import type { ReplayedPartition } from "./ingest-replay.js";
import { recordReplay, replayMeter, secondsADay } from "./replay-speed.js";

const parent = mkdtempSync(path.join(tmpdir(), "tickbook-replay-speed-"));
let cache: string;
afterAll(() => rmSync(parent, { recursive: true }));
beforeEach(() => {
  cache = mkdtempSync(path.join(parent, "c-"));
});

const day = (type: DataType, status: ReplayedPartition["status"]): ReplayedPartition => ({
  ...{ exchange: "binance", symbol: "BTCUSDT", date: "2024-03-01", rows: 1, rejected: 0 },
  ...{ type, status, sha256: null, missing: [] },
});

test("only days that were replayed count, each by the time since the one before, and runs add up", () => {
  let now = 0;
  const meter = replayMeter(() => now);
  for (const [seconds, type, status] of [
    [10, "trades", "written"],
    [1, "trades", "kept"],
    [50, "quotes", "failed"],
    [20, "trades", "written"],
    [7, "quotes", "written"],
  ] as const) {
    now += seconds;
    meter.dayDone(day(type, status));
  }
  recordReplay(cache, "tardis", meter.measured());
  expect(secondsADay(cache, "tardis")).toEqual({ trades: 15, quotes: 7 });
  recordReplay(cache, "tardis", { trades: { days: 1, seconds: 60 } });
  expect(secondsADay(cache, "tardis")).toEqual({ trades: 30, quotes: 7 });
  expect(secondsADay(cache, "another")).toEqual({});
});

test("older runs count half once many days were measured", () => {
  recordReplay(cache, "tardis", { trades: { days: 200, seconds: 200 } });
  recordReplay(cache, "tardis", { trades: { days: 100, seconds: 300 } });
  expect(secondsADay(cache, "tardis").trades).toBe(400 / 200);
});

test("a cache that another version wrote, or that cannot be written to, fails no run", () => {
  writeFileSync(path.join(cache, "replay-speed.json"), '{"tardis":7}');
  expect(secondsADay(cache, "tardis")).toEqual({});
  recordReplay(path.join(__filename, "cache"), "tardis", { trades: { days: 1, seconds: 1 } });
  recordReplay(cache, "tardis", {});
  expect(secondsADay(cache, "tardis")).toEqual({});
});
