import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Random, seededRandom } from "../../core/random.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { PriceRuns } from "./price-runs.js";

const ROWS = 6000;

/** Logarithms of right prices, one a second. */
const MARKETS: Readonly<Record<string, (random: Random) => (i: number) => number>> = {
  "walks at random": (random) => {
    let log = 0;
    return () => (log += 2e-4 * random.normal());
  },
  "stands still half of the time": (random) => {
    let log = 0;
    return () => (log += random.uniform() < 0.5 ? 0 : 3e-4 * random.normal());
  },
  "walks with long steps": (random) => {
    let log = 0;
    return () => (log += (random.uniform() < 0.9 ? 1e-4 : 1e-3) * random.normal());
  },
  "jumps by 8 % and stays": (random) => {
    let log = 0;
    return (i) => (log += 1e-4 * random.normal() + (i === 3000 ? 0.08 : 0));
  },
};

/** Places told of, each with the distance in bps. */
function toldOf(prices: readonly number[]): ReadonlyMap<number, number> {
  const told = new Map<number, number>();
  const logs = new Map<number, number>();
  const runs = new PriceRuns(AUDIT_SETTINGS.outlier, (timeUs, logBps, bps) => {
    logs.set(timeUs / 1e6, logBps);
    told.set(timeUs / 1e6, bps);
  });
  prices.forEach((price, i) => {
    runs.add(i * 1e6, price);
  });
  const limit = runs.finish();
  for (const [i, logBps] of logs) if (logBps < limit) told.delete(i);
  return told;
}

function pricesOf(market: string, seed: number): number[] {
  const random = seededRandom(seed, "market");
  const log = MARKETS[market]!(random);
  return Array.from({ length: ROWS }, (_, i) => 100 * Math.exp(log(i)));
}

describe.each(Object.keys(MARKETS))("a market that %s", (market) => {
  test("has no wrong price by itself", () => {
    for (let seed = 0; seed < 20; seed++) expect(toldOf(pricesOf(market, seed)).size).toBe(0);
  });

  test.each([0.01, 0.05, 0.2])("shows its wrong prices where they are %d of all", (share) => {
    const some = fc.record({ seed: fc.nat(10_000), most: fc.constantFrom(0.06, 0.3, 9) });
    fc.assert(
      fc.property(some, ({ seed, most }) => {
        const random = seededRandom(seed, "errors");
        const prices = pricesOf(market, seed);
        const wrong = new Set<number>();
        prices.forEach((price, i) => {
          if (random.uniform() >= share) return;
          const factor = 1.05 + (most - 0.05) * random.uniform();
          prices[i] = random.uniform() < 0.5 ? price * factor : price / factor;
          wrong.add(i);
        });
        const told = toldOf(prices);
        expect([...told.keys()].filter((i) => !wrong.has(i))).toEqual([]);
        expect(told.size).toBeGreaterThanOrEqual(0.99 * wrong.size - 1);
      }),
      { seed: 3, numRuns: 20 },
    );
  });
});

test("a market that bounces between two prices has no wrong one, be it a tick or a wide spread", () => {
  const random = seededRandom(7);
  const play = (price: () => number): number => toldOf(Array.from({ length: ROWS }, price)).size;
  expect(play(() => (random.uniform() < 0.1 ? 31 : 30))).toBe(0);
  expect(play(() => (random.uniform() < 0.5 ? 1.05 : 1))).toBe(0);
  expect(play(() => (random.uniform() < 0.5 ? 1.04 : 1) + 1e-4 * random.normal())).toBe(0);
});

test("a price at half of the level is 5000 bps from it, one at twice the level 10000", () => {
  const told = toldOf(
    Array.from({ length: 400 }, (_, i) => (i === 50 ? 50 : i === 100 ? 200 : 100 + (i % 3) / 1e6)),
  );
  expect([...told].map(([i, bps]) => [i, Math.round(bps)])).toEqual([
    [50, 5000],
    [100, 10_000],
  ]);
});

describe("at the edges of a day", () => {
  const plant = (at: readonly number[], factor: number): readonly number[] => {
    const prices = pricesOf("walks at random", 1);
    for (const i of at) prices[i < 0 ? ROWS + i : i]! *= factor;
    return [...toldOf(prices).keys()];
  };

  test.each([[[0, 1]], [[0, 1, 2]], [[-2, -1]], [[-3, -2, -1]]])(
    "few prices far away are wrong: %j",
    (at) => {
      expect(plant(at, 1.5)).toEqual(at.map((i) => (i < 0 ? ROWS + i : i)));
      expect(plant(at, 0.8)).toEqual(at.map((i) => (i < 0 ? ROWS + i : i)));
    },
  );

  test("a few that are not that far, and more of them, are where the market came from, or goes", () => {
    for (const at of [
      [0, 1],
      [0, 1, 2],
      [-2, -1],
      [-3, -2, -1],
    ]) {
      expect(plant(at, 1.04)).toEqual([]);
    }
    const last = Array.from({ length: 12 }, (_, i) => i - 12);
    expect(plant(last, 1.5)).toEqual([]);
    expect(
      plant(
        last.map((i) => i + 12),
        1.5,
      ),
    ).toEqual([]);
  });
});
