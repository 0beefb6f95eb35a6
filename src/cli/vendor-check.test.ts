import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tracesOf } from "../ingest/test-server.js";
import { type DatasetServer, startDatasetServer } from "../simulate/dataset-server.js";
import { checkVendor, keyFindings } from "./vendor-check.js";

const KEY = "TD.canary-9e8d7c6b5a";
const root = mkdtempSync(path.join(tmpdir(), "tickbook-vendor-"));
let server: DatasetServer;

beforeAll(async () => {
  for (const file of ["binance/trades/2024/01/01/BTCUSDT", "binance/quotes/2024/01/31/ETHUSDT"]) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, `${file}.csv.gz`), gzipSync("exchange"));
  }
  server = await startDatasetServer(root, { key: KEY, hasFreeDays: true });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const vendor = () => ({
  endpoint: `${server.url}/v1`,
  certificate: server.certificate,
  firstWaitMs: 1,
});

test("a valid key: plan, exchange, days and symbols are said in words and as data", async () => {
  const { findings, reach } = await checkVendor(KEY, vendor());
  expect(findings.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    "key's validity: valid; plan: mirror (local)",
    "opens binance: 2024-01-01 to 2024-01-31, all symbols; " +
      "files of 2 symbols up to 2024-01-31: BTCUSDT since 2024-01-01, ETHUSDT since 2024-01-31",
  ]);
  expect(reach).toMatchObject({
    isKeyValid: true,
    plans: ["mirror (local)"],
    opens: [{ exchange: "binance", to: "2024-02-01T00:00:00.000Z", symbols: [] }],
  });
});

test("a wrong key is said to be wrong, and not shown", async () => {
  const wrong = "TD.wrong-1234567890";
  const check = await checkVendor(wrong, vendor());
  expect(check.reach.isKeyValid).toBe(false);
  expect(check.findings).toMatchObject([{ name: "key's validity", value: null, isNeeded: true }]);
  expect(check.findings[0]!.remark).toMatch(/answered 401; the key is wrong or has run out/);
  for (const trace of tracesOf(wrong)) expect(JSON.stringify(check)).not.toContain(trace);
});

test("without a key the vendor's free days are named, and how far they go", async () => {
  const { findings, reach } = await checkVendor("", vendor());
  expect(findings[0]!.value).toBe(
    "answers; without a key it gives the first day of each month, for example 2024-11-01, now up to 2024-01-31",
  );
  expect(reach).toMatchObject({ isKeyValid: null, opens: [] });
});

test("a network that is down is said, with and without a key", async () => {
  const down = { ...vendor(), endpoint: "https://localhost:1/v1" };
  for (const key of ["", KEY]) {
    const { findings, reach } = await checkVendor(key, down);
    expect(findings).toMatchObject([{ name: "vendor", value: null, isNeeded: true }]);
    expect(findings[0]!.remark).toMatch(
      /^vendor: was https:\/\/localhost:1\/v1, which could not be reached.*check .*the network/,
    );
    expect(reach.isKeyValid).toBeNull();
  }
});

test("a key is said to be set or missing, a secret to be unused; neither is shown", () => {
  const [missing] = keyFindings({ TARDIS_API_KEY: "" });
  expect(missing).toMatchObject({ value: null, isNeeded: false });
  expect(missing!.remark).toMatch(/first day of each month needs none/);
  const both = keyFindings({ TARDIS_API_KEY: KEY, TARDIS_API_SECRET: "canary-secret-1" });
  expect(both.map(({ value }) => value)).toEqual([
    "TARDIS_API_KEY is set",
    "TARDIS_API_SECRET is set",
  ]);
  expect(both[1]!.remark).toMatch(/accepted and unused/);
  expect(JSON.stringify(both)).not.toMatch(/canary/);
});
