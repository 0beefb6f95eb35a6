import { expect, test } from "vitest";
import { LSTM_SETTINGS } from "../../training/settings.js";
import type { Question } from "../placebo/questions.js";
import { smallMarket } from "../placebo/small-market.js";
import { learnMarket } from "./market-job.js";
import { overfitOneBatch } from "./one-batch.js";

const QUESTION: Question = {
  market: { edge: "strong", days: 9, symbols: 1, barMinutes: 5, horizonMinutes: 15 },
  folds: { folds: 1, shares: { train: 0.5, earlyStop: 0.1, calibrate: 0.15, test: 0.25 } },
};
const SMALL = { ...LSTM_SETTINGS, steps: 4, units: 4, batchSize: 64, stride: 1, epochs: 3 };

test("what a line and a network learn of a strong market is told by the truth, on the same rows", async () => {
  const job = { question: QUESTION, seed: 3, networks: [SMALL] };
  const found = await learnMarket(job);
  expect(found).toMatchObject({ seed: 3, symbolDays: 9 });
  expect(found.attainableAccuracy).toBeGreaterThan(0.7);
  const [logistic, lstm] = found.models;
  expect([logistic!.model, lstm!.model]).toEqual(["logistic", "lstm"]);
  expect(logistic!.aboveLogistic).toBeUndefined();
  expect(lstm!.share!.estimate).toBeGreaterThan(0.6);
  expect(lstm!.share!.estimate).toBeLessThan(1);
  expect(lstm!.share!.standardError).toBeGreaterThan(0);
  expect(lstm!.aboveLogistic!.estimate).toBeCloseTo(
    lstm!.share!.estimate - logistic!.share!.estimate,
    12,
  );
});

test("a market without an edge has accuracies and no shares", async () => {
  const market = { ...QUESTION.market, edge: "none" } as const;
  const { models, attainableAccuracy } = await learnMarket({
    question: { ...QUESTION, market },
    seed: 3,
    networks: [],
  });
  expect(attainableAccuracy).toBe(0.5);
  expect(models).toHaveLength(1);
  expect(models[0]).not.toHaveProperty("share");
  const { estimate, standardError } = models[0]!.accuracy;
  expect(Math.abs(estimate - 0.5)).toBeLessThan(4 * standardError);
});

test("a network learns one batch by heart, and says how far it came where it may not try long enough", async () => {
  const { dataset } = await smallMarket({ ...QUESTION.market, days: 4 }, 3);
  const learned = await overfitOneBatch(dataset, SMALL, 1, { loss: 0.01, mostSteps: 2000 });
  expect(learned.windows).toBe(64);
  expect(learned.loss).toBeLessThan(0.01);
  expect(learned.steps).toBeLessThan(2000);
  const short = await overfitOneBatch(dataset, SMALL, 1, { loss: 0.01, mostSteps: 3 });
  expect(short.steps).toBe(3);
  expect(short.loss).toBeGreaterThan(0.1);
});
