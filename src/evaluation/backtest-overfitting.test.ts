import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { mean, standardDeviation } from "../core/statistics.js";
import { backtestOverfitting } from "./backtest-overfitting.js";

/** Independent normal returns; the first configuration earns `edge` deviations more a period. */
function returns(configurations: number, periods: number, edge: number, seed: number) {
  const random = seededRandom(seed, "returns");
  return Array.from({ length: configurations }, (_, i) =>
    new Float64Array(periods).map(() => random.normal() + (i === 0 ? edge : 0)),
  );
}

/** The definition, word for word: submatrices are joined, figures computed on them, and ranks read off a sorted list. */
function slow(performance: readonly Float64Array[], blocks: number, isSharpe: boolean) {
  const length = performance[0]!.length / blocks;
  const splits: { logit: number; inSample: number; outOfSample: number }[] = [];
  for (let mask = 0; mask < 2 ** blocks; mask++) {
    const isIn = (b: number): boolean => Math.floor(mask / 2 ** b) % 2 === 1;
    const chosen = Array.from({ length: blocks }, (_, b) => b).filter(isIn);
    if (chosen.length !== blocks / 2) continue;
    const figure = (column: Float64Array, wanted: boolean): number => {
      const part = [...column].filter((_, t) => isIn(Math.floor(t / length)) === wanted);
      return isSharpe ? mean(part) / standardDeviation(part) : mean(part);
    };
    const inside = performance.map((column) => figure(column, true));
    const outside = performance.map((column) => figure(column, false));
    const best = inside.indexOf(Math.max(...inside));
    const rank = [...outside].sort((a, b) => a - b).indexOf(outside[best]!) + 1;
    const omega = rank / (performance.length + 1);
    splits.push({
      logit: Math.log(omega / (1 - omega)),
      inSample: inside[best]!,
      outOfSample: outside[best]!,
    });
  }
  return splits;
}

describe("backtestOverfitting", () => {
  test("is what the definition says, split by split", () => {
    const matrices = fc.record({
      configurations: fc.integer({ min: 2, max: 7 }),
      blocks: fc.constantFrom(2, 4, 6),
      length: fc.integer({ min: 2, max: 9 }),
      statistic: fc.constantFrom("mean" as const, "sharpe" as const),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(matrices, ({ configurations, blocks, length, statistic, seed }) => {
        const performance = returns(configurations, blocks * length, 0.3, seed);
        const result = backtestOverfitting(performance, { blocks, statistic, lossBelow: 0.1 });
        const expected = slow(performance, blocks, statistic === "sharpe");
        const byFigure = (a: { inSample: number }, b: { inSample: number }): number =>
          a.inSample - b.inSample;
        const got = Array.from(result.logits, (logit, i) => {
          return { logit, inSample: result.inSample[i]!, outOfSample: result.outOfSample[i]! };
        });
        expect(result.splits).toBe(expected.length);
        const sorted = expected.sort(byFigure);
        got.sort(byFigure).forEach((split, i) => {
          expect(split.logit).toBeCloseTo(sorted[i]!.logit, 12);
          expect(split.inSample).toBeCloseTo(sorted[i]!.inSample, 12);
          expect(split.outOfSample).toBeCloseTo(sorted[i]!.outOfSample, 12);
        });
        const share = (holds: (split: (typeof expected)[number]) => boolean): number =>
          expected.filter(holds).length / expected.length;
        expect(result.probability).toBe(share(({ logit }) => logit <= 0));
        expect(result.probabilityOfLoss).toBe(share(({ outOfSample }) => outOfSample < 0.1));
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  test("is one half on noise, on the mean of many markets", () => {
    const draws = Array.from({ length: 150 }, (_, seed) => {
      return backtestOverfitting(returns(10, 120, 0, seed), { blocks: 6 }).probability;
    });
    // Splits of one market share its data; markets are independent, so their scatter gives the error of the mean.
    const error = standardDeviation(draws) / Math.sqrt(draws.length);
    expect(error).toBeLessThan(0.03);
    expect(Math.abs(mean(draws) - 0.5)).toBeLessThan(3 * error);
  });

  test("one split of each of many noise markets is lost like a coin toss", () => {
    const markets = 400;
    const lost = Array.from({ length: markets }, (_, seed) => {
      return backtestOverfitting(returns(8, 40, 0, seed), { blocks: 4 }).logits[0]! <= 0;
    }).filter(Boolean).length;
    // Binomial(400, ½): three deviations are 30.
    expect(Math.abs(lost - markets / 2)).toBeLessThan(30);
  });

  test("is almost 0 when one configuration is truly better", () => {
    const result = backtestOverfitting(returns(10, 480, 0.5, 1));
    expect(result).toMatchObject({ splits: 12_870, configurations: 10, periods: 480 });
    expect(result.probability).toBeLessThan(0.001);
    expect(result.probabilityOfLoss).toBe(0);
  });

  test("performance in sample and out of it add up, so the better the one, the worse the other", () => {
    // The same configuration is best in every half, and its two means sum to the same in every split: a slope of −1.
    const result = backtestOverfitting(returns(4, 320, 2, 5), { statistic: "mean", blocks: 8 });
    expect(result.probability).toBe(0);
    expect(result.degradationSlope).toBeCloseTo(-1, 10);
  });

  test("periods that do not divide into blocks are used all the same", () => {
    const performance = [Float64Array.from({ length: 11 }, (_, t) => t), new Float64Array(11)];
    const { inSample, outOfSample } = backtestOverfitting(performance, {
      blocks: 2,
      statistic: "mean",
    });
    // Periods 0 … 5 and 6 … 10.
    expect([...inSample]).toEqual([2.5, 8]);
    expect([...outOfSample]).toEqual([8, 2.5]);
  });

  test("equal configurations rank in the middle, and one that never trades has a Sharpe ratio of 0", () => {
    const [column] = returns(1, 40, 0, 2);
    const equal = backtestOverfitting([column!, column!, column!], { blocks: 4 });
    expect([...equal.logits].every((logit) => logit === 0)).toBe(true);
    const losing = column!.map((value) => value - 5);
    const idle = backtestOverfitting([losing, new Float64Array(40)], { blocks: 4 });
    expect([...idle.inSample]).toEqual(new Array(6).fill(0));
    expect(idle.probability).toBe(0);
  });

  test("odd blocks, one configuration, unequal lengths and missing numbers are refused", () => {
    const good = returns(2, 40, 0, 1);
    expect(() => backtestOverfitting(good, { blocks: 5 })).toThrow(/blocks: was 5, .* even/);
    expect(() => backtestOverfitting(good, { blocks: 22 })).toThrow(/half of the 40 periods/);
    expect(() => backtestOverfitting(good.slice(1))).toThrow(/at least 2/);
    expect(() => backtestOverfitting([good[0]!, good[1]!.subarray(1)])).toThrow(/39 rows/);
    const holed = good[1]!.map((value, t) => (t === 3 ? Number.NaN : value));
    expect(() => backtestOverfitting([good[0]!, holed], { blocks: 4 })).toThrow(
      /row 4, configuration 2: was NaN/,
    );
  });
});
