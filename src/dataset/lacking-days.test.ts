// Which days lack the book or the trades that features are made from, and what becomes of a set, of its columns and of the rows?
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshStore } from "../audit/sources/test-sources.js";
import { catalogue } from "../features/catalogue.js";
import type { Store } from "../store/store.js";
import { buildDataset } from "./build-dataset.js";
import type { ColumnSet } from "./column-sets.js";
import type { Dataset } from "./matrix.js";
import { DAYS, EXCHANGE, storeLacking } from "./test-lacking-market.js";

const OF_BOOK = catalogue()
  .filter(({ inputs }) => inputs.includes("book"))
  .map(({ name }) => name);
const OF_TRADES = catalogue()
  .filter(({ inputs }) => inputs.includes("trades"))
  .map(({ name }) => name);

let store: Store;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  await storeLacking(store, {
    BTCUSDT: {},
    ETHUSDT: { book: 3 },
    SOLUSDT: { all: 3 },
    XRPUSDT: { trades: 3 },
    ADAUSDT: { trades: 5 },
  });
});
afterAll(() => remove());

const built = (
  symbols: readonly string[],
  features?: readonly string[] | ColumnSet,
  days: readonly string[] = DAYS,
): Promise<Dataset> =>
  buildDataset(store, {
    ...{ exchange: EXCHANGE, symbols, days },
    ...(features === undefined ? {} : { features }),
  });

/** Times of a symbol's usable rows. */
const usable = (dataset: Dataset, symbol: string): readonly number[] =>
  [...dataset.barEndUs].filter(
    (_, row) =>
      dataset.isUsable[row] === 1 && dataset.symbols[dataset.symbolIndex[row]!] === symbol,
  );

test("a set is refused by the names of columns whose source a symbol lacks on most days, with the days and the remedy", async () => {
  const refused = built(["BTCUSDT", "ETHUSDT"], "full");
  await expect(refused).rejects.toThrow(OF_BOOK.join(", "));
  await expect(refused).rejects.toThrow(
    "needs an order book, and ETHUSDT has no book on 3 of 5 days (2024-02-05 to 2024-02-07); " +
      "ingest the book of these days and run `npx tickbook features` again, leave these days or the symbol out, or give --columns base",
  );
  await expect(refused).rejects.not.toThrow("tfi");
  for (const set of ["base", "full"] as const) {
    const tradeless = built(["BTCUSDT", "XRPUSDT"], set);
    await expect(tradeless).rejects.toThrow(
      /log_ret_5, .*: needs trades, and XRPUSDT has no trades on 3 of 5 days .*; ingest the trades of these days/,
    );
    await expect(tradeless).rejects.not.toThrow("--columns");
  }
});

test("the base set needs no book, and few days without one do not take it away from the others", async () => {
  const base = await built(["BTCUSDT", "ETHUSDT"], "base");
  expect(base.featureNames.filter((name) => OF_BOOK.includes(name))).toEqual([]);
  const later = await built(["BTCUSDT", "ETHUSDT"], "full", DAYS.slice(1));
  expect(later.featureNames).toEqual(expect.arrayContaining(OF_BOOK));
  expect(later.excluded["not in the source"]).toBe(2 * 1440);
});

test("where no set is asked, all columns stay, and rows of days without a book are left out and counted", async () => {
  const dataset = await built(["BTCUSDT", "ETHUSDT"]);
  expect(dataset.featureNames).toEqual(expect.arrayContaining(OF_BOOK));
  expect(dataset.leftOut.filter((name) => OF_BOOK.includes(name))).toEqual([]);
  expect(dataset.excluded["not in the source"]).toBe(3 * 1440);
  const alone = await built(["BTCUSDT"], dataset.featureNames);
  expect(usable(dataset, "BTCUSDT")).toEqual(usable(alone, "BTCUSDT"));
  // Two days less half a day of warm-up: what needs more than these two days is young.
  expect(usable(dataset, "ETHUSDT").length).toBeGreaterThan(2000);
  // As a trial of it is read again.
  const again = await built(["BTCUSDT", "ETHUSDT"], dataset.featureNames);
  expect(again.hash).toBe(dataset.hash);
});

test("days that are not there at all are a gap: the set stays, and no row is missing in the source", async () => {
  const dataset = await built(["BTCUSDT", "SOLUSDT"], "full");
  expect(dataset.featureNames).toEqual(expect.arrayContaining(OF_BOOK));
  expect(dataset.rows).toBe((5 + 2) * 1440);
  expect(dataset.excluded["not in the source"]).toBe(0);
});

test("what a symbol has on no day is left out where no set is asked, and is not called young", async () => {
  const dataset = await built(["BTCUSDT", "ADAUSDT"]);
  expect(dataset.featureNames.filter((name) => OF_TRADES.includes(name))).toEqual([]);
  expect(dataset.featureNames).toContain("obi_l1");
  expect(dataset.leftOut.filter((name) => OF_TRADES.includes(name))).toEqual([]);
  expect(usable(dataset, "ADAUSDT").length).toBeGreaterThan(6000);
});
