import fc from "fast-check";
import { expect, test } from "vitest";
import { COINS, type Contract, contractOf } from "../market/contract.js";
import { fillAtMid, fillAtTouch, NO_FILL, walkBook } from "./fill.js";
import { bookOf } from "./test-book.js";

const DOLLARS = contractOf("bitmex", "XBTUSD");

const BOOK = bookOf(
  [
    [99, 1],
    [98, 2],
    [97, 4],
  ],
  [
    [101, 2],
    [102, 3],
    [104, 1],
  ],
);

test("by hand: five bought of 2 at 101 and 3 at 102 cost 508, two sold of 1 at 99 and 1 at 98 bring 197", () => {
  expect(walkBook(BOOK, 5, COINS)).toEqual({ amount: 5, valueUsd: 2 * 101 + 3 * 102 });
  expect(walkBook(BOOK, -2, COINS)).toEqual({ amount: -2, valueUsd: -(99 + 98) });
});

test("by hand: of eight wanted the six that are shown are bought, and the rest stays", () => {
  expect(walkBook(BOOK, 8, COINS)).toEqual({ amount: 6, valueUsd: 2 * 101 + 3 * 102 + 104 });
  expect(walkBook(BOOK, -100, COINS)).toEqual({ amount: -7, valueUsd: -(99 + 196 + 388) });
});

test("by hand: 303 and 408 dollars of an inverse contract are 3 coins at 101 and 4 at 102", () => {
  const inverse = bookOf(
    [[99, 990]],
    [
      [101, 303],
      [102, 408],
    ],
  );
  expect(walkBook(inverse, 5, DOLLARS)).toEqual({ amount: 5, valueUsd: 303 + 204 });
  expect(walkBook(inverse, 9, DOLLARS)).toEqual({ amount: 7, valueUsd: 711 });
});

test("mid and touch take any size at one price", () => {
  expect(fillAtMid(BOOK, 50, COINS)).toEqual({ amount: 50, valueUsd: 5000 });
  expect(fillAtTouch(BOOK, 50, COINS)).toEqual({ amount: 50, valueUsd: 5050 });
  expect(fillAtTouch(BOOK, -50, COINS)).toEqual({ amount: -50, valueUsd: -4950 });
});

test("an empty book fills nothing, and neither does an amount that is not known", () => {
  const empty = bookOf([], []);
  for (const rule of [fillAtMid, fillAtTouch, walkBook]) {
    for (const amount of [1, -1]) expect(rule(empty, amount, COINS)).toBe(NO_FILL);
  }
  const unknown = bookOf(
    [[99, 1]],
    [
      [101, Number.NaN],
      [102, 1],
    ],
  );
  expect(walkBook(unknown, 1, COINS)).toEqual({ amount: 1, valueUsd: 102 });
});

test("walking equals a plain loop that takes one small unit at a time from the cheapest level left", () => {
  const levels = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      levels,
      levels,
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      (bids, asks, size, isBuy) => {
        const book = bookOf(
          bids.map((amount, i) => [64 - i, amount]),
          asks.map((amount, i) => [65 + i, amount]),
        );
        const side = isBuy ? asks : bids;
        const units = side.flatMap((amount, i) =>
          new Array<number>(amount).fill(isBuy ? 65 + i : 64 - i),
        );
        const taken = units.slice(0, size);
        const sign = isBuy ? 1 : -1;
        const { amount, valueUsd } = walkBook(book, sign * size, COINS);
        expect(Math.abs(amount)).toBe(taken.length);
        expect(Math.abs(valueUsd)).toBe(taken.reduce((sum, price) => sum + price, 0));
        expect(amount * sign).toBeGreaterThanOrEqual(0);
      },
    ),
    { seed: 51 },
  );
});

test("the average price is never better than the touch, and the touch never better than the mid", () => {
  const amounts = fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), {
    minLength: 1,
    maxLength: 5,
  });
  const size = fc.double({ min: -20, max: 20, noNaN: true }).filter((value) => value !== 0);
  fc.assert(
    fc.property(amounts, amounts, size, (bids, asks, order) => {
      const book = bookOf(
        bids.map((amount, i) => [100 - i, amount]),
        asks.map((amount, i) => [100.5 + i, amount]),
      );
      const { amount, valueUsd } = walkBook(book, order, COINS);
      expect(Math.abs(amount)).toBeLessThanOrEqual(Math.abs(order));
      const touch = fillAtTouch(book, amount, COINS).valueUsd;
      expect(valueUsd).toBeGreaterThanOrEqual(touch - 1e-9);
      expect(touch).toBeGreaterThanOrEqual(fillAtMid(book, amount, COINS).valueUsd);
    }),
    { seed: 52 },
  );
});

const levels = fc.array(
  fc.record({
    step: fc.double({ min: 0.01, max: 5, noNaN: true }),
    base: fc.double({ min: 1e-3, max: 50, noNaN: true }),
  }),
  { minLength: 1, maxLength: 6 },
);

test("by hand: of five contracts of 0.01 coins no more than 0.05 coins can be bought", () => {
  const contract = contractOf("okex-swap", "BTC-USDT-SWAP");
  const book = bookOf([[59_999, 5]], [[60_000, 5]]);
  const { amount, valueUsd } = walkBook(book, 2, contract);
  expect([amount, valueUsd]).toEqual([expect.closeTo(0.05, 12), 3000]);
});

test("an order of some dollars gets the same price and earns the same, whatever the book's amounts are counted in", () => {
  const sizes = fc.double({ min: 1e-4, max: 1000, noNaN: true });
  const orders = fc.double({ min: 1, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(levels, levels, sizes, orders, fc.boolean(), (bids, asks, size, usd, isBuy) => {
      const ladder = (sign: 1 | -1, shown: typeof bids, contract: Contract) => {
        let price = 100;
        return shown.map(({ step, base }): readonly [number, number] => {
          // Bids come nearer to zero and never reach it.
          price = sign > 0 ? price + step : price * (1 - step / 100);
          const amount = contract.kind === "inverse" ? base * price : base;
          return [price, amount / contract.size];
        });
      };
      const orderBase = ((isBuy ? 1 : -1) * usd) / 100;
      const filled = (contract: Contract) => {
        const book = bookOf(ladder(-1, bids, contract), ladder(1, asks, contract));
        const { amount, valueUsd } = walkBook(book, orderBase, contract);
        return { amount, averagePrice: valueUsd / amount, earnedUsd: amount * 90 - valueUsd };
      };
      const coins = filled(COINS);
      for (const kind of ["linear", "inverse"] as const) {
        const other = filled({ kind, size });
        for (const name of ["amount", "averagePrice", "earnedUsd"] as const) {
          const near = 1e-9 * Math.max(1, Math.abs(coins[name]));
          expect(Math.abs(other[name] - coins[name])).toBeLessThan(near);
        }
      }
    }),
    { seed: 53 },
  );
});

test("amounts whose worth is not known fill nothing", () => {
  for (const kind of ["quanto", "unknown"] as const) {
    expect(walkBook(BOOK, 1, { kind, size: 1 })).toBe(NO_FILL);
  }
});
