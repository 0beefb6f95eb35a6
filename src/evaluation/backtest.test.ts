import fc from "fast-check";
import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../core/time.js";
import { backtest } from "./backtest.js";
import { deflatedSharpe, expectedBestSharpe } from "./deflated-sharpe.js";
import { sharpeRatio } from "./sharpe.js";

const START = dayStartUs("2024-03-01");
const FREE = { name: "free", feeBps: 0, fallbackHalfSpreadBps: 0 };
const DEAR = { name: "dear", feeBps: 10, fallbackHalfSpreadBps: 0 };

function market(prices: readonly number[], { symbols = 1, horizonBars = 1 } = {}) {
  const rows = prices.length;
  const bars = rows / symbols;
  const index = Array.from({ length: rows }, (_, i) => i);
  return {
    symbols: Array.from({ length: symbols }, (_, s) => `S${s}`),
    symbolIndex: Uint8Array.from(index, (i) => Math.floor(i / bars)),
    barEndUs: Float64Array.from(index, (i) => START + ((i % bars) + 1) * MINUTE_US),
    entryPrice: Float64Array.from(prices),
    halfSpreadBps: new Float64Array(rows),
    horizonBars,
    all: Uint32Array.from(index),
  };
}

test("by hand: long over +1 %, short over −1 %, closed at the end, 10 bps a side", () => {
  const data = market([100, 101, 99.99]);
  const result = backtest(data, data.all, [0.9, 0.1, 0.9], DEAR);
  expect(result.grossReturn).toBeCloseTo(0.02, 12);
  // In 1, over 2, out 1: four sides of 10 bps.
  expect(result.grossReturn - result.netReturn).toBeCloseTo(0.004, 12);
  expect(result.turnoverADay).toBe(4);
  expect(result.sideCostBps).toBeCloseTo(10, 9);
  expect(result.breakEvenCostBps).toBeCloseTo(50, 9);
  expect(result.daily).toHaveLength(1);
});

test("a constant ½ trades nothing and earns nothing", () => {
  const data = market([100, 102, 101, 105]);
  const result = backtest(data, data.all, [0.5, 0.5, 0.5, 0.5], DEAR);
  expect([result.grossReturn, result.netReturn, result.maxDrawdown]).toEqual([0, 0, 0]);
  expect(result.sharpe.estimate).toBeNaN();
});

test("gross is what a plain loop over positions and price changes gives, over symbols and horizons", () => {
  const prices = fc.array(fc.double({ min: 50, max: 150, noNaN: true }), {
    minLength: 12,
    maxLength: 12,
  });
  const calls = fc.array(fc.constantFrom(0, 1, 0.5), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(
      prices,
      calls,
      fc.constantFrom(1, 2, 3),
      fc.constantFrom(1, 3),
      (p, c, symbols, h) => {
        const data = market(p, { symbols, horizonBars: h });
        const bars = 12 / symbols;
        let expected = 0;
        for (let i = 0; i < 12; i++) {
          if (i % bars === bars - 1) continue;
          let position = 0;
          for (let k = 0; k < h && k <= i % bars; k++) position += (2 * c[i - k]! - 1) / h;
          expected += (position * (p[i + 1]! / p[i]! - 1)) / symbols;
        }
        const free = backtest(data, data.all, c, FREE);
        expect(free.grossReturn).toBeCloseTo(expected, 10);
        expect(free.netReturn).toBeCloseTo(expected, 10);
        expect(backtest(data, data.all, c, DEAR).netReturn).toBeLessThanOrEqual(expected + 1e-12);
        expect(free.equity.net.at(-1)).toBeCloseTo(expected, 10);
      },
    ),
    { seed: 42 },
  );
});

test("days without a row count as days without a return", () => {
  const data = market([100, 101, 102]);
  const barEndUs = Float64Array.of(START + MINUTE_US, START + 2 * MINUTE_US, START + 3 * 86_400e6);
  const { daily } = backtest({ ...data, barEndUs }, data.all, [1, 1, 1], FREE);
  expect(daily.map(({ date }) => date)).toEqual(["2024-03-01", "2024-03-02", "2024-03-03"]);
  expect(daily[1]!.net).toBe(0);
  expect(daily[2]!.net).toBeCloseTo(1 / 101, 12);
});

test("the drawdown is the largest fall from a peak", () => {
  const data = market([100, 110, 99, 120]);
  const { maxDrawdown } = backtest(data, data.all, [1, 1, 1, 1], FREE);
  expect(maxDrawdown).toBeCloseTo(0.1, 12);
});

test("Sharpe is mean over deviation times √365, with Lo's standard error", () => {
  const { estimate, standardError } = sharpeRatio([0.01, -0.01, 0.02, 0]);
  const daily = 0.005 / Math.sqrt((0.005 ** 2 + 0.015 ** 2 + 0.015 ** 2 + 0.005 ** 2) / 3);
  expect(estimate).toBeCloseTo(daily * Math.sqrt(365), 10);
  expect(standardError).toBeCloseTo(Math.sqrt(((1 + daily ** 2 / 2) / 4) * 365), 10);
  // On three days the error is about eleven: nothing can be said.
  expect(sharpeRatio([0.01, -0.01, 0.005]).standardError).toBeGreaterThan(11);
  expect(sharpeRatio([0.01]).estimate).toBeNaN();
});

test("the best of 50 trials without skill over a year shows a Sharpe ratio of about 2.3", () => {
  // A year's Sharpe ratio without skill has deviation 1 (per year).
  const best = expectedBestSharpe({ count: 50, sharpeDeviation: 1 });
  expect(best).toBeGreaterThan(2.2);
  expect(best).toBeLessThan(2.35);
  expect(expectedBestSharpe({ count: 1, sharpeDeviation: 9 })).toBe(0);
});

test("deflated Sharpe falls with the number of trials and is missing when they are unknown", () => {
  const returns = Array.from({ length: 200 }, (_, i) => 0.002 + 0.01 * Math.sin(12.9898 * i));
  const of = (count: number): number => deflatedSharpe(returns, { count, sharpeDeviation: 0.1 });
  expect(of(1)).toBeGreaterThan(of(10));
  expect(of(10)).toBeGreaterThan(of(100));
  expect(deflatedSharpe(returns)).toBeNaN();
  expect(deflatedSharpe([0, 0, 0], { count: 1, sharpeDeviation: 0 })).toBeNaN();
});
