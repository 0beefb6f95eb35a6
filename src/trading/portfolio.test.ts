import fc from "fast-check";
import { expect, test } from "vitest";
import { Portfolio } from "./portfolio.js";

const SETTINGS = {
  capitalUsd: 100_000,
  symbols: ["BTCUSDT", "ETHUSDT"],
  feeBps: 3.25,
  horizonBars: 3,
  barUs: 60e6,
  threshold: 0,
  minimumOrderUsd: 5,
};

const fill = (orderId: string, amount: number, price: number) => ({
  orderId,
  atUs: Number(orderId),
  amount,
  valueUsd: amount * price,
  mid: price,
});

test("a long position is worth what its bid brings, a short one what its ask costs", () => {
  const portfolio = new Portfolio({ ...SETTINGS, feeBps: 0 });
  portfolio.mark(0, 99, 101, 0);
  portfolio.mark(1, 9, 11, 0);
  portfolio.take(0, fill("1", 10, 101));
  portfolio.take(1, fill("2", -10, 9));
  const { equityUsd, balanceUsd, floatingUsd, exposureUsd } = portfolio.value();
  expect(balanceUsd).toBe(100_000);
  expect(floatingUsd).toBe(-20 - 20);
  expect(equityUsd).toBe(99_960);
  expect(exposureUsd).toBe(990 + 110);
  expect(portfolio.isFlat).toBe(false);
});

test("fees are in the balance at once, profit when it is closed", () => {
  const portfolio = new Portfolio(SETTINGS);
  portfolio.mark(0, 100, 100, 0);
  const { feeUsd } = portfolio.take(0, fill("1", 100, 100));
  expect(feeUsd).toBeCloseTo(3.25, 12);
  expect(portfolio.value().balanceUsd).toBeCloseTo(100_000 - 3.25, 9);
  portfolio.mark(0, 110, 110, 0);
  expect(portfolio.value().balanceUsd).toBeCloseTo(100_000 - 3.25, 9);
  const { closed } = portfolio.take(0, fill("2", -100, 110));
  expect(closed).toHaveLength(1);
  expect(portfolio.value().balanceUsd).toBeCloseTo(100_000 + 1000 - 3.25 - 3.575, 9);
  expect(portfolio.isFlat).toBe(true);
});

test("a position's entry is the mean price of its lots", () => {
  const portfolio = new Portfolio({ ...SETTINGS, feeBps: 0 });
  portfolio.mark(0, 119, 121, 0);
  portfolio.take(0, fill("1", 1, 100));
  portfolio.take(0, fill("2", 3, 108));
  const { entryPrice, floatingUsd } = portfolio.holding(0);
  expect(entryPrice).toBeCloseTo(106, 9);
  expect(floatingUsd).toBeCloseTo(4 * 13, 9);
  expect(portfolio.holding(1)).toEqual({ entryPrice: Number.NaN, floatingUsd: 0 });
});

test("holding costs: funding is paid by longs to shorts, a swap by both", () => {
  const portfolio = new Portfolio({ ...SETTINGS, feeBps: 0 });
  portfolio.mark(0, 100, 100, 0);
  portfolio.mark(1, 10, 10, 0);
  portfolio.take(0, fill("1", 10, 100));
  portfolio.take(1, fill("2", -50, 10));
  expect(portfolio.payHolding(0, 1e-3, { both: false })).toBeCloseTo(1, 12);
  expect(portfolio.payHolding(1, 1e-3, { both: false })).toBeCloseTo(-0.5, 12);
  expect(portfolio.payHolding(0, 1e-3, { both: true })).toBeCloseTo(1, 12);
  expect(portfolio.payHolding(1, 1e-3, { both: true })).toBeCloseTo(0.5, 12);
  const { balanceUsd, equityUsd } = portfolio.value();
  expect(balanceUsd).toBeCloseTo(100_000 - 2, 9);
  const cash = portfolio.traders.reduce(
    (sum, { account }, i) => sum + account.equityUsd(portfolio.closingPrice(i)),
    0,
  );
  expect(equityUsd).toBeCloseTo(cash, 9);
});

test("prices that are none leave the last closing price", () => {
  const portfolio = new Portfolio(SETTINGS);
  portfolio.mark(0, 100, 101, 0);
  portfolio.mark(0, Number.NaN, 105, 0);
  portfolio.take(0, fill("1", 1, 101));
  expect(portfolio.closingPrice(0)).toBe(100);
});

test("a price is too old once it was seen too long before, while something is held at it", () => {
  const portfolio = new Portfolio(SETTINGS);
  portfolio.mark(0, 100, 101, 1000);
  portfolio.mark(1, 10, 11, 2000);
  expect(portfolio.hasOldPrice(9000, 500)).toBe(false);
  portfolio.take(1, fill("1", -1, 10));
  expect([2500, 2501].map((atUs) => portfolio.hasOldPrice(atUs, 500))).toEqual([false, true]);
  // A side without a price tells nothing.
  portfolio.mark(1, Number.NaN, 11, 3000);
  expect(portfolio.hasOldPrice(3000, 500)).toBe(true);
  portfolio.mark(1, 10, 11, 3000);
  expect(portfolio.hasOldPrice(3500, 500)).toBe(false);
  portfolio.take(0, fill("2", 1, 101));
  expect(portfolio.hasOldPrice(3500, 500)).toBe(true);
});

test("balance and floating profit are what the accounts' cash and positions are worth, and a saved portfolio goes on the same", () => {
  const orders = fc.array(
    fc.tuple(
      fc.nat(1),
      fc.integer({ min: -5, max: 5 }).filter((amount) => amount !== 0),
      fc.integer({ min: 90, max: 110 }),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(orders, (list) => {
      const whole = new Portfolio(SETTINGS);
      let cut = new Portfolio(SETTINGS);
      list.forEach(([symbol, amount, price], i) => {
        for (const portfolio of [whole, cut]) {
          portfolio.mark(symbol, price - 1, price + 1, i);
          portfolio.take(symbol, fill(`${i}`, amount, price));
        }
        const saved = JSON.parse(JSON.stringify(cut.save()));
        cut = new Portfolio(SETTINGS);
        cut.restore(saved);
      });
      expect(cut.value()).toEqual(whole.value());
      expect(cut.save()).toEqual(whole.save());
      const worth = whole.traders.reduce(
        (sum, { account }, i) => sum + account.equityUsd(whole.closingPrice(i)),
        0,
      );
      expect(whole.value().equityUsd).toBeCloseTo(worth, 5);
    }),
    { seed: 1 },
  );
});

test("where nothing is held no lot is open, however small the amounts that were left before", () => {
  const amounts = fc.array(
    fc.oneof(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.constantFrom(1e-8, -1e-8, 1e-10, -1e-10, 1e-17, -1e-17, 0.1, 0.2, -0.3),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(amounts, (list) => {
      const portfolio = new Portfolio(SETTINGS);
      portfolio.mark(0, 100, 100, 0);
      for (const [i, amount] of list.entries()) portfolio.take(0, fill(`${i}`, amount, 100));
      portfolio.take(0, fill("99", -portfolio.position(0), 100));
      expect(portfolio.isFlat).toBe(true);
      // Whatever is opened next is the only thing that is closed then.
      expect(portfolio.take(0, fill("100", 1, 100)).closed).toEqual([]);
      const { closed } = portfolio.take(0, fill("101", -1, 100));
      expect(closed.map(({ openedBy, amount }) => [openedBy, amount])).toEqual([["100", 1]]);
    }),
    { seed: 4, numRuns: 1000 },
  );
});
