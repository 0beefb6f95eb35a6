import fc from "fast-check";
import { expect, test } from "vitest";
import { exposureUsd, type Position, stressLossUsd } from "./exposure.js";
import { type EntryRequest, sizeEntry } from "./size-entry.js";

const ASKED: EntryRequest = {
  rules: { leverage: 3.3, lots: {} },
  symbol: "BTCUSDT",
  amount: 4,
  price: 50_000,
  positions: [],
  equityUsd: 100_000,
  headroomUsd: 5000,
  bufferUsd: 500,
  stress: { other: 0.05, bySymbol: { BTC: 0.03 } },
  costRatio: 0,
};

test("by hand: 4,500 of room and a move of 3 % allow 150,000 dollars, which is 3 at 50,000", () => {
  expect(sizeEntry(ASKED)).toEqual({ amount: 3, limit: "headroom" });
  expect(sizeEntry({ ...ASKED, amount: -4 })).toEqual({ amount: -3, limit: "headroom" });
  expect(sizeEntry({ ...ASKED, amount: 2.5 })).toEqual({ amount: 2.5, limit: "" });
  // Another position takes 0.05 × 30,000 = 1,500 of the room, of either side.
  for (const amount of [-300, 300]) {
    const positions = [{ symbol: "SOLUSDT", amount, price: 100 }];
    expect(sizeEntry({ ...ASKED, positions })).toEqual({ amount: 2, limit: "headroom" });
  }
});

test("leverage bounds the value of all positions, lots bound the symbol's own", () => {
  expect(sizeEntry({ ...ASKED, rules: { leverage: 1, lots: {} } })).toEqual({
    amount: 2,
    limit: "leverage",
  });
  const rules = { leverage: 10, lots: { BTC: { most: 2.5, least: 0.1, step: 0.1 } } };
  expect(sizeEntry({ ...ASKED, rules })).toEqual({ amount: 2.5, limit: "lot-cap" });
  const held = [{ symbol: "BTCUSDT", amount: 2.25, price: 50_000 }];
  expect(sizeEntry({ ...ASKED, rules, positions: held }).amount).toBeCloseTo(0.2, 12);
  expect(sizeEntry({ ...ASKED, rules, amount: 0.37 })).toEqual({
    amount: expect.closeTo(0.3, 12),
    limit: "lot-step",
  });
  expect(sizeEntry({ ...ASKED, rules, amount: 0.09 })).toEqual({ amount: 0, limit: "lot-step" });
});

test("an order that turns a position closes it whole, and opens what is allowed beyond", () => {
  const positions = [{ symbol: "BTCUSDT", amount: -1, price: 50_000 }];
  expect(sizeEntry({ ...ASKED, positions, amount: 9 })).toEqual({ amount: 4, limit: "headroom" });
  expect(sizeEntry({ ...ASKED, positions, amount: 9, headroomUsd: -100 })).toEqual({
    amount: 1,
    limit: "headroom",
  });
});

test("without a price nothing is opened, and what is held is closed all the same", () => {
  const positions = [{ symbol: "BTCUSDT", amount: -1, price: Number.NaN }];
  expect(sizeEntry({ ...ASKED, price: Number.NaN })).toEqual({ amount: 0, limit: "price" });
  const closing = { ...ASKED, positions, price: Number.NaN, amount: 3 };
  expect(sizeEntry(closing)).toEqual({ amount: 1, limit: "price" });
  const other = [{ symbol: "ETHUSDT", amount: 1, price: Number.NaN }];
  expect(sizeEntry({ ...ASKED, positions: other })).toEqual({ amount: 0, limit: "price" });
});

/** Evenly, unlike doubles, most of which are next to nothing. */
const number = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1000 * min, max: 1000 * max }).map((thousandths) => thousandths / 1000);

const position = (symbol: string): fc.Arbitrary<Position> =>
  fc.record({
    symbol: fc.constant(symbol),
    amount: number(-0.8, 0.8),
    price: fc.constant(20_000),
  });

const requests: fc.Arbitrary<EntryRequest> = fc.record({
  rules: fc.constantFrom(
    { leverage: 3.3, lots: {} },
    { leverage: 1, lots: { BTC: { most: 5, least: 0.01, step: 0.01 } } },
    { leverage: 50, lots: { BTCUSDT: { most: 2, least: 0.3, step: 0.1 } } },
  ),
  symbol: fc.constant("BTCUSDT"),
  amount: number(-4, 4),
  price: fc.constant(20_000),
  positions: fc.tuple(position("BTCUSDT"), position("ETHUSDT"), position("SOLUSDT")),
  equityUsd: number(90_000, 120_000),
  headroomUsd: number(-500, 9000),
  bufferUsd: number(0, 1000),
  stress: fc.constantFrom({ other: 0.05, bySymbol: { BTC: 0.03 } }, { other: 0.2, bySymbol: {} }),
  costRatio: fc.constantFrom(0, 5e-4),
});

/** Positions after an order, and what it cost. */
function outcome(
  request: EntryRequest,
  amount: number,
): { positions: Position[]; paidUsd: number } {
  const { symbol, price, costRatio } = request;
  const positions = request.positions.map((one) =>
    one.symbol === symbol ? { ...one, amount: one.amount + amount } : one,
  );
  return { positions, paidUsd: costRatio * Math.abs(amount) * price };
}

const opens = ({ positions, amount }: EntryRequest, sized: number): boolean =>
  sized !== 0 &&
  (positions[0]!.amount * amount >= 0 || Math.abs(sized) > Math.abs(positions[0]!.amount));

test("after an entry and a stress move against all the equity is at the floor and its buffer or above, and the leverage is kept", () => {
  let opened = 0;
  fc.assert(
    fc.property(requests, (request) => {
      const { amount } = sizeEntry(request);
      if (!opens(request, amount)) return;
      opened++;
      const { positions, paidUsd } = outcome(request, amount);
      const { headroomUsd, bufferUsd, stress, equityUsd, rules } = request;
      const left = headroomUsd - paidUsd - stressLossUsd(positions, stress) - bufferUsd;
      expect(left).toBeGreaterThan(-1e-6);
      const room = rules.leverage * (equityUsd - paidUsd) - exposureUsd(positions);
      expect(room).toBeGreaterThan(-1e-6);
    }),
    { seed: 61, numRuns: 3000 },
  );
  expect(opened).toBeGreaterThan(500);
});

test("the most is allowed: a lot more breaks one of the bounds", () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { amount, limit } = sizeEntry({ ...request, rules: { leverage: 3.3, lots: {} } });
      if (limit === "" || !opens(request, amount)) return;
      const { positions, paidUsd } = outcome(request, amount + 0.001 * Math.sign(amount));
      const { headroomUsd, bufferUsd, stress, equityUsd } = request;
      const left = headroomUsd - paidUsd - stressLossUsd(positions, stress) - bufferUsd;
      const room = 3.3 * (equityUsd - paidUsd) - exposureUsd(positions);
      expect(Math.min(left, room)).toBeLessThan(0);
    }),
    { seed: 62, numRuns: 2000 },
  );
});

test("an order that only reduces is never changed, and what reduces is never made smaller", () => {
  fc.assert(
    fc.property(requests, (request) => {
      const held = request.positions[0]!.amount;
      const { amount } = sizeEntry(request);
      if (held * request.amount < 0 && Math.abs(request.amount) <= Math.abs(held)) {
        expect(amount).toBe(request.amount);
      } else if (held * request.amount < 0) {
        expect(Math.abs(amount)).toBeGreaterThanOrEqual(Math.abs(held));
      }
      expect(Math.abs(amount)).toBeLessThanOrEqual(Math.abs(request.amount) + 1e-12);
      expect(amount * request.amount).toBeGreaterThanOrEqual(0);
    }),
    { seed: 63, numRuns: 3000 },
  );
});

test("more headroom never makes an entry smaller", () => {
  fc.assert(
    fc.property(requests, number(0, 5000), (request, more) => {
      const { amount } = sizeEntry(request);
      const roomier = sizeEntry({ ...request, headroomUsd: request.headroomUsd + more });
      expect(Math.abs(roomier.amount)).toBeGreaterThanOrEqual(Math.abs(amount));
    }),
    { seed: 64, numRuns: 3000 },
  );
});
