// Which rows may be used, and how far back may a window reach? A table made by hand says.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { NO_BOOK_BIT, NO_TRADE_BIT } from "../features/catalogue.js";
import { featuresFolder, settingsOrigin } from "../features/feature-partition.js";
import { verdictSource } from "../features/hourly-verdicts.js";
import { writeDerived } from "../store/derived.js";
import { openStore, type Store } from "../store/store.js";
import { buildDataset } from "./build-dataset.js";
import type { Dataset } from "./matrix.js";

const DATE = "2024-03-01";
const ROWS = 100;

const root = mkdtempSync(path.join(tmpdir(), "tickbook-symbol-rows-"));
let store: Store;
let dataset: Dataset;

const within = (i: number, from: number, to: number): boolean => i >= from && i < to;
const column = (value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: ROWS }, (_, i) => value(i));
const marked = (bits: (i: number) => readonly number[]): BigUint64Array =>
  BigUint64Array.from({ length: ROWS }, (_, i) =>
    bits(i).reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n),
  );

/**
 * First symbol: warm-up to 15, nothing traded in 20–24, no book in 40–42, five minutes missing before 60 and warm-up to 75
 * again, 80–89 bad.
 */
const FIRST = {
  bar_end_us: column((i) => dayStartUs(DATE) + (i + 1 + (i < 60 ? 0 : 5)) * MINUTE_US),
  mid: column((i) => (within(i, 40, 43) ? Number.NaN : 100)),
  log_ret_15: column((i) => (i < 15 || within(i, 60, 75) ? Number.NaN : 0)),
  tfi: column((i) => (within(i, 20, 25) ? Number.NaN : 0.5)),
  close: column(() => 100),
  volume_ratio_60: column(() => 0),
  valid: marked((i) =>
    within(i, 20, 25) ? [NO_TRADE_BIT] : within(i, 40, 43) ? [NO_BOOK_BIT] : [],
  ),
  source: "incremental_book_L2",
  verdict: Array.from({ length: ROWS }, (_, i) => (within(i, 80, 90) ? "bad" : "usable")),
};
/** Second symbol: one whole run, never audited. */
const SECOND = {
  ...FIRST,
  bar_end_us: column((i) => dayStartUs(DATE) + (i + 1) * MINUTE_US),
  mid: column(() => 100),
  log_ret_15: column(() => 0),
  tfi: column(() => 0.5),
  valid: marked(() => []),
  verdict: new Array<string>(ROWS).fill("unknown"),
};

beforeAll(async () => {
  store = await openStore(root);
  const market = { exchange: "binance", date: DATE };
  for (const [symbol, columns] of Object.entries({ FIRST, SECOND })) {
    const day = { ...market, symbol };
    const inputs = { trades: "trades", incremental_book_L2: null };
    const verdicts = await verdictSource(store, day, inputs);
    const settings = { barUs: MINUTE_US, staleAfterUs: 60e6 } as const;
    const made = settingsOrigin(day, { ...settings, bookSource: "incremental_book_L2" });
    const origin = { inputs, verdicts, before: null, ...made };
    await writeDerived(store, featuresFolder(day, MINUTE_US), columns, origin);
  }
  const request = { exchange: "binance", symbols: ["FIRST", "SECOND"], days: [DATE] };
  dataset = await buildDataset(store, { ...request, features: ["log_ret_15", "tfi"] });
});

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

test("a run begins after warm-up, after a bar without a book and after missing bars, anew in each symbol", () => {
  const expected = Array.from({ length: 2 * ROWS }, (_, i) => {
    if (i >= ROWS) return ROWS;
    if (i >= 75) return 75;
    if (within(i, 43, 60)) return 43;
    return within(i, 15, 40) ? 15 : i;
  });
  expect([...dataset.runStart]).toEqual(expected);
});

test("rows are counted under the first cause that holds", () => {
  // The store has no book to label by, so no row is left.
  const noLabel = 2 * ROWS - 30 - 3;
  expect(dataset.excluded).toEqual({
    "not in the source": 0,
    "warm-up": 15 + 15,
    "no valid book": 3,
    "no label": noLabel,
  });
  expect(dataset.isUsable.every((usable) => usable === 0)).toBe(true);
  // A decision needs no label.
  expect(dataset.isPredictable.reduce((sum, is) => sum + is, 0)).toBe(noLabel);
});

test("rows of bad hours are marked, and of hours that nobody audited", () => {
  const rows = Array.from({ length: 2 * ROWS }, (_, i) => i);
  expect(rows.filter((i) => dataset.isBad[i] === 1)).toEqual(rows.filter((i) => within(i, 80, 90)));
  expect(rows.filter((i) => dataset.isAudited[i] === 1)).toEqual(rows.slice(0, ROWS));
});
