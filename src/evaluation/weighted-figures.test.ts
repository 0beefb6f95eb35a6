import fc from "fast-check";
import { expect, test } from "vitest";
import { mean } from "../core/statistics.js";
import { accuracy, chanceRate, majorityRate } from "./accuracy.js";
import { auc } from "./auc.js";
import { balancedAccuracy } from "./balanced-accuracy.js";
import { brierLoss, brierSkillScore } from "./brier.js";
import { calibrationError } from "./calibration-error.js";
import { ceilings, weightedCeilings } from "./ceilings.js";
import { logLoss, logLossSkillScore } from "./log-loss.js";
import { matthewsCorrelation } from "./matthews-correlation.js";
import { weightedFigures } from "./weighted-figures.js";

/** Probabilities in twentieths, so that many are tied, with a baseline's, outcomes and weights. */
const rowsOf = fc.array(
  fc.record({
    p: fc.integer({ min: 0, max: 20 }).map((k) => k / 20),
    base: fc.integer({ min: 0, max: 4 }).map((k) => k / 4),
    y: fc.constantFrom(0, 0.5, 1),
    weight: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 60 },
);

function expectSame(found: number, expected: number, name: string): void {
  if (Number.isNaN(expected)) expect(found, name).toBeNaN();
  else expect(Math.abs(found - expected), name).toBeLessThanOrEqual(1e-12);
}

test("weights give what repeated rows give, in every figure", () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const column = (of: "p" | "base" | "y") => Float64Array.from(rows, (row) => row[of]);
      const figures = weightedFigures({
        probability: column("p"),
        outcome: column("y"),
        baseline: column("base"),
      })(Uint32Array.from(rows, ({ weight }) => weight));
      const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const [p, base, y] = (["p", "base", "y"] as const).map((of) =>
        Float64Array.from(repeated, (row) => row[of]),
      ) as [Float64Array, Float64Array, Float64Array];
      const right = accuracy(p, y);
      const expected = {
        accuracy: right,
        balancedAccuracy: balancedAccuracy(p, y),
        matthewsCorrelation: matthewsCorrelation(p, y),
        aboveMajority: right - majorityRate(y),
        aboveChance: right - chanceRate(p, y),
        aboveLogistic: right - accuracy(base, y),
        auc: auc(p, y),
        brierLoss: brierLoss(p, y),
        brierSkillScore: brierSkillScore(p, y),
        logLoss: logLoss(p, y),
        logLossSkillScore: logLossSkillScore(p, y),
        calibrationError: calibrationError(p, y),
        residual: mean(y) - mean(p),
      };
      expect(Object.keys(figures).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, value] of Object.entries(expected)) {
        expectSame(figures[name as keyof typeof figures], value, name);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("weights give what repeated rows give in the scores by true probability", () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const scored = (of: readonly (typeof rows)[number][]) =>
        [
          of.map(({ p }) => p),
          {
            oracleUp: Float64Array.from(of, ({ y }) => 0.2 + y / 2),
            attainableUp: Float64Array.from(of, ({ base }) => base),
          },
        ] as const;
      const found = weightedCeilings(...scored(rows))(Uint32Array.from(rows, (row) => row.weight));
      for (const [name, value] of Object.entries(ceilings(...scored(repeated)))) {
        expectSame(found[name as keyof typeof found], value, name);
      }
    }),
    { seed: 2 },
  );
});

test("without a baseline there is nothing to be above", () => {
  const figures = weightedFigures({
    probability: Float64Array.of(0.4, 0.6),
    outcome: Float64Array.of(0, 1),
  });
  expect(figures(Uint32Array.of(1, 1)).aboveLogistic).toBeNaN();
});
