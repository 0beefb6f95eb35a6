import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { dayStartUs } from "../core/time.js";
import { captureQuotes, hasCaptures } from "../market/test-captures.js";
import type { Quotes } from "../store/tables.js";
import type { Finding } from "./finding.js";
import { MarketWatch } from "./market-watch.js";
import { AUDIT_SETTINGS } from "./settings.js";

const DAY = dayStartUs("2024-03-01");

/** Outliers of a day that has quotes alone. */
function outliersOf(quotes: Quotes): readonly Finding[] {
  const watch = new MarketWatch(new Set(["quotes"]), AUDIT_SETTINGS);
  for (let row = 0; row < quotes.localTimestampUs.length; row++) {
    watch.onQuote(quotes.localTimestampUs[row]!, quotes, row);
  }
  const facts = { covered: new Map(), medianIntervalUs: 1e6, gapUs: 60e6 };
  return watch
    .finish(() => facts)
    .flatMap(({ findings }) => findings)
    .filter(({ check }) => check === "outlier");
}

describe("amounts of quotes", () => {
  const quotes = (
    change: (i: number) => { readonly bid?: number; readonly ask?: number },
  ): Quotes => {
    const random = seededRandom(2);
    const rows = Array.from({ length: 5000 }, (_, i) => {
      const amount = (): number => Math.exp(1.15 * random.normal());
      const { bid = amount(), ask = amount() } = change(i);
      return { localUs: DAY + i * 1e6, bid, ask };
    });
    const of = (value: (row: (typeof rows)[number]) => number): Float64Array =>
      Float64Array.from(rows, value);
    return {
      localTimestampUs: of(({ localUs }) => localUs),
      timestampUs: of(({ localUs }) => localUs),
      bidPrice: of(({ bid }) => (Number.isNaN(bid) ? Number.NaN : 100)),
      bidAmount: of(({ bid }) => bid),
      askPrice: of(({ ask }) => (Number.isNaN(ask) ? Number.NaN : 101)),
      askAmount: of(({ ask }) => ask),
    };
  };

  test("that cannot be are told of either side, and an empty side has none", () => {
    expect(outliersOf(quotes((i) => (i % 9 === 0 ? { bid: Number.NaN } : {})))).toEqual([]);
    const found = outliersOf(
      quotes((i) => (i === 700 ? { bid: 1e5 } : i === 900 ? { ask: 1e5 } : {})),
    );
    expect(found).toMatchObject([{ type: "quotes", count: 2, firstUs: DAY + 700e6 }]);
    expect(found[0]!.spans.map(([from]) => from)).toEqual([DAY + 700e6, DAY + 900e6]);
  });

  test.skipIf(!hasCaptures)("of real markets are none", () => {
    for (const name of [
      "bitstamp/quotes/2015/05/01/BTCUSD",
      "binance/quotes/2024/08/09/BTCUSDT",
      "binance/quotes/2025/03/25/SOLUSDT",
    ]) {
      expect(outliersOf(captureQuotes(name))).toEqual([]);
    }
  });
});
