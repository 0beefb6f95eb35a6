import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { isShortfall, shortfall } from "../core/shortfall.js";
import { mean, standardDeviation } from "../core/statistics.js";
import { combinatorialSplits } from "../dataset/combinatorial-splits.js";
import type { Dataset } from "../dataset/matrix.js";
import { fitLogistic, logisticLogits, sigmoid } from "../models/logistic.js";
import { scaledRows } from "../models/predictor.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import { accuracy } from "./accuracy.js";
import { logLoss } from "./log-loss.js";
import {
  type Configuration,
  type Overfitting,
  type OverfittingOptions,
  overfitting,
} from "./overfitting.js";
import { testMarket } from "./test-market.js";

/** A logistic regression on some of the inputs. */
function logistic(name: string, columns: readonly number[], priorDeviation: number): Configuration {
  return {
    name,
    fit: async (dataset, train, test) => {
      const { inputs, outcome, featureNames, rows, horizonBars: overlapBars } = dataset;
      const width = featureNames.length;
      const names = columns.map((column) => featureNames[column]!);
      const own = Float32Array.from(
        { length: rows * columns.length },
        (_, i) => inputs[width * Math.floor(i / columns.length) + columns[i % columns.length]!]!,
      );
      const scaler = fitStandardScaler(own, names, train);
      const known = Float64Array.from(train, (row) => outcome[row]!);
      const scaled = scaledRows(scaler, own, train);
      const data = { inputs: scaled, outcome: known, names, overlapBars };
      const model = await fitLogistic(data, priorDeviation);
      return logisticLogits(model, scaledRows(scaler, own, test)).map(sigmoid);
    },
  };
}

/** Probabilities that have nothing to do with anything. */
function coin(seed: number): Configuration {
  const random = seededRandom(seed, "coin");
  const draws = new Float64Array(20_000).map(() => 0.3 + 0.4 * random.uniform());
  return {
    name: `coin ${seed}`,
    fit: async (_, __, test) => Float64Array.from(test, (row) => draws[row]!),
  };
}

async function judged(
  dataset: Dataset,
  configurations: readonly Configuration[],
  options: OverfittingOptions = {},
): Promise<Overfitting> {
  const result = await overfitting(dataset, configurations, options);
  if (isShortfall(result)) throw new Error(result.what);
  return result;
}

describe("overfitting", () => {
  const market = testMarket(1500, { strength: 1.5 });

  test("finds no luck where one set of columns knows and the others do not", async () => {
    const tried = [[0], [1], [2], [1, 2]].flatMap((columns) =>
      [0.05, 0.5].map((prior) => logistic(`${columns} at ${prior}`, columns, prior)),
    );
    const told: string[] = [];
    const result = await overfitting(market, tried, {
      onProgress: (done, total) => told.push(`${done}/${total}`),
    });
    if (isShortfall(result)) throw new Error(result.what);
    expect(result).toMatchObject({ groups: 6, testGroups: 2, splits: 15, paths: 5 });
    expect(result.embargoBars).toBe(5 + 240);
    expect(result.byLogLoss.probability).toBeLessThan(0.02);
    expect(result.byLogLoss.probabilityOfLoss).toBe(0);
    const [knows, , ignores] = result.configurations;
    expect(mean(knows!.accuracy)).toBeGreaterThan(result.majorityRate + 0.03);
    expect(Math.min(...ignores!.logLoss)).toBeGreaterThan(Math.max(...knows!.logLoss));
    expect(new Set(result.timeline.map(({ part }) => part))).toEqual(
      new Set(["train", "purged", "test", "embargo"]),
    );
    expect(told.at(0)).toBe("1/120");
    expect(told.at(-1)).toBe("120/120");
  });

  test("choosing among coins is luck: the best is lost every other time", async () => {
    const small = testMarket(400);
    const lost: number[] = [];
    for (let set = 0; set < 15; set++) {
      const coins = Array.from({ length: 8 }, (_, i) => coin(100 * set + i));
      const { byAccuracy } = await judged(small, coins, { embargoBars: 10 });
      lost.push(byAccuracy.probability);
    }
    // Sets of coins are independent of each other, and splits of one set are not.
    const error = standardDeviation(lost) / Math.sqrt(lost.length);
    expect(Math.abs(mean(lost) - 0.5)).toBeLessThan(3 * error);
    expect(error).toBeLessThan(0.1);
  });

  test("path scores are those of probabilities put together path by path", async () => {
    // Each split and row has a probability of its own, so that a row taken from a wrong split would show.
    const fitted: { test: Uint32Array; probability: Float64Array }[] = [];
    const random = seededRandom(7, "splits");
    const spy: Configuration = {
      name: "spy",
      fit: async (_, __, test) => {
        const probability = new Float64Array(test.length).map(() => random.uniform());
        fitted.push({ test, probability });
        return probability;
      },
    };
    const { configurations, byAccuracy, moments } = await judged(market, [spy, coin(1)]);
    const cut = combinatorialSplits(market);
    if (isShortfall(cut)) throw new Error(cut.what);
    cut.paths.forEach((path, p) => {
      const joined = new Map<number, number>();
      path.forEach((split, group) => {
        const { test, probability } = fitted[split]!;
        test.forEach((row, i) => {
          if (cut.groupOf[row] === group) joined.set(row, probability[i]!);
        });
      });
      const outcome = [...joined.keys()].map((row) => market.outcome[row]!);
      expect(joined.size).toBe(market.isUsable.filter((is) => is === 1).length);
      const probability = [...joined.values()];
      expect(configurations[0]!.accuracy[p]).toBeCloseTo(accuracy(probability, outcome), 12);
      expect(configurations[0]!.logLoss[p]).toBeCloseTo(logLoss(probability, outcome), 12);
    });
    expect(moments).toBe(1500 - 5);
    expect(byAccuracy).toMatchObject({ configurations: 2, periods: moments, splits: 252 });
  });

  test("no training row that a configuration is given touches the test", async () => {
    const spy: Configuration = {
      name: "spy",
      fit: async ({ labelEndUs, barEndUs }, train, test) => {
        const tested = new Set([...test].map((row) => barEndUs[row]!));
        for (const row of train) {
          for (let at = barEndUs[row]!; at <= labelEndUs[row]!; at += 60e6) {
            if (tested.has(at)) throw new Error(`label of row ${row} reaches the test`);
          }
        }
        return new Float64Array(test.length).fill(0.5);
      },
    };
    const { configurations, byLogLoss } = await judged(market, [spy, spy]);
    expect([...configurations[0]!.accuracy]).toEqual(new Array(5).fill(0.5));
    expect(byLogLoss.inSample.every((saved) => Math.abs(saved) < 1e-12)).toBe(true);
  });

  test("a configuration that cannot be fitted, and a single one, say so", async () => {
    const missing = shortfall({ step: "fit", what: "rows", has: 1, needs: 2 });
    const poor: Configuration = { name: "poor", fit: async () => missing };
    expect(await overfitting(market, [coin(1), poor])).toBe(missing);
    await expect(overfitting(market, [coin(1)])).rejects.toThrow(/at least 2 to choose from/);
    await expect(overfitting(market, [poor, poor], { blocks: 3 })).rejects.toThrow(/blocks: was 3/);
    const short: Configuration = { name: "short", fit: async () => new Float64Array(3) };
    await expect(overfitting(market, [coin(1), short])).rejects.toThrow(/rows, expected 3/);
  });
});
