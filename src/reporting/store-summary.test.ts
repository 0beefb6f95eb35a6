import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { type IngestedPartition, ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { openStore, type Store } from "../store/store.js";
import { bookWindow } from "./book-window.js";
import { ingestAnswer, ingestFindings, ingestTotals } from "./ingest-report.js";
import { busiestWindow } from "./look-window.js";
import { marketWindow } from "./market-window.js";
import {
  arrivalDelays,
  countRows,
  describeData,
  marketLooks,
  marketRange,
} from "./store-summary.js";

// Trades and quotes of three minutes, without a book.
const CAPTURES = path.resolve(__dirname, "..", "..", "..", "shared", "market-data", "datasets");
const market = marketRange("binance", "BTC,ETH,SOL", "2025-03-25", "2025-03-26");

const isThere = existsSync(CAPTURES);
if (!isThere) process.stderr.write("skipped: the real captures are not on this machine\n");

let folder = "";
let store: Store;
let files: readonly IngestedPartition[] = [];

beforeAll(async () => {
  if (!isThere) return;
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-summary-"));
  store = await openStore(folder);
  files = await ingest(store, await openSource(CAPTURES), market);
});

afterAll(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(isThere)("rows reported, listed and counted in the files agree", async () => {
  const { rows, failed } = ingestTotals(files);
  expect(failed).toBe(0);
  expect(rows).toBeGreaterThan(10_000);
  expect(await countRows(store, market)).toBe(rows);
  const facts = await describeData(store, market);
  expect(facts.rows).toBe(rows);
  expect(facts.manifests).toHaveLength(files.filter(({ status }) => status === "written").length);
  expect(facts.fromUs).toBeGreaterThanOrEqual(Date.UTC(2025, 2, 25, 23, 6) * 1000);
  expect(facts.toUs).toBeLessThanOrEqual(Date.UTC(2025, 2, 25, 23, 11) * 1000);
  expect(ingestFindings(files)).toContain(`**${rows.toLocaleString("en-US")} rows**`);
});

test.runIf(isThere)(
  "without a book the book's window says what is missing, the quotes' is there",
  async () => {
    const busiest = await busiestWindow(store, market, "BTCUSDT");
    expect(isShortfall(await bookWindow(store, busiest))).toBe(true);
    const window = await marketWindow(store, busiest);
    if (isShortfall(window)) throw new Error("there are quotes and trades");
    const { quotes, trades } = window;
    expect(trades.price.length).toBeGreaterThan(1000);
    expect(quotes.bidPrice.every((bid, i) => bid < quotes.askPrice[i]!)).toBe(true);
  },
);

test.runIf(isThere)(
  "three minutes are too few to compare with real markets, and that is no failure",
  async () => {
    const looks = await marketLooks(store, market);
    expect(isShortfall(looks)).toBe(true);
    expect(ingestAnswer(files, looks).verdict).toBe("undecided");
  },
);

test.runIf(isThere)("delays rise with their level and are counted", async () => {
  const delays = await arrivalDelays(store, market);
  if (isShortfall(delays)) throw new Error("there are trades");
  expect(delays.map(({ symbol }) => symbol)).toEqual(market.symbols);
  for (const { delayMs, levels } of delays) {
    expect(delayMs).toHaveLength(levels.length);
    expect([...delayMs].sort((a, b) => a - b)).toEqual(delayMs);
  }
});

test("a file that failed makes the answer no, with its reason", () => {
  const file = { exchange: "x", symbol: "A", type: "trades", date: "2024-01-01" } as const;
  const failed = {
    ...file,
    status: "failed",
    rows: 0,
    rejected: 0,
    reason: "was cut off",
  } as const;
  expect(ingestAnswer([failed], []).verdict).toBe("fail");
  expect(ingestFindings([failed])).toContain("A trades 2024-01-01 failed:** was cut off");
});
