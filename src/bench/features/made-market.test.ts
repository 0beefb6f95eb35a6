import { expect, test } from "vitest";
import { DAY_US } from "../../core/time.js";
import { OrderBook } from "../../market/order-book.js";
import { type MadeOptions, madeMarket } from "./made-market.js";
import { joinMarkets } from "./market-columns.js";
import type { MadeMarket } from "./open-block.js";

const START_US = 19_000 * DAY_US;
const made = (options: Partial<MadeOptions>): MadeMarket =>
  joinMarkets([
    ...madeMarket({ rows: 100_000, startUs: START_US, seed: 3, orders: 1, ...options }),
  ]);

/** All columns, one after the other. */
const bytesOf = ({ trades, bookChanges }: MadeMarket): Buffer =>
  Buffer.concat(
    [trades, bookChanges].flatMap((table) =>
      Object.values(table).map(({ buffer }: Float64Array) => Buffer.from(buffer)),
    ),
  );

const PACE = { mostRows: 3, messageUs: 15_000 };

test.each([
  ["as it is", {}],
  ["told a few rows at a time", { pace: PACE }],
])(
  "the made book %s is never crossed, and every trade is at one of its levels then",
  (_, options) => {
    const { trades, bookChanges } = made(options);
    const times = bookChanges.localTimestampUs;
    const book = new OrderBook();
    let [trade, atBest] = [0, 0];
    const wrong: unknown[] = [];
    for (let from = 0, to = 0; from < times.length; from = to) {
      while (times[to] === times[from]) to++;
      book.apply(bookChanges, from, to);
      // The last message is cut where the rows end.
      if (!book.isOrdered() && to < times.length) wrong.push(["crossed", times[from]]);
      for (; trades.localTimestampUs[trade]! < (times[to] ?? Number.POSITIVE_INFINITY); trade++) {
        const isBuy = trades.side[trade] === 1;
        const levels = Array.from({ length: 20 }, (_level, i) =>
          isBuy ? book.askPrice(i) : book.bidPrice(i),
        );
        if (!levels.includes(trades.price[trade]!)) wrong.push(["price", trade]);
        if (levels[0] === trades.price[trade]) atBest++;
      }
    }
    expect(wrong).toEqual([]);
    expect(trade).toBe(trades.price.length);
    expect(atBest / trade).toBeGreaterThan(0.5);
  },
);

test("an order's trades have one exchange time and side and are the next ones of each other", () => {
  const { trades } = made({ pace: PACE, orders: 0.3 });
  const rows = Array.from(trades.price, (_, i) => i).slice(1);
  const isSame = (i: number): boolean => trades.timestampUs[i] === trades.timestampUs[i - 1];
  const more = rows.filter(isSame);
  expect(more.length / rows.length).toBeGreaterThan(0.4);
  expect(more.length / rows.length).toBeLessThan(0.6);
  expect(more.filter((i) => trades.side[i] !== trades.side[i - 1])).toEqual([]);
  expect(
    rows.filter((i) => trades.localTimestampUs[i]! <= trades.localTimestampUs[i - 1]!),
  ).toEqual([]);
  expect(trades.amount.every((amount) => amount > 0 && Number.isInteger(1024 * amount))).toBe(true);
  const buys = trades.side.filter((side) => side === 1).length / trades.side.length;
  expect(Math.abs(buys - 0.5)).toBeLessThan(0.05);
});

test("a pace gives messages of few rows at its mean distance, and every row of the made book once", () => {
  const { bookChanges } = made({ pace: PACE });
  const { localTimestampUs: times, isSnapshot } = bookChanges;
  const begins = [...times.keys()].filter((i) => times[i] !== times[i - 1]);
  const sizes = begins.map((begin, i) => (begins[i + 1] ?? times.length) - begin);
  const changes = sizes.filter((_, i) => isSnapshot[begins[i]!] === 0);
  expect(new Set(changes)).toEqual(new Set([1, 2, 3]));
  const meanUs = (times.at(-1)! - times[0]!) / (begins.length - 1);
  expect(Math.abs(meanUs / PACE.messageUs - 1)).toBeLessThan(0.02);
  const sorted = ({ price, amount }: MadeMarket["bookChanges"]): unknown =>
    Array.from(price, (x, i) => `${x} ${amount[i]}`).sort();
  expect(sorted(bookChanges)).toEqual(sorted(made({}).bookChanges));
});

test("the same seed gives the same events, another seed others; an end leaves out what comes from then on", () => {
  const market = made({});
  expect(bytesOf(made({})).equals(bytesOf(market))).toBe(true);
  expect(bytesOf(made({ seed: 4 })).equals(bytesOf(market))).toBe(false);
  const endUs = START_US + 30e6;
  const { bookChanges } = made({ endUs });
  const count = market.bookChanges.localTimestampUs.filter((timeUs) => timeUs < endUs).length;
  expect(count).toBeGreaterThan(1000);
  expect(bookChanges.price).toHaveLength(count);
  expect([...bookChanges.price.subarray(-100)]).toEqual([
    ...market.bookChanges.price.subarray(count - 100, count),
  ]);
});
