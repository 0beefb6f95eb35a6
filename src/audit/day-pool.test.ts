import { execFile } from "node:child_process";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dayStartUs, SECOND_US } from "../core/time.js";
import { PARQUET_FILE, partitionFolder } from "../store/partition.js";
import { openStore, type Store } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { auditDay, type DayAudit } from "./audit-day.js";
import { openDayPool } from "./day-pool.js";
import { AUDIT_SETTINGS } from "./settings.js";

/** What became of days in a process of its own: threads run what was compiled, and start from the main thread alone. */
const SCRIPT = `
const { openDayPool } = require("./dist/audit/day-pool.js");
const { AUDIT_SETTINGS } = require("./dist/audit/settings.js");
const [root, ...days] = process.argv.slice(1);
const pool = openDayPool({ root }, days.length);
const key = (date) => ({ exchange: "binance", symbol: "POOL", date });
Promise.allSettled(days.map((date) => pool.run({ day: key(date), types: ["trades"], settings: AUDIT_SETTINGS })))
  .then(async (outcomes) => {
    await pool.close();
    const told = ({ name, message, exitCode }) => ({ name, message, exitCode });
    const found = outcomes.map(({ value, reason }) => value ?? told(reason));
    process.stdout.write(JSON.stringify({ jobs: pool.jobs, found }));
  });
`;

const PROJECT = path.resolve(__dirname, "../..");

async function inThreads(
  root: string,
  days: readonly string[],
): Promise<{ readonly jobs: number; readonly found: readonly DayAudit[] }> {
  const child = await promisify(execFile)(process.execPath, ["-e", SCRIPT, root, ...days], {
    cwd: PROJECT,
  });
  return JSON.parse(child.stdout);
}

const DAYS = ["2024-05-01", "2024-05-02", "2024-05-03"] as const;
let store: Store;

beforeEach(async () => {
  store = await openStore(await mkdtemp(path.join(tmpdir(), "tickbook-pool-")));
});

afterEach(async () => {
  await store.close();
  await rm(store.root, { recursive: true, force: true });
});

const dayOf = (date: string) => ({ exchange: "binance", symbol: "POOL", date });

/** Trades a second apart, of which some come twice. */
async function put(date: string, repeats: number): Promise<void> {
  await writePartition(store, { ...dayOf(date), type: "trades" }, async ({ append }) => {
    const ids = Array.from({ length: 600 }, (_, i) => String(i < repeats ? 0 : i));
    const time = Float64Array.from(ids, (_, i) => dayStartUs(date) + i * SECOND_US);
    const ones = new Float64Array(600).fill(1);
    append([time, time, ids, Int8Array.from(ones), ones, ones], 600);
    const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

test("threads find what the caller's thread finds, day by day", async () => {
  for (const [i, date] of DAYS.entries()) await put(date, 5 * i);
  const { jobs, found } = await inThreads(store.root, DAYS);
  expect(jobs).toBe(Math.min(DAYS.length, availableParallelism()));
  const own = DAYS.map((date) => auditDay(store, dayOf(date), ["trades"], AUDIT_SETTINGS));
  expect(found).toEqual(JSON.parse(JSON.stringify(await Promise.all(own))));
  const repeats = found.map(({ findings }) => findings.some((one) => one.check === "duplicate"));
  expect(repeats).toEqual([false, true, true]);
});

test("a damaged day is told in the words of the caller's thread, and the others are checked", async () => {
  for (const date of DAYS) await put(date, 0);
  const folder = partitionFolder({ ...dayOf(DAYS[1]), type: "trades" });
  await appendFile(store.path(`${folder}/${PARQUET_FILE}`), "x");
  const { found } = await inThreads(store.root, DAYS);
  const own = auditDay(store, dayOf(DAYS[1]), ["trades"], AUDIT_SETTINGS);
  const told = await own.then(
    () => undefined,
    (error: Error) => error.message,
  );
  expect(told).toMatch(/bytes/);
  expect(found[1]).toEqual({ name: "DataError", message: told, exitCode: 1 });
  for (const i of [0, 2]) expect(found[i]!.findings).toMatchObject([{ check: "coverage" }]);
});

test("code that was not compiled starts no thread", () => {
  expect(openDayPool(store, DAYS.length).jobs).toBe(1);
});
