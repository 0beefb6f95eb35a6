import fc from "fast-check";
import { expect, test } from "vitest";
import { Account } from "./account.js";
import { type BookedFill, type ClosedLot, Lots } from "./lots.js";

const fillOf = (orderId: string, amount: number, price: number, feeUsd = 0): BookedFill => ({
  orderId,
  atUs: Number(orderId),
  amount,
  valueUsd: amount * price,
  feeUsd,
});

test("first in, first out: a hand-computed example", () => {
  const lots = new Lots();
  expect(lots.take(fillOf("1", 2, 100, 0.2))).toEqual([]);
  expect(lots.take(fillOf("2", 1, 110, 0.1))).toEqual([]);
  // 2.5 sold at 120: all of the first lot, half of the second.
  const [first, ...none] = lots.take(fillOf("3", -2.5, 120, 0.5));
  expect(none).toEqual([]);
  expect(first).toMatchObject({ openedBy: "1", openedUs: 1, closedUs: 3, side: 1, amount: 2 });
  expect(first!.openValueUsd).toBe(200);
  expect(first!.closeValueUsd).toBe(240);
  expect(first!.feesUsd).toBeCloseTo(0.2 + 0.4, 12);
  expect(first!.profitUsd).toBeCloseTo(40 - 0.6, 12);
  expect(lots.position).toBe(0.5);
  expect(lots.realizedUsd).toBeCloseTo(40 + 0.5 * 10, 12);
  expect(lots.floatingUsd(100)).toBeCloseTo(0.5 * -10, 12);
  // Through zero: the rest of the second lot, then a short one.
  const [second] = lots.take(fillOf("4", -1.5, 90, 0.3));
  expect(second!.profitUsd).toBeCloseTo(0.5 * 10 + 0.5 * -20 - 0.1 - 0.1 - 0.1, 12);
  expect(lots.position).toBe(-1);
  expect(lots.floatingUsd(80)).toBeCloseTo(10, 12);
});

const fills = fc.array(
  fc.record({
    amount: fc.double({ min: -3, max: 3, noNaN: true }).filter((amount) => Math.abs(amount) > 1e-3),
    price: fc.double({ min: 50, max: 150, noNaN: true }),
  }),
  { maxLength: 40 },
);

test("realized and floating profit less fees are what cash and position are worth, whatever is traded", () => {
  fc.assert(
    fc.property(fills, fc.double({ min: 50, max: 150, noNaN: true }), (list, mark) => {
      const lots = new Lots();
      const account = new Account(1000);
      const feeBps = 5;
      list.forEach(({ amount, price }, i) => {
        const valueUsd = amount * price;
        account.take({ amount, valueUsd }, price, feeBps);
        lots.take({
          orderId: `${i}`,
          atUs: i,
          amount,
          valueUsd,
          feeUsd: 5e-4 * Math.abs(valueUsd),
        });
      });
      const equity = 1000 + lots.realizedUsd + lots.floatingUsd(mark) - lots.feesUsd;
      expect(equity).toBeCloseTo(account.equityUsd(mark), 6);
      expect(lots.position).toBeCloseTo(account.position, 9);
    }),
    { seed: 1 },
  );
});

test("closed lots add up to all profit and fees once the position is closed", () => {
  fc.assert(
    fc.property(fills, (list) => {
      const lots = new Lots();
      const closed: ClosedLot[] = [];
      list.forEach(({ amount, price }, i) => {
        closed.push(...lots.take(fillOf(`${i}`, amount, price, 0.01)));
      });
      const rest = -lots.position;
      if (Math.abs(rest) > 1e-6)
        closed.push(...lots.take(fillOf(`${list.length}`, rest, 100, 0.01)));
      const sum = (of: (lot: ClosedLot) => number): number =>
        closed.reduce((total, lot) => total + of(lot), 0);
      expect(sum((lot) => lot.profitUsd)).toBeCloseTo(lots.realizedUsd - lots.feesUsd, 5);
      for (const lot of closed) expect(lot.closedUs).toBeGreaterThan(lot.openedUs);
    }),
    { seed: 2 },
  );
});

test("saved lots go on with the same bits", () => {
  fc.assert(
    fc.property(fills, (list) => {
      const whole = new Lots();
      let cut = new Lots();
      list.forEach(({ amount, price }, i) => {
        const fill = fillOf(`${i}`, amount, price, 0.01);
        expect(cut.take(fill)).toEqual(whole.take(fill));
        const saved = cut.save();
        cut = new Lots();
        cut.restore(saved);
      });
      expect(cut.save()).toBe(whole.save());
    }),
    { seed: 3 },
  );
});
