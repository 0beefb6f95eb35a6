import fc from "fast-check";
import { expect, test } from "vitest";
import { Trader, type TraderSettings } from "./trader.js";

const SETTINGS: TraderSettings = {
  capitalUsd: 1000,
  horizonBars: 2,
  barUs: 60e6,
  threshold: 0,
  minimumOrderUsd: 0,
};

/** Trades every order in full at a price. */
function fill(trader: Trader, amount: number, price: number): void {
  trader.account.take({ amount, valueUsd: amount * price }, price, 0);
}

test("by hand: tranches of 500 dollars are bought at 100 and 125, and each is sold after two bars", () => {
  const trader = new Trader(SETTINGS);
  const orders = [
    [0.9, 100],
    [0.9, 125],
    [0.5, 150],
    [0.5, 150],
  ].map(([probability, price], i) => {
    const order = trader.decide((i + 1) * 60e6, probability!, price!);
    fill(trader, order, price!);
    return order;
  });
  expect(orders).toEqual([5, 4, -5, -4]);
  expect(trader.account.equityUsd(1)).toBe(1000 + 5 * 50 + 4 * 25);
});

test("what an order could not fill is part of the next", () => {
  const trader = new Trader(SETTINGS);
  expect(trader.decide(60e6, 0.9, 100)).toBe(5);
  fill(trader, 2, 100);
  expect(trader.decide(120e6, 0.5, 100)).toBe(3);
  fill(trader, 3, 100);
  expect(trader.decide(180e6, 0.5, 100)).toBe(-5);
});

test("small differences wait until they are worth an order, but a position may always be closed", () => {
  const trader = new Trader({ ...SETTINGS, horizonBars: 1, minimumOrderUsd: 30 });
  fill(trader, trader.decide(60e6, 0.9, 100), 100);
  // The next tranche is 1000 / 102: 20 dollars less than is held.
  expect(trader.decide(120e6, 0.9, 102)).toBe(0);
  expect(trader.decide(180e6, 0.9, 105)).toBeCloseTo(1000 / 105 - 10, 12);
  const small = new Trader({ ...SETTINGS, minimumOrderUsd: 600 });
  expect(small.decide(60e6, 0.9, 100)).toBe(0);
  fill(small, 0.5, 100);
  expect(small.decide(180e6, 0.5, 100)).toBe(-0.5);
});

test("without a price nothing is decided, and what falls due meanwhile is due at the next decision", () => {
  const trader = new Trader(SETTINGS);
  fill(trader, trader.decide(60e6, 0.9, 100), 100);
  expect(trader.decide(120e6, 0.1, Number.NaN)).toBe(0);
  expect(trader.decide(180e6, 0.5, 100)).toBe(-5);
});

test("a stake that is due early is sold at the first decision from then on that has a price", () => {
  const trader = new Trader({ ...SETTINGS, horizonBars: 4 });
  fill(trader, trader.decide(60e6, 0.9, 100, 120e6), 100);
  expect(trader.decide(120e6, 0.5, Number.NaN)).toBe(0);
  expect(trader.decide(180e6, 0.5, 100)).toBe(-2.5);
});

test("closing gives back everything", () => {
  const trader = new Trader(SETTINGS);
  expect(trader.close()).toBe(0);
  fill(trader, trader.decide(60e6, 0.1, 100), 100);
  expect(trader.close()).toBe(5);
});

test("a trader that is saved and restored at any bar decides as one that never was", () => {
  const bars = fc.array(
    fc.record({
      probability: fc.constantFrom(0.2, 0.5, 0.53, 0.9),
      price: fc.double({ min: 50, max: 150, noNaN: true }),
      filled: fc.constantFrom(0, 0.5, 1),
      due: fc.constantFrom(1, 2, undefined),
    }),
    { minLength: 2, maxLength: 40 },
  );
  fc.assert(
    fc.property(bars, fc.nat(39), (all, cut) => {
      const settings = { ...SETTINGS, horizonBars: 3, threshold: 0.05, minimumOrderUsd: 10 };
      const whole = new Trader(settings);
      let part = new Trader(settings);
      all.forEach(({ probability, price, filled, due }, i) => {
        if (i === cut) {
          const state = JSON.parse(JSON.stringify(part.save()));
          part = new Trader(settings);
          part.restore(state);
        }
        const seen = [(i + 1) * 60e6, probability, price, due && (i + 1 + due) * 60e6] as const;
        const order = whole.decide(...seen);
        expect(part.decide(...seen)).toBe(order);
        for (const trader of [whole, part]) fill(trader, filled * order, price);
      });
      expect(part.save()).toEqual(whole.save());
    }),
    { seed: 54 },
  );
});

test("a trader that releases its stakes closes what it holds at the next decision, and stakes anew from there", () => {
  const settings = {
    capitalUsd: 900,
    horizonBars: 3,
    barUs: 60e6,
    threshold: 0,
    minimumOrderUsd: 5,
  };
  const trader = new Trader(settings);
  const order = trader.decide(60e6, 0.9, 100);
  trader.account.take({ amount: order, valueUsd: order * 100 }, 100, 0);
  trader.release();
  expect(trader.decide(120e6, Number.NaN, 100)).toBe(-order);
  trader.account.take({ amount: -order, valueUsd: -order * 100 }, 100, 0);
  expect(trader.decide(180e6, 0.1, 100)).toBeCloseTo(-3, 12);
});
