import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { MINUTE_US } from "../core/time.js";
import { requireLabelRule } from "./label-rule.js";
import { type LabelPrices, labelsOf } from "./labels.js";

const LATENCY_US = 500_000;

function settings(horizonBars: number, deviations = 1, volatilityBars = 2) {
  const rule = { kind: "triple-barrier", deviations, volatilityBars } as const;
  const times = { barUs: MINUTE_US, horizonUs: horizonBars * MINUTE_US, latencyUs: LATENCY_US };
  return { rule, ...times };
}

/** Prices that are known at the bar's end and in force after the latency alike. */
function prices(values: readonly number[], skipped: readonly number[] = []): LabelPrices {
  const bars = values.map((_, i) => i + 1 + skipped.filter((at) => at <= i).length);
  const price = Float64Array.from(values);
  const barEndUs = Float64Array.from(bars, (bar) => bar * MINUTE_US);
  return { barEndUs, entryPrice: price, knownPrice: price };
}

describe("by hand", () => {
  // One deviation of a two-bar return after ± 1 % bars is √2 %.
  const start = [100, 101, 100];

  test("the barrier that is met first decides, and its time is the label's end", () => {
    const up = labelsOf(prices([...start, 100.5, 102, 90]), settings(3));
    expect([up.outcome[2], up.labelEndUs[2]]).toEqual([1, 5 * MINUTE_US + LATENCY_US]);
    expect(up.labelReturn[2]).toBeCloseTo(Math.log(1.02), 12);
    const down = labelsOf(prices([...start, 98, 110, 110]), settings(3));
    expect([down.outcome[2], down.labelEndUs[2]]).toEqual([0, 4 * MINUTE_US + LATENCY_US]);
  });

  test("at the horizon the sign of the return decides, and an exact tie is half", () => {
    const near = labelsOf(prices([...start, 100.2, 100.1]), settings(2));
    expect([near.outcome[2], near.labelEndUs[2]]).toEqual([1, 5 * MINUTE_US + LATENCY_US]);
    expect(labelsOf(prices([...start, 100.2, 100]), settings(2)).outcome[2]).toBe(0.5);
  });

  test("a missing price or bar before a barrier is met gives no label, one after it does not matter", () => {
    const lost = labelsOf(prices([...start, Number.NaN, 110]), settings(2));
    expect(lost.outcome[2]).toBeNaN();
    expect(labelsOf(prices([...start, 100.1, 110], [4]), settings(2)).outcome[2]).toBeNaN();
    expect(labelsOf(prices([...start, 110, Number.NaN]), settings(2)).outcome[2]).toBe(1);
    expect(labelsOf(prices([...start, 100.1]), settings(2)).outcome[2]).toBeNaN();
  });

  test("without a label a bet ends with the first price that is known beyond a barrier, or at the horizon", () => {
    const lost = labelsOf(prices([...start, Number.NaN, 110, 111]), settings(3));
    expect([lost.outcome[2], lost.labelEndUs[2]]).toEqual([Number.NaN, 5 * MINUTE_US + LATENCY_US]);
    const missing = labelsOf(prices([...start, 110], [3]), settings(3));
    expect([missing.outcome[2], missing.labelEndUs[2]]).toEqual([
      Number.NaN,
      5 * MINUTE_US + LATENCY_US,
    ]);
    const never = labelsOf(prices([...start, Number.NaN, 100.1, 100.2]), settings(3));
    expect([never.outcome[2], never.labelEndUs[2]]).toEqual([
      Number.NaN,
      6 * MINUTE_US + LATENCY_US,
    ]);
    // Without barriers there is no bet.
    expect(labelsOf(prices([100, 100, 100, 105]), settings(1)).labelEndUs[2]).toBeNaN();
  });

  test("without enough known prices, or where nothing moved in them, there is no label", () => {
    const { outcome } = labelsOf(prices([100, 101, 100, 105, 106]), settings(1));
    expect([...outcome]).toEqual([Number.NaN, Number.NaN, 1, 1, Number.NaN]);
    expect(labelsOf(prices([100, 100, 100, 105]), settings(1)).outcome[2]).toBeNaN();
  });

  test.each([
    [{ deviations: 0, volatilityBars: 60 }, "deviations: was 0"],
    [{ deviations: Number.NaN, volatilityBars: 60 }, "deviations: was NaN"],
    [{ deviations: 1, volatilityBars: 1 }, "volatilityBars: was 1"],
  ])("%j is refused", (rule, message) => {
    expect(() => requireLabelRule({ kind: "triple-barrier", ...rule })).toThrow(message);
  });
});

test("barriers equal those of a plain model on random walks with holes", () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.integer({ min: 1, max: 8 }),
      fc.double({ min: 0.2, max: 3, noNaN: true }),
      fc.integer({ min: 2, max: 6 }),
      (seed, horizon, deviations, window) => {
        const random = seededRandom(seed);
        let log = 0;
        const values = Array.from({ length: 60 }, () => {
          log += 0.01 * random.normal();
          return random.uniform() < 0.05 ? Number.NaN : Math.exp(log);
        });
        const skipped = [random.below(60), random.below(60)];
        const made = prices(values, skipped);
        const found = labelsOf(made, settings(horizon, deviations, window));
        values.forEach((_, i) => {
          const expected = plainLabel(made, i, { horizon, deviations, window });
          expect(found.outcome[i]).toBe(expected);
        });
      },
    ),
    { seed: 71, numRuns: 60 },
  );
});

test("a label depends on no price before its deviation's window and none after its end", () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 40 }, () => 100 + random.normal());
  const before = labelsOf(prices(values), settings(5, 1, 4));
  values.forEach((_, changed) => {
    const other = values.map((value, i) => (i === changed ? 1 + value : value));
    const after = labelsOf(prices(other), settings(5, 1, 4));
    before.outcome.forEach((outcome, i) => {
      const end = Math.round((before.labelEndUs[i]! - LATENCY_US) / MINUTE_US) - 1;
      if (changed < i - 4 || changed > end) expect(after.outcome[i]).toBe(outcome);
    });
  });
});

/** The definition, bar by bar by their numbers. */
function plainLabel(
  { barEndUs, entryPrice }: LabelPrices,
  row: number,
  rule: { readonly horizon: number; readonly deviations: number; readonly window: number },
): number {
  const byBar = new Map(Array.from(barEndUs, (end, i) => [end / MINUTE_US, entryPrice[i]!]));
  const bar = barEndUs[row]! / MINUTE_US;
  const at = (step: number): number => byBar.get(bar + step) ?? Number.NaN;
  const returns = Array.from({ length: rule.window }, (_, k) => Math.log(at(-k) / at(-k - 1)));
  const meanSquare = returns.reduce((sum, r) => sum + r * r, 0) / rule.window;
  const barrier = rule.deviations * Math.sqrt(rule.horizon * meanSquare);
  if (!(barrier > 0)) return Number.NaN;
  for (let step = 1; step <= rule.horizon; step++) {
    const change = Math.log(at(step) / at(0));
    if (Number.isNaN(change)) return Number.NaN;
    if (change >= barrier || (step === rule.horizon && change > 0)) return 1;
    if (change <= -barrier || (step === rule.horizon && change < 0)) return 0;
  }
  return 0.5;
}
