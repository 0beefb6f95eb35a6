import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { normalCdf } from "../core/statistics.js";
import { MINUTE_US } from "../core/time.js";
import { type MinuteQuotes, marketLook } from "./market-look.js";

function normalMarket(n: number): MinuteQuotes {
  const { normal } = seededRandom(4, "market look");
  let price = 100;
  const mid = Float64Array.from({ length: n }, () => {
    price *= Math.exp(1e-3 * normal());
    return price;
  });
  const minuteEndUs = Float64Array.from({ length: n }, (_, i) => (i + 1) * MINUTE_US);
  return { symbol: "X", minuteEndUs, mid, spreadBps: new Float64Array(n).fill(2) };
}

test("independent normal returns have the normal law's tails, no clustering and no rhythm", () => {
  const look = marketLook(normalMarket(30_000));
  expect(look.rows).toBe(29_999);
  expect(look.tailShare[0]).toBe(1);
  expect(look.tailShare[5]).toBeCloseTo(2 * (1 - normalCdf(1)), 1);
  expect(look.tailShare[10]).toBeCloseTo(2 * (1 - normalCdf(2)), 2);
  for (const value of look.absoluteAutocorrelation) {
    expect(Math.abs(value)).toBeLessThan(5 / Math.sqrt(30_000));
  }
  expect(look.hour).toHaveLength(24);
  for (const value of look.volatilityBps) expect(Math.abs(value - 10)).toBeLessThan(1.5);
  expect(look.spreadBps).toEqual(new Array(24).fill(2));
});

test("a return over a missing minute is left out", () => {
  const whole = normalMarket(100);
  const keep = (_: number, i: number): boolean => i !== 50;
  const look = marketLook({
    symbol: "X",
    minuteEndUs: whole.minuteEndUs.filter(keep),
    mid: whole.mid.filter(keep),
    spreadBps: whole.spreadBps.filter(keep),
  });
  expect(look.rows).toBe(97);
});
