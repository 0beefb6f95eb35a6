import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DataError } from "../core/errors.js";
import { dayStartUs, SECOND_US } from "../core/time.js";
import { auditFolder } from "../store/present-audit.js";
import { openStore, type Store } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { type AuditResult, audit } from "./audit.js";
import { auditDay } from "./audit-day.js";
import { AUDIT_SETTINGS } from "./settings.js";

vi.mock("./audit-day.js", async (original) => {
  const real = (await original()) as object & { readonly auditDay: typeof auditDay };
  return { ...real, auditDay: vi.fn(real.auditDay) };
});

const DAY = { exchange: "binance", symbol: "RACE", date: "2024-05-01" };
const REQUEST = {
  exchange: "binance",
  symbols: ["RACE"],
  days: [DAY.date],
  settings: AUDIT_SETTINGS,
};
const CLEAN = ["1", "2", "3", "4", "5"];
const REPEATED = ["1", "2", "3", "3", "3"];

const audited = vi.mocked(auditDay);
const real = audited.getMockImplementation()!;
let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-race-"));
  store = await openStore(root);
});

afterEach(async () => {
  audited.mockReset();
  await store.close();
  await rm(root, { recursive: true, force: true });
});

async function putTrades(ids: readonly string[]): Promise<void> {
  await writePartition(store, { ...DAY, type: "trades" }, async ({ append }) => {
    const time = Float64Array.from(ids, (_, i) => dayStartUs(DAY.date) + SECOND_US * i);
    const ones = new Float64Array(ids.length).fill(1);
    append([time, time, ids, Int8Array.from(ones), ones, ones], ids.length);
    const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

const repeats = ({ findings }: AuditResult): number =>
  findings.filter(({ check }) => check === "duplicate").length;

test("trades that are replaced before they are read are judged under their own name, not the former's", async () => {
  await putTrades(CLEAN);
  audited.mockImplementationOnce(async (...given) => {
    await putTrades(REPEATED);
    return await real(...given);
  });
  expect(repeats(await audit(store, REQUEST))).toBe(1);
  await putTrades(CLEAN);
  expect(repeats(await audit(store, REQUEST))).toBe(0);
  await putTrades(REPEATED);
  expect(repeats(await audit(store, REQUEST))).toBe(1);
});

test("what a replacement breaks in mid-read is read again; what is broken by itself is told", async () => {
  await putTrades(CLEAN);
  const broken = new DataError({ message: "was broken" });
  audited.mockImplementationOnce(async () => {
    await putTrades(REPEATED);
    throw broken;
  });
  expect(repeats(await audit(store, REQUEST))).toBe(1);
  await putTrades(CLEAN);
  audited.mockRejectedValueOnce(broken);
  await expect(audit(store, REQUEST)).rejects.toBe(broken);
});

test("a day that is replaced again and again is given up, and nothing is stored", async () => {
  await putTrades(CLEAN);
  let rows = 5;
  audited.mockImplementation(async (...given) => {
    const result = await real(...given);
    await putTrades(Array.from({ length: ++rows }, (_, i) => String(i)));
    return result;
  });
  await expect(audit(store, REQUEST)).rejects.toThrow(
    /binance RACE 2024-05-01: was replaced in each of 3 audits; .*npx tickbook audit/,
  );
  expect(existsSync(store.path(auditFolder(DAY)))).toBe(false);
});
