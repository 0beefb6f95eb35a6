import { expect, test } from "vitest";
import { mostByLuck } from "./most-by-luck.js";
import { nullResults } from "./null-results.js";
import type { RungFindings, SeedFindings } from "./seed-job.js";

const RUNG: RungFindings = {
  rung: "logistic",
  accuracy: 0.5,
  gates: { "brier-skill": "fail", "better-than-majority": "undecided", "deflated-sharpe": "fail" },
  isPromoted: false,
  freeDeflatedSharpe: 0.2,
};

function market(seed: number, ...rungs: readonly Partial<RungFindings>[]): SeedFindings {
  return {
    seed,
    symbolDays: 117,
    rows: 10,
    testDays: 92,
    attainableAccuracy: 0.5,
    hasCanaries: false,
    isVoid: false,
    rungs: rungs.map((rung) => ({ ...RUNG, ...rung })),
  };
}

test("a gate of one in twenty passes in at most 14 of 150 markets, by the binomial law", () => {
  // scipy.stats.binom.ppf(0.99, n, 0.05)
  const expected = { 2: 1, 5: 2, 24: 4, 150: 14, 1000: 67 };
  for (const [tries, most] of Object.entries(expected))
    expect(mostByLuck(Number(tries))).toBe(most);
});

test("a market counts once for a gate, whichever of its rungs passes, and each rung is told apart", () => {
  const passed = { ...RUNG.gates, "brier-skill": "pass" } as const;
  const markets = [
    market(
      1,
      { rung: "majority", gates: passed, accuracy: 0.49 },
      { gates: passed, accuracy: 0.5 },
    ),
    market(2, { rung: "majority", accuracy: 0.51 }, { gates: passed, accuracy: 0.53 }),
    market(3, { rung: "majority", accuracy: 0.5 }, { isPromoted: true, accuracy: 0.5 }),
  ];
  const results = nullResults(markets);
  const found = (what: RegExp) => results.find((result) => what.test(result.what))!;
  expect(found(/brier-skill/)).toMatchObject({
    ours: 2,
    bar: 1,
    ok: false,
    unit: "of 3 markets",
    note: "by rung: majority 1, logistic 2",
  });
  expect(found(/better-than-majority/)).toMatchObject({ ours: 0, ok: true });
  expect(found(/promotes/)).toMatchObject({ ours: 1, bar: 0, ok: false });
  // Mean 0.51 and standard error 0.01: deviations −0.01, 0.02, −0.01, so √(0.0006/2)/√3 = 0.01. Of three markets that is
  // scipy.stats.norm.isf(scipy.stats.t.sf(1, 2)).
  expect(found(/mean accuracy of logistic/).ours).toBeCloseTo(0.80183271652923, 9);
  expect(found(/mean accuracy of majority/)).toMatchObject({ bar: 4, ok: true });
  expect(found(/mean accuracy of majority/).ours).toBeCloseTo(0, 9);
});

test("a deflated Sharpe without costs may pass no more often than a gate of luck", () => {
  const free = (lucky: number) =>
    nullResults(
      Array.from({ length: 150 }, (_, i) =>
        market(i + 1, i < lucky ? { freeDeflatedSharpe: 0.96 } : {}),
      ),
    ).find(({ what }) => /trading is free/.test(what))!;
  expect(free(14)).toMatchObject({ ours: 14, bar: 14, ok: true });
  expect(free(15)).toMatchObject({ ours: 15, bar: 14, ok: false });
});
