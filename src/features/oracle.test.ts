// Features of real ticks against slow definitions that share no code with the engine: SQL over the vendor's files, and a
// book of Maps with plain lists of its states.
import { beforeAll, describe, expect, test } from "vitest";
import { captureBookChanges, captureTrades, hasCaptures } from "../market/test-captures.js";
import type { BookRow } from "../market/test-snapshots.js";
import { FEATURES } from "./catalogue.js";
import type { FeatureRow } from "./feature-rows.js";
import { compare, type PlainColumns } from "./test-agreement.js";
import { mapBookStates } from "./test-map-book.js";
import { concat, featureRows } from "./test-market.js";
import { plainBookColumns } from "./test-plain-rows.js";
import { sqlTradeFeatures } from "./test-sql-features.js";
import { allowedValues, BOUNDED } from "./test-warm-ups.js";

const MINUTE = 60e6;

/**
 * Captures of trades and book that are one stream, how many bars they are, how many values of each feature they allow, and
 * how many states the book has: at Bitstamp as many as the vendor's own snapshots, at Binance one for each message.
 */
const MARKETS = [
  [
    "bitstamp",
    ["2015/05/01/BTCUSD"],
    { bars: 1440, states: 29_992 },
    {
      // Nobody traded in 398 of the minutes, and in 681 of the others nobody bought or nobody sold.
      ...{ tfi: 1042, vwap_dev_bar: 1042, effective_spread_bps: 1042, vwap_side_gap: 361 },
    },
  ],
  [
    "binance",
    ["2024/08/08/BTCUSDT", "2024/08/09/BTCUSDT"],
    { bars: 12, states: 6493 },
    { vwap_dev_session: 0 },
  ],
  [
    "binance",
    ["2024/08/08/ETHUSDT", "2024/08/09/ETHUSDT"],
    { bars: 12, states: 6469 },
    { vwap_dev_session: 0 },
  ],
  ["binance-futures", ["2024/08/08/BTCUSDT"], { bars: 6, states: 6546 }, { vwap_dev_session: 0 }],
] as const;

test("what is compared here is all of the catalogue but TA-Lib's indicators and vpin, which have tests of their own", () => {
  const others = FEATURES.filter(({ name }) => !BOUNDED.includes(name));
  expect(others.map(({ number }) => number)).toEqual([
    ...Array.from({ length: 14 }, (_, i) => 10 + i),
    43,
  ]);
});

describe.skipIf(!hasCaptures).each(MARKETS)(
  "real ticks of %s %s (needs ../shared/market-data)",
  (exchange, days, { bars, states }, allowed) => {
    let rows: readonly FeatureRow[];
    let sql: PlainColumns;
    let book: readonly BookRow[];
    let plain: PlainColumns;

    beforeAll(async () => {
      if (!hasCaptures) return;
      const names = (type: string): string[] => days.map((day) => `${exchange}/${type}/${day}`);
      const trades = names("trades").map(captureTrades).reduce(concat);
      const bookChanges = names("incremental_book_L2").map(captureBookChanges).reduce(concat);
      rows = await featureRows({ trades, bookChanges }, {});
      sql = await sqlTradeFeatures(names("trades"), "linear");
      const fromUs = Math.floor(bookChanges.localTimestampUs[0]! / MINUTE) * MINUTE;
      const of = { fromUs, barUs: MINUTE, count: bars, staleUs: MINUTE, levels: 20 };
      book = mapBookStates(bookChanges);
      plain = plainBookColumns(book, trades, of);
    });

    test("every value of every bar equals its definition, and as many are there as the data allow", () => {
      expect(book).toHaveLength(states);
      const { bar_end_us: ends, ...traded } = sql;
      expect(rows.map(({ barEndUs }) => barEndUs)).toEqual(ends);
      const { wrong, values } = compare(rows, { ...traded, ...plain });
      expect(wrong).toEqual([]);
      expect(values).toEqual({ ...allowedValues(BOUNDED, bars), ...allowed });
    });
  },
);
