// Features of simulated ticks against the slow definitions that real ticks are held against.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { CAPTURES, captureBookChanges, captureTrades } from "../market/test-captures.js";
import { simulateMarket } from "../simulate/simulate-market.js";
import { columnOf, compare } from "./test-agreement.js";
import { mapBookStates } from "./test-map-book.js";
import { featureRows, START_US, syntheticMarket } from "./test-market.js";
import { plainBookColumns } from "./test-plain-rows.js";
import { plainLargeShare, plainRegimes, plainVpin, tradesByBar } from "./test-plain-trades.js";
import { sqlTradeFeatures } from "./test-sql-features.js";
import { allowedValues, BOUNDED } from "./test-warm-ups.js";

describe("a market of random events, half an hour a bar, for 35 days", () => {
  // A day is 48 bars, so windows of a day and of a month are soon full.
  const barUs = 30 * MINUTE_US;
  const bars = { fromUs: Math.floor(START_US / barUs) * barUs, barUs, count: 1700 };
  const staleUs = 3 * barUs;

  test.each([21, 22])(
    "market %i: what looks back a day or a month, and what looks at the book",
    async (seed) => {
      const market = syntheticMarket(seed, 1700, { barUs });
      const rows = await featureRows(market, { barUs, staleAfterUs: staleUs });
      const { trades, bookChanges } = market;
      const count = rows.length;
      expect(count).toBeGreaterThanOrEqual(bars.count);
      const own = { ...bars, count };
      const { wrong, values } = compare(rows, {
        ...plainRegimes(trades, own),
        large_trade_share: plainLargeShare(trades, own),
        // All amounts are 64ths.
        vpin: plainVpin(trades, own, 64),
        ...plainBookColumns(mapBookStates(bookChanges), trades, { ...own, staleUs, levels: 20 }),
      });
      expect(wrong).toEqual([]);
      // A day is needed before a share, and two after the first trade before a regime; other bars lack a trade or a valid book.
      const traded = tradesByBar(trades, own).flatMap((list, k) => (list.length > 0 ? [k] : []));
      const regimes = count - traded[0]! - 96;
      const mids = columnOf(rows, "mid").filter((mid) => !Number.isNaN(mid)).length;
      expect(mids).toBeGreaterThan(0.95 * count);
      expect(values).toMatchObject({
        ...{ vol_regime_low: regimes, vol_regime_normal: regimes, vol_regime_high: regimes },
        large_trade_share: traded.filter((k) => k >= 48).length,
        ...{ obi_l1: mids, obi_l5: mids, obi_l20_decay: mids },
      });
      const often = [
        "vpin",
        "ofi_norm",
        "obi_twa_l5",
        "quoted_spread_bps",
        "spread_z",
        "kyle_lambda",
      ];
      expect(often.filter((name) => values[name]! < 0.93 * count)).toEqual([]);
      expect(values["effective_spread_bps"]).toBeGreaterThan(0.8 * count);
      for (const regime of ["low", "normal", "high"]) {
        const inForce = columnOf(rows, `vol_regime_${regime}`).filter((flag) => flag === 1);
        expect([regime, inForce.length > 50]).toEqual([regime, true]);
      }
    },
  );
});

describe("a day of the simulated market", () => {
  const root = mkdtempSync(path.join(tmpdir(), "tickbook-simulated-oracle-"));
  afterAll(() => rmSync(root, { recursive: true }));

  test("every value of every minute equals its definition, and is there after the warm-up", async () => {
    await simulateMarket(root, {
      symbols: ["SOLUSDT"],
      from: "2024-01-01",
      to: "2024-01-02",
      seed: 31,
      edge: "informative",
      hasFaults: false,
      types: ["trades", "incremental_book_L2"],
    });
    // Read as the captures are: by their place beside them.
    const name = (type: string): string =>
      path.relative(CAPTURES, path.join(root, `simulated/${type}/2024/01/01/SOLUSDT`));
    const trades = captureTrades(name("trades"));
    const bookChanges = captureBookChanges(name("incremental_book_L2"));
    const rows = await featureRows({ trades, bookChanges }, {});
    const { bar_end_us: ends, ...sql } = await sqlTradeFeatures([name("trades")], "linear");
    expect(rows.map(({ barEndUs }) => barEndUs)).toEqual(ends);
    const fromUs = dayStartUs("2024-01-01");
    const bars = { fromUs, barUs: MINUTE_US, count: 1440, staleUs: MINUTE_US, levels: 20 };
    const plain = plainBookColumns(mapBookStates(bookChanges), trades, bars);
    const { wrong, values } = compare(rows, { ...sql, ...plain });
    expect(wrong).toEqual([]);
    expect(values).toEqual(allowedValues(BOUNDED, 1440));
  });
});
