import fc from "fast-check";
import { expect, test } from "vitest";
import { type Random, seededRandom } from "../core/random.js";
import { BookSide } from "./book-side.js";
import { SortedLevels } from "./sorted-levels.js";
import { captureBookChanges, hasCaptures } from "./test-captures.js";

/** A stretch of changes around one price, which lie on a grid but for a few. */
interface Stretch {
  readonly seed: number;
  readonly changes: number;
  readonly scale: number;
  readonly step: number;
  /** Price in the middle, and how far the others lie from it, in ticks. */
  readonly middle: number;
  readonly reach: number;
  readonly deletes: number;
  readonly odd: number;
  readonly before: "nothing" | "snapshot" | "saved";
}

const arbitraryStretch: fc.Arbitrary<Stretch> = fc.record({
  seed: fc.integer(),
  changes: fc.integer({ min: 0, max: 600 }),
  scale: fc.constantFrom(1, 10, 10, 100, 1e8),
  step: fc.constantFrom(1, 1, 5, 25),
  middle: fc.constantFrom(3, 50_000, 50_100, 618_000, 1e9, 6e12),
  reach: fc.constantFrom(10, 40, 600, 600, 20_000, 1e6),
  deletes: fc.constantFrom(0.1, 0.4, 0.6),
  odd: fc.constantFrom(0, 0, 0.02, 0.5, 1),
  before: fc.constantFrom("nothing", "nothing", "snapshot", "saved"),
});

/** Prices that lie far from all others, on no grid, or have no place on any. */
function oddPrice(random: Random, near: number): number {
  const draws = [0.01, 1e-8, 1e6, 9_999_999_999, 1e300, 5e-324, 0, -37.63];
  const kind = random.below(draws.length + 3);
  if (kind < draws.length) return draws[kind]!;
  if (kind === draws.length) return near * random.uniform();
  return kind === draws.length + 1 ? near * (1 + 2 ** -52) : (random.below(9000) + 1) * 0.1;
}

function* changesOf(stretch: Stretch): Generator<readonly [price: number, amount: number]> {
  const random = seededRandom(stretch.seed, "book side");
  for (let i = 0; i < stretch.changes; i++) {
    const ticks = Math.round(stretch.middle + stretch.reach * (2 * random.uniform() - 1));
    const onGrid = (Math.max(ticks, 1) * stretch.step) / stretch.scale;
    const price = random.uniform() < stretch.odd ? oddPrice(random, onGrid) : onGrid;
    yield [price, random.uniform() < stretch.deletes ? 0 : random.exponential()];
  }
}

const sorted = (levels: ReadonlyMap<number, number>, sign: 1 | -1): [number, number][] =>
  [...levels].sort(([a], [b]) => sign * (b - a));

const levelsOf = (side: BookSide | SortedLevels): [number, number][] =>
  Array.from({ length: side.size }, (_, i) => [side.price(i), side.amount(i)]);

/** Compares all that can be asked, in orders in which nobody reads. */
function expectSame(side: BookSide, expected: readonly (readonly [number, number])[]): void {
  expect(side.size).toBe(expected.length);
  expect([side.price(0), side.amount(0)]).toEqual(expected[0] ?? [Number.NaN, Number.NaN]);
  for (const levels of [0, 1, 5, 20, 70, 1e6, Number.NaN, -1]) {
    const best = expected.slice(0, Math.max(levels || 0, 0));
    expect(side.depth(levels)).toBe(best.reduce((sum, [, amount]) => sum + amount, 0));
  }
  for (const i of [7, 3, 60, 59, 0, expected.length - 1, expected.length].filter((at) => at >= 0)) {
    expect([side.amount(i), side.price(i)]).toEqual(
      expected[i] ? [expected[i][1], expected[i][0]] : [Number.NaN, Number.NaN],
    );
  }
  expect(levelsOf(side)).toEqual(expected);
}

const restored = (side: BookSide, sign: 1 | -1): BookSide => {
  const copy = new BookSide(sign);
  copy.set(1, 1);
  copy.restore(JSON.parse(JSON.stringify(side.save())) as string);
  expect(copy.save()).toBe(side.save());
  return copy;
};

test("a side holds what a plain Map holds, whatever its prices and however they move", () => {
  const sides = fc.constantFrom<1 | -1>(1, -1);
  fc.assert(
    fc.property(sides, fc.array(arbitraryStretch, { maxLength: 9 }), (sign, stretches) => {
      let side = new BookSide(sign);
      const model = new Map<number, number>();
      for (const stretch of stretches) {
        if (stretch.before === "snapshot") {
          side.clear();
          model.clear();
        }
        if (stretch.before === "saved") side = restored(side, sign);
        for (const [price, amount] of changesOf(stretch)) {
          side.set(price, amount);
          if (amount === 0) model.delete(price);
          else model.set(price, amount);
        }
        expectSame(side, sorted(model, sign));
      }
    }),
    { seed: 11, numRuns: 150 },
  );
});

test("rows set at once leave what they leave one by one, wherever they are cut", () => {
  const stretches = fc.array(arbitraryStretch, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom<1 | -1>(1, -1), stretches, fc.integer(), (sign, all, seed) => {
      const changes = all.flatMap((stretch) => [...changesOf(stretch)]);
      const price = Float64Array.from(changes, ([value]) => value);
      const amount = Float64Array.from(changes, ([, value]) => value);
      const random = seededRandom(seed, "cuts");
      const atOnce = new BookSide(sign);
      const model = new Map<number, number>();
      for (let from = 0, to = 0; from < changes.length; from = to) {
        to = Math.min(from + 1 + random.below(90), changes.length);
        atOnce.setRows(price, amount, from, to);
        for (const [at, value] of changes.slice(from, to)) {
          if (value === 0) model.delete(at);
          else model.set(at, value);
        }
        const best = sorted(model, sign)[0] ?? [Number.NaN, Number.NaN];
        expect([atOnce.price(0), atOnce.amount(0)]).toEqual(best);
      }
      expectSame(atOnce, sorted(model, sign));
    }),
    { seed: 13, numRuns: 60 },
  );
});

test("best and worst level are right after every single change", () => {
  fc.assert(
    fc.property(fc.array(arbitraryStretch, { maxLength: 5 }), (stretches) => {
      const side = new BookSide(-1);
      const model = new SortedLevels(-1);
      for (const [price, amount] of stretches.flatMap((stretch) => [...changesOf(stretch)])) {
        side.set(price, amount);
        model.set(price, amount);
        const worst = Math.max(model.size - 1, 0);
        if (!Object.is(side.price(worst), model.price(worst))) {
          expect(side.price(worst)).toBe(model.price(worst));
        }
        const best = [side.price(0), side.amount(0), side.price(2), side.depth(2), side.size];
        const depth = model.size > 1 ? model.amount(0) + model.amount(1) : model.amount(0) || 0;
        const expected = [model.price(0), model.amount(0), model.price(2), depth, model.size];
        if (!expected.every((value, i) => Object.is(value, best[i])))
          expect(best).toEqual(expected);
      }
    }),
    { seed: 12, numRuns: 100 },
  );
});

test("a market that leaves the window, stays away and comes back finds all its levels", () => {
  const side = new BookSide(1);
  const model = new Map<number, number>();
  for (const middle of [600_000, 5_000_000, 600_500, 1000, 600_000]) {
    for (let i = 0; i < 3000; i++) {
      const price = (middle + ((i * 7919) % 1500)) / 10;
      const amount = i % 3;
      side.set(price, amount);
      if (amount === 0) model.delete(price);
      else model.set(price, amount);
    }
    expectSame(side, sorted(model, 1));
  }
});

test("a snapshot leaves nothing of prices off the grid, nor of where they stood", () => {
  const side = new BookSide(1);
  const levels = Array.from({ length: 300 }, (_, i): [number, number] => [(9000 - i) / 10, i + 1]);
  for (let round = 0; round < 3; round++) {
    for (const [price, amount] of levels) side.set(price, amount);
    expectSame(side, levels);
    side.set(900.03, 7);
    expectSame(side, [[900.03, 7], ...levels]);
    side.clear();
    expectSame(side, []);
  }
});

test("a price off the grid is the best before and after all others go and one comes back", () => {
  const side = new BookSide(-1);
  const prices = Array.from({ length: 300 }, (_, i) => (1000 + i) / 10);
  for (const price of prices) side.set(price, 1);
  side.set(99.95, 7);
  for (const price of prices) side.set(price, 0);
  expectSame(side, [[99.95, 7]]);
  side.set(100, 2);
  expectSame(side, [
    [99.95, 7],
    [100, 2],
  ]);
});

const BOOKS = [
  "binance/incremental_book_L2/2024/08/09/BTCUSDT",
  "bitstamp/incremental_book_L2/2015/05/01/BTCUSD",
  "coinbase/incremental_book_L2/2018/04/17/BTC-USD",
] as const;

test.skipIf(!hasCaptures).each(BOOKS)(
  "the sides of %s are those of sorted levels, bit for bit (needs ../shared/market-data)",
  (name) => {
    const { side, isSnapshot, price, amount } = captureBookChanges(name);
    for (const sign of [1, -1] as const) {
      const levels = new BookSide(sign);
      const plain = new SortedLevels(sign);
      for (let i = 0; i < price.length; i++) {
        if (isSnapshot[i] === 1 && isSnapshot[i - 1] !== 1) {
          levels.clear();
          plain.clear();
        }
        if (side[i] !== sign) continue;
        levels.set(price[i]!, amount[i]!);
        plain.set(price[i]!, amount[i]!);
        if (levels.price(0) !== plain.price(0)) expect(levels.price(0)).toBe(plain.price(0));
        if (levels.amount(0) !== plain.amount(0)) expect(levels.amount(0)).toBe(plain.amount(0));
        if (i % 20_000 === 0) expect(levelsOf(levels)).toEqual(levelsOf(plain));
      }
      expect(levels.size).toBeGreaterThan(10);
      expect(levelsOf(levels)).toEqual(levelsOf(plain));
    }
  },
  60_000,
);
