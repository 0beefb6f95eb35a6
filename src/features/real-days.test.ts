// Three whole days of an inverse contract, tick by tick: are the features what SQL says, and does batch equal one stream?
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { contractOf } from "../market/contract.js";
import { captureTrades, hasCaptures } from "../market/test-captures.js";
import { readDerived } from "../store/derived.js";
import { openStore, type Store } from "../store/store.js";
import type { Trades } from "../store/tables.js";
import { FEATURES } from "./catalogue.js";
import { computeFeatures } from "./compute-features.js";
import { featuresFolder } from "./feature-partition.js";
import type { FeatureRow } from "./feature-rows.js";
import { columnOf, compare } from "./test-agreement.js";
import { cutRows, firstDifference } from "./test-cuts.js";
import { concat, featureRows, rowsBefore, slice, storeMarket } from "./test-market.js";
import { plainRegimes, plainVpin } from "./test-plain-trades.js";
import { sqlTradeFeatures } from "./test-sql-features.js";
import { allowedValues, BOUNDED } from "./test-warm-ups.js";

const MINUTE = 60e6;
const PLACE = { exchange: "bitmex", symbol: "XBTUSD" };
const DATES = ["2018-01-01", "2018-01-02", "2018-01-03"];
const contract = contractOf(PLACE.exchange, PLACE.symbol);
const NAMES = DATES.map((date) => `bitmex/trades/${date.replaceAll("-", "/")}/XBTUSD`);
const BEGIN_US = dayStartUs(DATES[0]!);
const BARS = { fromUs: BEGIN_US, barUs: MINUTE, count: 3 * 1440 };

/** Features that need no book. */
const BOUNDED_OF_TRADES = BOUNDED.filter((name) => !/^(mid|obi|ofi|kyle|.*spread)/.test(name));

/** The rows of a stored day. */
async function storedRows(store: Store, date: string): Promise<readonly FeatureRow[]> {
  const { columns } = await readDerived(store, featuresFolder({ ...PLACE, date }, MINUTE));
  const numbers = (name: string): Float64Array => columns[name] as Float64Array;
  return Array.from(columns["valid"] as BigUint64Array, (valid, row) => ({
    barEndUs: numbers("bar_end_us")[row]!,
    mid: numbers("mid")[row]!,
    values: Float64Array.from(FEATURES, ({ name }) => numbers(name)[row]!),
    valid,
  }));
}

describe.skipIf(!hasCaptures)("BitMEX XBTUSD, three days (needs ../shared/market-data)", () => {
  let trades: Trades;
  let rows: readonly FeatureRow[];

  beforeAll(async () => {
    if (!hasCaptures) return;
    trades = NAMES.map(captureTrades).reduce(concat);
    rows = await featureRows({ trades }, { contract });
  });

  test("every value of 29 features equals what SQL makes of the vendor's files", async () => {
    expect(trades.price).toHaveLength(740_397);
    expect(rows).toHaveLength(BARS.count);
    const { bar_end_us: ends, ...sql } = await sqlTradeFeatures(NAMES, "inverse");
    expect(rows.map(({ barEndUs }) => barEndUs)).toEqual(ends);
    const { wrong, values } = compare(rows, sql);
    expect(wrong).toEqual([]);
    // Somebody traded in every minute; in one of them nobody sold. Each day's session has half an hour without a value.
    const allowed = allowedValues(BOUNDED_OF_TRADES, BARS.count);
    expect(Object.keys(allowed)).toHaveLength(29);
    const sessions = { vwap_dev_session: BARS.count - 3 * 30 };
    expect(values).toEqual({ ...allowed, ...sessions, vwap_side_gap: BARS.count - 1 });
  });

  test("vpin and the regimes equal what a walk from trade to trade and a count give", () => {
    const plain = { ...plainRegimes(trades, BARS), vpin: plainVpin(trades, BARS, 1) };
    const { wrong, values } = compare(rows, plain);
    expect(wrong).toEqual([]);
    // The first bucket opens with the second day; after 1,163 minutes of it fifty are full.
    const regimes = { vol_regime_low: 1440, vol_regime_normal: 1440, vol_regime_high: 1440 };
    expect(values).toEqual({ ...regimes, vpin: 1717 });
  });

  test("without a book every feature that needs one is missing", () => {
    for (const { name, inputs } of FEATURES) {
      if (!inputs.includes("book")) continue;
      expect([name, columnOf(rows, name).every(Number.isNaN)]).toEqual([name, true]);
    }
  });

  test("stored day by day, the features have the bits of one uncut stream", async () => {
    const root = await mkdtemp(path.join(tmpdir(), "tickbook-real-days-"));
    const store = await openStore(root);
    try {
      for (const [i, date] of DATES.entries()) {
        const [from, to] = [i, i + 1].map((n) => rowsBefore(trades, BEGIN_US + n * DAY_US));
        await storeMarket(store, { ...PLACE, date }, { trades: slice(trades, from!, to) });
      }
      const run = await computeFeatures(store, {
        exchange: PLACE.exchange,
        symbols: [PLACE.symbol],
        days: DATES,
      });
      expect(run.partitions.map(({ rows: n, isResumed }) => [n, isResumed])).toEqual([
        [1440, false],
        [1440, true],
        [1440, true],
      ]);
      const stored: FeatureRow[] = [];
      for (const date of DATES) stored.push(...(await storedRows(store, date)));
      expect(firstDifference(stored, rows)).toBe(-1);
    } finally {
      await store.close();
      await rm(root, { recursive: true, force: true });
    }
  });

  test("cut at random times, each piece begun from saved JSON, the stream has the same bits", async () => {
    const random = seededRandom(1, "cuts of three days");
    const cuts = Array.from({ length: 5 }, () => BEGIN_US + random.below(3 * DAY_US));
    const pieces = await cutRows({ trades }, cuts, { contract });
    expect(firstDifference(pieces, rows)).toBe(-1);
  });
});
