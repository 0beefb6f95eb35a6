import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { dayStartUs, SECOND_US } from "../core/time.js";
import { partitionFolder } from "../store/partition.js";
import { auditFolder } from "../store/present-audit.js";
import { openStore, type Store } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { type AuditResult, audit } from "./audit.js";
import { auditDay } from "./audit-day.js";
import { damagedDay } from "./damaged-day.js";
import { AUDIT_SETTINGS } from "./settings.js";

const DAYS = ["2024-05-01", "2024-05-02", "2024-05-03"] as const;
const SYMBOLS = ["BROKEN", "WHOLE"] as const;
let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-damaged-"));
  store = await openStore(root);
  for (const symbol of SYMBOLS) for (const date of DAYS) await put(symbol, date);
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

const trades = (symbol: string, date: string) =>
  ({ type: "trades", exchange: "binance", symbol, date }) as const;

async function put(symbol: string, date: string): Promise<void> {
  await writePartition(store, trades(symbol, date), async ({ append }) => {
    const time = Float64Array.from({ length: 50 }, (_, i) => dayStartUs(date) + i * SECOND_US);
    const ones = new Float64Array(50).fill(1);
    append([time, time, Array.from(time, String), Int8Array.from(ones), ones, ones], 50);
    const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

const run = (): Promise<AuditResult> =>
  audit(store, { exchange: "binance", symbols: SYMBOLS, days: DAYS, settings: AUDIT_SETTINGS });

const hasVerdicts = (symbol: string, date: string): boolean =>
  existsSync(store.path(auditFolder({ exchange: "binance", symbol, date })));

test.each(["part-0.parquet", "manifest.json"])(
  "a damaged %s is fatal for its symbol, type and day; all others are audited and stored",
  async (name) => {
    const folder = partitionFolder(trades("BROKEN", DAYS[1]));
    const file = store.path(`${folder}/${name}`);
    await (name === "manifest.json" ? writeFile(file, "{") : appendFile(file, "x"));
    const result = await run();
    expect(result.verdict).toBe("bad");
    const fatal = result.findings.filter(({ isFatal }) => isFatal);
    expect(fatal).toMatchObject([
      { check: "coverage", type: "trades", symbol: "BROKEN", date: DAYS[1] },
    ]);
    expect(fatal[0]!.detail).toContain(`${folder}/${name}`);
    expect(fatal[0]!.detail).toMatch(
      /; fetch it again with `npx tickbook ingest .*--types trades`/,
    );
    expect(result.hours).toHaveLength(5);
    for (const symbol of SYMBOLS) {
      for (const date of DAYS) {
        const isDamaged = symbol === "BROKEN" && date === DAYS[1];
        expect([symbol, date, hasVerdicts(symbol, date)]).toEqual([symbol, date, !isDamaged]);
      }
    }
  },
);

test.skipIf(!existsSync("/proc/self/fd"))(
  "no file of a day that cannot be read stays open",
  async () => {
    const key = { ...trades("BROKEN", DAYS[1]), type: "quotes" } as const;
    await writePartition(store, key, async ({ append }) => {
      // Of one batch the file is closed as soon as it is read.
      const rows = 400_000;
      const time = Float64Array.from({ length: rows }, (_, i) => dayStartUs(DAYS[1]) + i);
      const ones = new Float64Array(rows).fill(1);
      append([time, time, ones, ones, ones, ones], rows);
      const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
      return { source, rejected: {} };
    });
    await appendFile(
      store.path(`${partitionFolder(trades("BROKEN", DAYS[1]))}/part-0.parquet`),
      "x",
    );
    const day = { exchange: "binance", symbol: "BROKEN", date: DAYS[1] };
    const audited = auditDay(store, day, ["trades", "quotes"], AUDIT_SETTINGS);
    await expect(audited).rejects.toThrow(DataError);
    const open = (await readdir("/proc/self/fd")).map((fd) =>
      readlink(`/proc/self/fd/${fd}`).catch(() => ""),
    );
    expect((await Promise.all(open)).filter((file) => file.includes("symbol=BROKEN"))).toEqual([]);
  },
);

test.each(["emptied", "deleted"])(
  "a table that was %s after its audit is fatal although its verdicts are stored",
  async (how) => {
    expect((await run()).verdict).not.toBe("bad");
    const table = store.path(`${partitionFolder(trades("BROKEN", DAYS[1]))}/part-0.parquet`);
    await (how === "emptied" ? writeFile(table, "") : rm(table));
    const { verdict, findings } = await run();
    expect(verdict).toBe("bad");
    expect(findings.filter(({ isFatal }) => isFatal)).toMatchObject([
      { symbol: "BROKEN", type: "trades", date: DAYS[1] },
    ]);
  },
);

test("a day that was mended has its verdict again", async () => {
  const before = await run();
  await put("BROKEN", DAYS[1]);
  await rm(store.path(auditFolder({ exchange: "binance", symbol: "BROKEN", date: DAYS[1] })), {
    recursive: true,
  });
  await appendFile(store.path(`${partitionFolder(trades("BROKEN", DAYS[1]))}/part-0.parquet`), "x");
  expect((await run()).verdict).toBe("bad");
  await put("BROKEN", DAYS[1]);
  expect(await run()).toEqual(before);
});

test("an error that is of no partition of the day is not the day's", () => {
  const day = { exchange: "binance", symbol: "BROKEN", date: DAYS[1] };
  const other = `${partitionFolder(trades("BROKEN", DAYS[2]))}/part-0.parquet`;
  for (const error of [
    new DataError({ message: "was broken" }),
    new DataError({ file: other, message: "was broken" }),
    new Error(partitionFolder(trades("BROKEN", DAYS[1]))),
  ]) {
    expect(damagedDay(day, error)).toBeUndefined();
  }
});
