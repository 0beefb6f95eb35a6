import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { calibrationError } from "./calibration-error.js";
import { chanceOfSharpe, type PlanGateInput, planGates } from "./plan-gates.js";
import { sharpeSample } from "./sharpe.js";

const figure = (estimate: number) => ({
  estimate,
  lower: estimate,
  upper: estimate,
  standardError: 0,
  effectiveRows: 1000,
});

function input(accuracy: number, error: number, sharpe: number, days: number): PlanGateInput {
  return {
    metrics: { accuracy: figure(accuracy), calibrationError: figure(error) },
    backtest: {
      sharpe: figure(sharpe),
      daily: new Array(days).fill({ date: "2024-01-01", gross: 0, net: 0 }),
    },
    majorityRate: 0.7,
    upRate: 0.7,
    calibrationNoiseFloor: 0.012,
    trials: 50,
  };
}

test("the plan's gates look at nothing but the figure and its limit", () => {
  const verdicts = (...figures: [number, number, number]): readonly boolean[] =>
    planGates(input(...figures, 365)).map(({ passes }) => passes);
  expect(verdicts(0.68, 0.05, 1.01)).toEqual([true, true, true]);
  expect(verdicts(0.6799, 0.0501, 1)).toEqual([false, false, false]);
  expect(verdicts(Number.NaN, Number.NaN, Number.NaN)).toEqual([false, false, false]);
  const said = planGates(input(0.68, 0.0501, Number.NaN, 365)).map(({ verdict }) => verdict);
  expect(said).toEqual(["pass", "fail", "undecided"]);
});

test("always calling the more frequent side passes the first two on a test of 70 % ups", () => {
  const outcome = Float64Array.from({ length: 1000 }, (_, i) => Number(i % 10 < 7));
  const constant = new Float64Array(1000).fill(0.7);
  expect(calibrationError(constant, outcome)).toBeCloseTo(0, 12);
  const [accuracy, calibration] = planGates(input(0.7, 0, 0, 365));
  expect([accuracy!.passes, calibration!.passes]).toEqual([true, true]);
  expect(accuracy!.misses).toContain("always calling one side is right in 70.0 %");
  expect(calibration!.misses).toContain(
    "saying 70.0 % at every bar of this test has an error of 0",
  );
  expect(calibration!.misses).toContain("a perfect model would show 1.2 % on as few rows");
  const short = { ...input(0.7, 0, 0, 365), calibrationNoiseFloor: Number.POSITIVE_INFINITY };
  expect(planGates(short)[1]!.misses).not.toMatch(/Infinity|NaN/);
});

test("luck shows a Sharpe ratio above 1 as often as the normal law says", () => {
  // Published for a year and for a quarter: 16 % and 31 %.
  expect(chanceOfSharpe(365)).toBeCloseTo(0.1587, 3);
  expect(chanceOfSharpe(91)).toBeCloseTo(0.309, 2);
  const random = seededRandom(8, "no skill");
  const tries = 4000;
  let above = 0;
  for (let i = 0; i < tries; i++) {
    const returns = Float64Array.from({ length: 120 }, () => random.normal());
    above += Number(Math.sqrt(365) * sharpeSample(returns).sharpe > 1);
  }
  const expected = chanceOfSharpe(120);
  expect(Math.abs(above / tries - expected)).toBeLessThan(4 * Math.sqrt(expected / tries));
  const [, , sharpe] = planGates(input(0.5, 0, 2, 365));
  // Published: the best of 50 tries without skill over a year averages 2.3.
  expect(sharpe!.misses).toContain("the best of 50 tries averages 2.3");
});

test("one is one: a day, a try", () => {
  const [, , sharpe] = planGates({ ...input(0.5, 0, 2, 1), trials: 1 });
  expect(sharpe!.misses).toMatch(/over 1 day, and the best of 1 try averages 0\.0/);
});

test("without a tested day nothing is said of tries", () => {
  const [, , sharpe] = planGates(input(0.5, 0, Number.NaN, 0));
  expect(sharpe).toMatchObject({
    passes: false,
    verdict: "undecided",
    misses: expect.stringMatching(/no day was tested/),
  });
});
