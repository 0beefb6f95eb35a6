// Regimes worked by hand, in bars of half a day: two returns are a day, and two earlier values are enough.
import { expect, test } from "vitest";
import { DAY_US, HOUR_US } from "../core/time.js";
import { columnOf } from "./test-agreement.js";
import { featureRows, tradeColumns } from "./test-market.js";

/** `low`, `normal`, `high` or `-` for each bar; bar k closes at price k. */
async function regimes(prices: readonly number[]): Promise<string[]> {
  const trades = prices.map((price, k) => {
    return { timeUs: 19_000 * DAY_US + (12 * k + 1) * HOUR_US, side: 1 as const, price, amount: 1 };
  });
  const rows = await featureRows({ trades: tradeColumns(trades) }, { barUs: 12 * HOUR_US });
  const names = ["low", "normal", "high"];
  const columns = names.map((name) => columnOf(rows, `vol_regime_${name}`));
  return rows.map((_, k) => {
    const flags = columns.map((column) => column[k]!);
    if (flags.every(Number.isNaN)) return "-";
    expect([...flags].sort()).toEqual([0, 0, 1]);
    return names[flags.indexOf(1)]!;
  });
}

/** Prices whose squared log returns are given. */
const withSquares = (squares: readonly number[]): number[] => {
  const prices = [1];
  for (const square of squares) prices.push(prices.at(-1)! * Math.exp(Math.sqrt(square)));
  return prices;
};

test("when all values are equal each stands in the middle: equal ones count half", async () => {
  // Logarithms of 2 and of 1/2 are exactly opposite.
  const moving = await regimes([1, 2, 1, 2, 1, 2, 1, 2]);
  const still = await regimes([5, 5, 5, 5, 5, 5, 5, 5]);
  const expected = ["-", "-", "-", "-", "normal", "normal", "normal", "normal"];
  expect([moving, still]).toEqual([expected, expected]);
});

test("a calmer day than all before it is low, a wilder one high; the present value is not among those before", async () => {
  expect(await regimes([1, 2, 1, 2, 2, 2, 8])).toEqual(["-", "-", "-", "-", "low", "low", "high"]);
});

test.each([
  // The day's sum of squares, of two bars, among the three before.
  [[1, 1, 5, 5, 0.5], "5.5 among 2, 6, 10: a third is below", "normal"],
  [[3, 3, 3, 2.9, 0.1], "3 among 6, 6, 5.9: none is below", "low"],
  [[1, 1, 5, 2, 4.5], "6.5 among 2, 6, 7: two thirds are below", "normal"],
  [[1, 1, 5, 2, 6], "8 among 2, 6, 7: all are below", "high"],
])("squares %j: %s", async (squares, _, expected) => {
  expect((await regimes(withSquares(squares))).at(-1)).toBe(expected);
});
