import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { isShortfall } from "../../core/shortfall.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset } from "../../dataset/matrix.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { persistentMarket } from "../test-persistent-market.js";
import { BASELINE, type Pipeline } from "./pipeline.js";
import { walkScore } from "./walk-score.js";

const WALKS = 100;

/** Probability of "up" at a row, from what is known by then. */
type Rule = (walk: Dataset, row: number, seed: number) => number;

/** How far accuracies lie from one half, each in its own standard errors. */
async function distancesOf(rule: Rule): Promise<readonly number[]> {
  const distances: number[] = [];
  for (let seed = 1; seed <= WALKS; seed++) {
    const walk = persistentMarket(0, seed);
    const folds = walkForwardFolds(walk, { folds: 1 });
    if (isShortfall(folds)) throw new Error(folds.what);
    const fit: Pipeline["fit"] = async (walked, { test: testRows }) => {
      const probability = Float64Array.from(testRows, (row) => rule(walked, row, seed));
      return { testRows, probability } as FoldFit;
    };
    const score = await walkScore(walk, folds[0]!, { pipeline: { ...BASELINE, fit }, seed });
    if (isShortfall(score)) throw new Error(score.what);
    distances.push((score.accuracy - 0.5) / score.standardError);
  }
  return distances;
}

const coins = seededRandom(1, "calls");

test.each<[string, Rule]>([
  ["by coins", () => Number(coins.uniform() < 0.5)],
  ["of one side alone", () => 1],
  ["of a way back over four hours", backOver(240)],
  ["of a way back over half an hour", backOver(30)],
])("calls %s score one half on walks, give or take their standard error", async (_, rule) => {
  const distances = await distancesOf(rule);
  expect(Math.abs(mean(distances))).toBeLessThan(4 / Math.sqrt(WALKS));
  // Student's t of some ten blocks scatters by 1.1, and a hundred of them show it to ±0.1.
  expect(Math.abs(standardDeviation(distances) - 1.1)).toBeLessThan(0.3);
});

/** Up where the price is lower than so many bars before. */
function backOver(bars: number): Rule {
  return ({ entryPrice, runStart }, row) => {
    const before = Math.max(runStart[row]!, row - bars);
    return entryPrice[row]! < entryPrice[before]! ? 0.6 : 0.4;
  };
}
