import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { mean } from "../core/statistics.js";
import { deflatedSharpe, expectedBestSharpe, probabilisticSharpe } from "./deflated-sharpe.js";
import { sharpeError, sharpeRatio, sharpeSample, sharpeSampleByBlocks } from "./sharpe.js";

test("by hand: of −1, 0, 0, 5 the mean is 1, the deviation √(22/3), and the moments are these", () => {
  const sample = sharpeSample([-1, 0, 0, 5]);
  const [m2, m3, m4] = [22 / 4, (-8 - 1 - 1 + 64) / 4, (16 + 1 + 1 + 256) / 4];
  expect(sample.days).toBe(4);
  expect(sample.sharpe).toBeCloseTo(1 / Math.sqrt(22 / 3), 14);
  expect(sample.skewness).toBeCloseTo(m3 / m2 ** 1.5, 14);
  expect(sample.kurtosis).toBeCloseTo(m4 / m2 ** 2, 14);
});

test("Sharpe is mean over deviation times √365, with the standard error that the moments give", () => {
  const { estimate, standardError, lower, upper } = sharpeRatio(
    sharpeSample([0.01, -0.01, 0.02, 0]),
  );
  const daily = 0.005 / Math.sqrt((0.005 ** 2 + 0.015 ** 2 + 0.015 ** 2 + 0.005 ** 2) / 3);
  expect(estimate).toBeCloseTo(daily * Math.sqrt(365), 10);
  // Symmetric about the mean, so no skewness; kurtosis (0.5⁴ + 1.5⁴)·2/4 over (0.5² + 1.5²)²·(2/4)².
  const kurtosis = (0.5 ** 4 + 1.5 ** 4) / 2 / ((0.5 ** 2 + 1.5 ** 2) / 2) ** 2;
  const variance = (1 + ((kurtosis - 1) / 4) * daily ** 2) / 3;
  expect(standardError).toBeCloseTo(Math.sqrt(variance * 365), 10);
  expect((upper - lower) / standardError).toBeCloseTo(3.92, 10);
});

test("on three days the error is more than eleven: of few days nothing is said, nor of days that are alike", () => {
  expect(sharpeRatio(sharpeSample([0.01, -0.01, 0.005])).standardError).toBeGreaterThan(11);
  const random = seededRandom(6, "few days");
  const returns = Array.from({ length: 20 }, random.normal);
  const one = { count: 1, sharpeDeviation: Number.NaN };
  for (const few of [[], returns.slice(0, 1), returns.slice(0, 19), new Array(30).fill(0.01)]) {
    const { estimate, standardError, lower, upper } = sharpeRatio(few);
    expect([estimate, standardError, lower, upper]).toEqual(new Array(4).fill(Number.NaN));
    expect(deflatedSharpe(few, one)).toBeNaN();
  }
  expect(sharpeRatio(returns).estimate).toBe(Math.sqrt(365) * sharpeSample(returns).sharpe);
});

test("the standard error is the scatter of Sharpe ratios over samples, of skewed returns too", () => {
  const random = seededRandom(7, "sharpe");
  const days = 250;
  for (const draw of [
    random.normal,
    () => random.exponential() - 0.9,
    () => 0.9 - random.exponential(),
  ]) {
    const samples = Array.from({ length: 2000 }, () =>
      sharpeSample(Float64Array.from({ length: days }, () => draw() + 0.1)),
    );
    const sharpes = samples.map(({ sharpe }) => sharpe);
    const center = mean(sharpes);
    const scatter = Math.sqrt(mean(sharpes.map((sharpe) => (sharpe - center) ** 2)));
    // Two thousand samples know their scatter to 1.6 %.
    expect(mean(samples.map(sharpeError)) / scatter).toBeGreaterThan(0.93);
    expect(mean(samples.map(sharpeError)) / scatter).toBeLessThan(1.07);
  }
});

test("the worked example of The Deflated Sharpe Ratio: 2.5 a year, best of 100 trials, is 0.9004", () => {
  // Five years of 250 days, skewness −3, kurtosis 10, variance of the trials' annual Sharpe ratios ½.
  const sample = { days: 1250, sharpe: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10 };
  const trials = { count: 100, sharpeDeviation: Math.sqrt(0.5 / 250) };
  expect(expectedBestSharpe(trials)).toBeCloseTo(0.1132, 4);
  expect(deflatedSharpe(sample, trials)).toBeCloseTo(0.9004, 4);
  // Computed once more with Python's statistics.NormalDist.
  expect(expectedBestSharpe(trials)).toBeCloseTo(0.11317200186513214, 15);
  expect(deflatedSharpe(sample, trials)).toBeCloseTo(0.9003968344493904, 12);
});

test("the same returns with a normal shape are surer, and one trial's benchmark is 0", () => {
  const skewed = { days: 1250, sharpe: 0.158, skewness: -3, kurtosis: 10 };
  const normal = { ...skewed, skewness: 0, kurtosis: 3 };
  expect(probabilisticSharpe(normal, 0.11)).toBeGreaterThan(probabilisticSharpe(skewed, 0.11));
  expect(deflatedSharpe(skewed, { count: 1, sharpeDeviation: Number.NaN })).toBe(
    probabilisticSharpe(skewed),
  );
});

test("a benchmark at the lower bound is exceeded with a probability of 97.5 %", () => {
  const returns = Array.from({ length: 200 }, (_, i) => 0.002 + 0.01 * Math.sin(12.9898 * i));
  const benchmark = sharpeRatio(returns).lower / Math.sqrt(365);
  expect(probabilisticSharpe(sharpeSampleByBlocks(returns), benchmark)).toBeCloseTo(0.975, 4);
});

test("the best of 50 trials without skill over a year shows a Sharpe ratio of about 2.3", () => {
  // A year's Sharpe ratio without skill has deviation 1 (per year).
  const best = expectedBestSharpe({ count: 50, sharpeDeviation: 1 });
  expect(best).toBeGreaterThan(2.2);
  expect(best).toBeLessThan(2.35);
});

test("the best of N draws is on average what is expected of it", () => {
  const random = seededRandom(8, "best of");
  for (const count of [10, 100]) {
    const bests = Array.from({ length: 4000 }, () =>
      Math.max(...Array.from({ length: count }, () => 0.3 * random.normal())),
    );
    const expected = expectedBestSharpe({ count, sharpeDeviation: 0.3 });
    expect(mean(bests) / expected).toBeGreaterThan(0.96);
    expect(mean(bests) / expected).toBeLessThan(1.04);
  }
});

test("deflated Sharpe falls with the number of trials and is missing when they are unknown", () => {
  const returns = Array.from({ length: 200 }, (_, i) => 0.002 + 0.01 * Math.sin(12.9898 * i));
  const of = (count: number): number => deflatedSharpe(returns, { count, sharpeDeviation: 0.1 });
  expect(of(1)).toBeGreaterThan(of(10));
  expect(of(10)).toBeGreaterThan(of(100));
  expect(deflatedSharpe(returns)).toBeNaN();
  expect(deflatedSharpe([0, 0, 0], { count: 1, sharpeDeviation: 0 })).toBeNaN();
});

/** Normal returns that remember a share of the day before, of annual Sharpe ratio 1. */
function remembering(
  days: number,
  share: number,
  random: ReturnType<typeof seededRandom>,
  annualSharpe = 1,
) {
  let value = random.normal();
  return Float64Array.from({ length: days }, () => {
    value = share * value + Math.sqrt(1 - share ** 2) * random.normal();
    return value + annualSharpe / Math.sqrt(365);
  });
}

/** The interval that holds for independent days. */
function independent(returns: ArrayLike<number>): {
  readonly lower: number;
  readonly upper: number;
} {
  const sample = sharpeSample(returns);
  const reach = 1.96 * sharpeError(sample) * Math.sqrt(365);
  const estimate = sample.sharpe * Math.sqrt(365);
  return { lower: estimate - reach, upper: estimate + reach };
}

test("the interval holds the true Sharpe ratio where days remember each other, which that for independent days does not", () => {
  const random = seededRandom(3, "autocorrelated days");
  const tries = 400;
  for (const [days, share, least] of [
    [90, 0, 0.93],
    [90, 0.4, 0.91],
    [250, 0.4, 0.9],
  ] as const) {
    const samples = Array.from({ length: tries }, () => remembering(days, share, random));
    const held = (
      of: (returns: Float64Array) => { readonly lower: number; readonly upper: number },
    ) => samples.map(of).filter(({ lower, upper }) => lower <= 1 && 1 <= upper).length / tries;
    // Four hundred tries know a share of 95 % to 1.1 points.
    expect(held(sharpeRatio)).toBeGreaterThan(least);
    expect(held(sharpeRatio)).toBeLessThan(0.995);
    if (share > 0) expect(held(independent)).toBeLessThan(0.88);
  }
});

test("the interval is never narrower than that for independent days, and mirrors when returns change their sign", () => {
  const random = seededRandom(4, "signs");
  for (const share of [-0.5, 0, 0.5]) {
    const returns = remembering(120, share, random);
    const { lower, upper, estimate } = sharpeRatio(returns);
    expect(lower).toBeLessThanOrEqual(independent(returns).lower + 1e-12);
    expect(upper).toBeGreaterThanOrEqual(independent(returns).upper - 1e-12);
    const mirrored = sharpeRatio(returns.map((value) => -3 * value));
    expect(mirrored.estimate).toBeCloseTo(-estimate, 10);
    expect(mirrored.lower).toBeCloseTo(-upper, 8);
    expect(mirrored.upper).toBeCloseTo(-lower, 8);
  }
});

test("days that remember each other do not make a strategy without skill pass more often than one in twenty", () => {
  const random = seededRandom(5, "no skill");
  const one = { count: 1, sharpeDeviation: Number.NaN };
  const tries = 600;
  for (const [days, share] of [
    [90, 0],
    [90, 0.4],
    [250, 0.4],
  ] as const) {
    const samples = Array.from({ length: tries }, () => remembering(days, share, random, 0));
    const passing = samples.filter((returns) => deflatedSharpe(returns, one) >= 0.95).length;
    // Six hundred tries know a share of 5 % to 0.9 points; the formula for independent days lets 15 % pass at 0.4.
    expect([days, share, passing / tries < 0.08]).toEqual([days, share, true]);
    expect([days, share, passing > 0]).toEqual([days, share, true]);
  }
});

test("a strategy that earned on two days of a hundred has no interval", () => {
  const rare = Float64Array.from({ length: 100 }, (_, i) => Number(i === 20 || i === 60));
  const { estimate, lower, upper } = sharpeRatio(rare);
  expect(estimate).toBeGreaterThan(2);
  expect([lower, upper]).toEqual([Number.NaN, Number.NaN]);
  expect(deflatedSharpe(rare, { count: 1, sharpeDeviation: 0 })).toBeNaN();
});
