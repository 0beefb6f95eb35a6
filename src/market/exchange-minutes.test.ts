import fc from "fast-check";
import { expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { ExchangeMinutes } from "./exchange-minutes.js";

const START_US = 600 * MINUTE_US;

test("a minute opens with its first trade by the exchange's time and closes with its last, whatever order they came in", () => {
  const minutes = new ExchangeMinutes(START_US, 2);
  minutes.add(START_US + 30, 11, 1);
  minutes.add(START_US + 10, 12, 2);
  minutes.add(START_US + 30, 9, 4);
  minutes.add(START_US + 10, 13, 8);
  minutes.add(START_US + 20, 20, 16);
  expect(minutes.open[0]).toBe(12);
  expect(minutes.close[0]).toBe(9);
  expect(minutes.high[0]).toBe(20);
  expect(minutes.low[0]).toBe(9);
  expect(minutes.volume[0]).toBe(31);
  expect(minutes.trades[0]).toBe(5);
});

test("a minute begins at its first microsecond and ends before the next one's; others are passed over", () => {
  const minutes = new ExchangeMinutes(START_US, 2);
  for (const at of [-1, 0, MINUTE_US - 1, MINUTE_US, 2 * MINUTE_US, Number.NaN]) {
    minutes.add(START_US + at, 5, 1);
  }
  expect([...minutes.trades]).toEqual([2, 1]);
});

test("a minute without a trade has no price and no volume", () => {
  const minutes = new ExchangeMinutes(START_US, 1);
  expect([minutes.open[0], minutes.high[0], minutes.low[0], minutes.close[0]]).toEqual(
    new Array(4).fill(Number.NaN),
  );
  expect(minutes.volume[0]).toBe(0);
});

test("whatever is traded: low ≤ open, close ≤ high, and no amount is lost", () => {
  const trade = fc.tuple(fc.nat(5 * MINUTE_US - 1), fc.integer({ min: 1, max: 99 }), fc.nat(9));
  fc.assert(
    fc.property(fc.array(trade, { minLength: 1 }), (trades) => {
      const minutes = new ExchangeMinutes(0, 5);
      for (const [time, price, amount] of trades) minutes.add(time, price, amount);
      const total = trades.reduce((sum, [, , amount]) => sum + amount, 0);
      expect(minutes.volume.reduce((sum, volume) => sum + volume, 0)).toBe(total);
      for (let m = 0; m < 5; m++) {
        if (minutes.trades[m] === 0) continue;
        const [low, high] = [minutes.low[m]!, minutes.high[m]!];
        for (const price of [minutes.open[m]!, minutes.close[m]!]) {
          expect(price).toBeGreaterThanOrEqual(low);
          expect(price).toBeLessThanOrEqual(high);
        }
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});
