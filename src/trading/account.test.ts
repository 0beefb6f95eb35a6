import fc from "fast-check";
import { expect, test } from "vitest";
import { COINS } from "../market/contract.js";
import { Account } from "./account.js";
import { walkBook } from "./fill.js";
import { bookOf } from "./test-book.js";

test("by hand: two bought at 101 about a mid of 100 with 10 bps, funding of 1 %, sold at 110", () => {
  const account = new Account(1000);
  account.take({ amount: 2, valueUsd: 202 }, 100, 10);
  expect([account.cashUsd, account.position]).toEqual([1000 - 202 - 0.202, 2]);
  expect([account.slippageUsd, account.feesUsd]).toEqual([2, 0.202]);
  expect(account.equityUsd(100)).toBeCloseTo(997.798, 12);
  expect(account.grossEquityUsd(100)).toBeCloseTo(1000, 12);
  account.payFunding(0.01, 105);
  expect(account.fundingUsd).toBeCloseTo(2.1, 12);
  account.take({ amount: -2, valueUsd: -220 }, 110, 0);
  expect(account.equityUsd(Number.NaN)).toBeCloseTo(1000 + 18 - 0.202 - 2.1, 12);
  expect(account.grossEquityUsd(Number.NaN)).toBeCloseTo(1020, 12);
});

test("a short position receives funding that a long one pays", () => {
  const [long, short] = [new Account(0), new Account(0)];
  long.take({ amount: 3, valueUsd: 300 }, 100, 0);
  short.take({ amount: -3, valueUsd: -300 }, 100, 0);
  for (const account of [long, short]) account.payFunding(0.25, 100);
  expect([long.fundingUsd, short.fundingUsd]).toEqual([75, -75]);
});

const steps = fc.array(
  fc.record({
    price: fc.double({ min: 50, max: 150, noNaN: true }),
    order: fc.double({ min: -50, max: 50, noNaN: true }),
    depth: fc.double({ min: 0.01, max: 20, noNaN: true }),
    rate: fc.constantFrom(0, 1e-4, -3e-4),
  }),
  { minLength: 1, maxLength: 80 },
);

test("cash + position × price is the capital, what the position earned from price to price, and what was paid", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const account = new Account(10_000);
      // Kept apart: nothing here is read from the account.
      let [held, earned, paid, last] = [0, 0, 0, 100];
      for (const { price, order, depth, rate } of all) {
        earned += held * (price - last);
        account.payFunding(rate, price);
        paid += rate * held * price;
        const levels = [0, 1, 2].map((i) => [price - 0.5 - i, price + 0.5 + i] as const);
        const book = bookOf(
          levels.map(([bid]) => [bid, depth]),
          levels.map(([, ask]) => [ask, depth]),
        );
        const fill = walkBook(book, order, COINS);
        account.take(fill, price, 7);
        paid += fill.valueUsd - fill.amount * price + 7e-4 * Math.abs(fill.valueUsd);
        held += fill.amount;
        last = price;
        const expected = 10_000 + earned - paid;
        const equity = account.cashUsd + account.position * price;
        expect(Math.abs(equity / expected - 1)).toBeLessThan(1e-9);
        expect(account.equityUsd(price)).toBe(equity);
        expect(account.grossEquityUsd(price)).toBeCloseTo(10_000 + earned, 7);
      }
    }),
    { seed: 53 },
  );
});

test("a saved account gives back the same bits", () => {
  const account = new Account(1000);
  account.take({ amount: 1 / 3, valueUsd: 100 / 3 }, 99, 10);
  account.payFunding(1e-4, 101);
  const copy = new Account(0);
  copy.restore(account.save());
  expect(copy.save()).toBe(account.save());
  expect(copy.equityUsd(97)).toBe(account.equityUsd(97));
});
