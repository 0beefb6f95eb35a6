import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditFolder } from "../store/present-audit.js";
import { query } from "../store/query.js";
import { SCHEMAS } from "../store/schema.js";
import { openStore, type Store } from "../store/store.js";
import type { DataType } from "../store/tables.js";
import { writePartition } from "../store/write.js";
import { type AuditResult, audit, type LocatedFinding } from "./audit.js";
import { AUDIT_SETTINGS } from "./settings.js";

const CAPTURES = path.resolve(__dirname, "../../../shared/market-data/datasets");
const hasCaptures = existsSync(CAPTURES);
if (!hasCaptures) console.warn(`skipped: no real captures at ${CAPTURES}`);

let store: Store;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-audit-"));
  store = await openStore(root);
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** Puts a capture into the store by the plainest way there is. */
async function put(
  exchange: string,
  symbol: string,
  date: string,
  ...types: readonly DataType[]
): Promise<void> {
  for (const type of types) {
    const file = path.join(CAPTURES, exchange, type, ...date.split("-"), `${symbol}.csv.gz`);
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split("\n").slice(1);
    const cells = lines.map((line) => line.split(",").slice(2));
    const columns = SCHEMAS[type].map(({ rule }, i) => {
      if (rule === "text") return cells.map((row) => row[i]!);
      if (rule === "flag") return Uint8Array.from(cells, (row) => Number(row[i] === "true"));
      if (rule === "tradeSide" || rule === "bookSide") {
        const sides: Record<string, number> = { buy: 1, bid: 1, sell: -1, ask: -1 };
        return Int8Array.from(cells, (row) => sides[row[i]!] ?? 0);
      }
      return Float64Array.from(cells, (row) => (row[i] === "" ? Number.NaN : Number(row[i])));
    });
    await writePartition(store, { type, exchange, symbol, date }, async ({ append }) => {
      append(columns, lines.length);
      const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
      return { source, rejected: {} };
    });
  }
}

const named = (result: AuditResult, check: string, type?: string): readonly LocatedFinding[] =>
  result.findings.filter(
    (finding) => finding.check === check && (type === undefined || finding.type === type),
  );

describe.skipIf(!hasCaptures)("real captures", () => {
  test("Binance 2024-08: clock 1.27 s early, book equals quotes, nothing else but coverage", async () => {
    const days = ["2024-08-08", "2024-08-09"];
    for (const date of days) {
      await put("binance", "BTCUSDT", date, "trades", "incremental_book_L2", "quotes");
    }
    const result = await audit(store, { exchange: "binance", symbols: ["BTCUSDT"], days });
    expect(result.verdict).toBe("usable");
    expect(new Set(result.findings.map(({ check }) => check))).toEqual(
      new Set(["coverage", "clock-offset"]),
    );
    for (const { value } of named(result, "clock-offset")) expect(value).toBeCloseTo(-1.27, 2);
    expect(result.hours).toHaveLength(6);
    expect(result.hours.every(({ verdict }) => verdict === "usable")).toBe(true);
    expect(result.findings.every(({ isFatal }) => !isFatal)).toBe(true);
  });

  test("a second run reads the verdicts back and gives the same", async () => {
    const request = { exchange: "binance", symbols: ["BTCUSDT"], days: ["2024-08-08"] };
    const first = await audit(store, request);
    const before = readFileSync(
      path.join(
        root,
        auditFolder({ exchange: "binance", symbol: "BTCUSDT", date: "2024-08-08" }),
        "manifest.json",
      ),
      "utf8",
    );
    expect(await audit(store, request)).toEqual(first);
    const lenient = { ...AUDIT_SETTINGS.clockOffset, earlySeconds: 10 };
    const strict = { ...AUDIT_SETTINGS, clockOffset: lenient };
    const other = await audit(store, { ...request, settings: strict });
    expect(named(other, "clock-offset")).toEqual([]);
    const after = readFileSync(
      path.join(
        root,
        auditFolder({ exchange: "binance", symbol: "BTCUSDT", date: "2024-08-08" }),
        "manifest.json",
      ),
      "utf8",
    );
    expect(after).not.toBe(before);
  });

  test("Bitstamp 2015: judged by its own pace of two seconds, the 57 s hole reported", async () => {
    await put("bitstamp", "BTCUSD", "2015-05-01", "trades", "incremental_book_L2", "quotes");
    const result = await audit(store, {
      exchange: "bitstamp",
      symbols: ["BTCUSD"],
      days: ["2015-05-01"],
    });
    const [hole] = named(result, "gap", "incremental_book_L2");
    expect(hole!.count).toBeLessThanOrEqual(3);
    const longest = Math.max(...hole!.spans!.map(([from, to]) => (to - from) / 1e6));
    expect(longest).toBeCloseTo(57.08, 2);
    expect(named(result, "gap", "trades")).toEqual([]);
    expect(named(result, "duplicate")).toEqual([]);
    expect(named(result, "coverage")).toEqual([]);
    expect(result.hours).toHaveLength(72);
    expect(result.hours.filter(({ verdict }) => verdict === "bad")).toEqual([]);
    expect(result.verdict).toBe("usable");
  });

  test("BitMEX 2018: tens of thousands of equal rows are no duplicates", async () => {
    await put("bitmex", "XBTUSD", "2018-01-01", "trades");
    const result = await audit(store, {
      exchange: "bitmex",
      symbols: ["XBTUSD"],
      days: ["2018-01-01"],
    });
    expect(named(result, "duplicate")).toEqual([]);
    expect(named(result, "gap")).toEqual([]);
    expect(result.findings.map(({ check, type }) => [check, type])).toEqual([
      ["coverage", "incremental_book_L2"],
    ]);
    expect(result.verdict).toBe("usable");
  });

  test("Coinbase 2018: nothing crossed", async () => {
    await put("coinbase", "BTC-USD", "2018-04-17", "trades", "incremental_book_L2");
    const result = await audit(store, {
      exchange: "coinbase",
      symbols: ["BTC-USD"],
      days: ["2018-04-17"],
    });
    expect(result.findings.map(({ check }) => check)).toEqual(["coverage", "coverage"]);
    expect(result.verdict).toBe("usable");
  });
});

test("asking for data that is not there is wrong usage", async () => {
  await expect(
    audit(store, { exchange: "binance", symbols: ["NONE"], days: ["2024-08-08"] }),
  ).rejects.toThrow(/of which the store has nothing; fetch it with/);
});

test("a trade whose id came before is a duplicate; damaged verdicts are made again", async () => {
  const put = (date: string, ids: readonly string[]): Promise<unknown> =>
    writePartition(
      store,
      { type: "trades", exchange: "binance", symbol: "PLANTED", date },
      async ({ append }) => {
        const time = Float64Array.from(ids, (_, i) => Date.parse(date) * 1000 + 1e6 * i);
        const ones = new Float64Array(ids.length).fill(1);
        append([time, time, ids, Int8Array.from(ones), ones, ones], ids.length);
        const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
        return { source, rejected: { price: 2 } };
      },
    );
  await put("2024-05-01", ["1", "2", "3", "4"]);
  await put("2024-05-02", ["5", "6", "5", "7", "6"]);
  const result = await audit(store, {
    exchange: "binance",
    symbols: ["PLANTED"],
    days: ["2024-05-01", "2024-05-02"],
  });
  expect(named(result, "duplicate")).toMatchObject([
    { date: "2024-05-02", count: 2, first: "2024-05-02T00:00:02.000Z", isFatal: false },
  ]);
  expect(named(result, "rejected-row").map(({ count }) => count)).toEqual([2, 2]);
  const told = await query(
    store,
    `SELECT date, check_name, "count", first_us FROM findings WHERE symbol = 'PLANTED' AND type = 'trades'
     AND check_name = 'duplicate'`,
  );
  expect(told.rows).toEqual([
    ["2024-05-02", "duplicate", 2, Date.parse("2024-05-02T00:00:02Z") * 1000],
  ]);
  const good = await query(store, "SELECT count(*) FROM verdicts WHERE symbol = 'PLANTED'");
  expect(Number(good.rows[0]![0])).toBe(result.hours.length);
  const verdicts = `${auditFolder({ exchange: "binance", symbol: "PLANTED", date: "2024-05-01" })}/part-0.parquet`;
  await appendFile(store.path(verdicts), "x");
  await store.close();
  store = await openStore(root);
  const again = await audit(store, {
    exchange: "binance",
    symbols: ["PLANTED"],
    days: ["2024-05-01", "2024-05-02"],
  });
  expect(again).toEqual(result);
});
