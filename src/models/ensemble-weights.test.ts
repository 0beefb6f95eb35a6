import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { fitEnsembleWeights } from "./ensemble-weights.js";
import { logLoss, sigmoid } from "./logistic.js";

const random = seededRandom(3, "ensemble weights test");
const normals = (n: number): Float64Array => new Float64Array(n).map(() => random.normal());
const outcomes = (logits: Float64Array): Float64Array =>
  logits.map((logit) => Number(random.uniform() < sigmoid(logit)));

const ONCE = { overlapBars: 1 };

/** The loss that is to be least, as its definition says. */
function penalised(
  weights: readonly number[],
  logits: readonly Float64Array[],
  outcome: ArrayLike<number>,
  overlapBars: number,
): number {
  let loss = 0;
  for (let i = 0; i < outcome.length; i++) {
    const pooled = weights.reduce((sum, weight, k) => sum + weight * logits[k]![i]!, 0);
    loss += logLoss(pooled, outcome[i]!) / overlapBars;
  }
  const size = weights.length;
  const off = weights.reduce((sum, weight) => sum + (weight - 1 / size) ** 2, 0);
  return loss + ((size * size) / 2) * off;
}

/** The minimum by small steps down the loss's own differences, back to 0 where one goes below: slow and plain. */
function slowly(lossOf: (weights: readonly number[]) => number, size: number): readonly number[] {
  let weights: readonly number[] = new Array<number>(size).fill(1 / size);
  for (let step = 0; step < 2000; step++) {
    const slopes = weights.map((_, k) => {
      const moved = (by: number) => weights.map((weight, j) => (j === k ? weight + by : weight));
      return (lossOf(moved(1e-5)) - lossOf(moved(-1e-5))) / 2e-5;
    });
    weights = weights.map((weight, k) => Math.max(0, weight - slopes[k]! / 150));
  }
  return weights;
}

function parts(count: number, n: number): readonly Float64Array[] {
  return Array.from({ length: count }, () => normals(n));
}

test.each([
  [
    "two members that know the same and something besides",
    [
      [1, 0.6, 0],
      [1, 0, 0.4],
    ],
  ],
  [
    "three, of which one is noise",
    [
      [1, 0.5, 0],
      [0.7, 0, 0],
      [0, 0, 1],
    ],
  ],
  [
    "three, of which one says the opposite",
    [
      [0.8, 0.3, 0],
      [0.5, 0, 0],
      [-0.9, 0, 0.2],
    ],
  ],
])("weights of %s are those of a slow search", (_, shares) => {
  const n = 90;
  const [common, ...rest] = parts(3, n);
  const seen = [common!, ...rest];
  const logits = shares.map((own) =>
    common!.map((__, i) => own.reduce((sum, share, j) => sum + share * seen[j]![i]!, 0)),
  );
  const truth = common!.map((value, i) => value + 0.4 * rest[0]![i]!);
  const outcome = outcomes(truth).map((y, i) => (i % 17 === 0 ? 0.5 : y));
  for (const overlapBars of [1, 15]) {
    const lossOf = (weights: readonly number[]): number =>
      penalised(weights, logits, outcome, overlapBars);
    const weights = slowly(lossOf, logits.length);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const found = fitEnsembleWeights(logits, outcome, { overlapBars });
    for (const [k, weight] of found.entries()) expect(weight).toBeCloseTo(weights[k]! / sum, 7);
  }
});

test("weights are from 0, add up to 1, and stand where the loss falls with no change of them", () => {
  const member = fc.array(fc.double({ min: -6, max: 6, noNaN: true }), {
    minLength: 12,
    maxLength: 12,
  });
  const drawn = fc.tuple(
    fc.array(member, { minLength: 1, maxLength: 5 }),
    fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 12, maxLength: 12 }),
    fc.constantFrom(1, 15),
  );
  fc.assert(
    fc.property(drawn, ([members, outcome, overlapBars]) => {
      const logits = members.map((own) => Float64Array.from(own));
      const weights = fitEnsembleWeights(logits, outcome, { overlapBars });
      expect(weights.every((weight) => weight >= 0)).toBe(true);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      // Their scale is the best one; then no step that keeps them from 0 lowers the loss.
      const at = (scale: number, k = 0, step = 0): number =>
        penalised(
          [...weights].map((weight, j) => Math.max(0, scale * weight + (j === k ? step : 0))),
          logits,
          outcome,
          overlapBars,
        );
      let [low, high] = [0, 12];
      for (let i = 0; i < 100; i++) {
        const third = (high - low) / 3;
        if (at(low + third) <= at(high - third)) high -= third;
        else low += third;
      }
      const least = at(low);
      for (const k of weights.keys()) {
        for (const step of [-1e-3, 1e-3]) expect(at(low, k, step)).toBeGreaterThan(least - 1e-9);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("members that say the same count the same, and one alone counts whole", () => {
  const logits = normals(400);
  const outcome = outcomes(logits);
  const alike = fitEnsembleWeights([logits, logits.slice(), logits.slice()], outcome, ONCE);
  for (const weight of alike) expect(weight).toBeCloseTo(1 / 3, 12);
  expect([...fitEnsembleWeights([logits], outcome, ONCE)]).toEqual([1]);
  expect([...fitEnsembleWeights([logits.map((logit) => -logit)], outcome, ONCE)]).toEqual([1]);
});

test("loud noise gets a weight near 0, and what is better left out exactly 0", () => {
  const [logits, noise] = parts(2, 4000) as [Float64Array, Float64Array];
  const outcome = outcomes(logits);
  const [model, ofNoise] = fitEnsembleWeights([logits, noise], outcome, ONCE);
  expect(model).toBeGreaterThan(0.95);
  expect(ofNoise).toBeLessThan(0.05);
  const against = outcomes(logits.map((logit, i) => logit - 0.5 * noise[i]!));
  expect([...fitEnsembleWeights([logits, noise], against, ONCE)]).toEqual([1, 0]);
});

test("what a weak member knows besides is not crowded out by a strong one", () => {
  const [strong, weak] = parts(2, 20_000) as [Float64Array, Float64Array];
  const quiet = weak.map((logit) => 0.3 * logit);
  const outcome = outcomes(strong.map((logit, i) => logit + quiet[i]!));
  // Independent evidence adds up, log-odds to log-odds.
  const weights = fitEnsembleWeights([strong, quiet], outcome, ONCE);
  for (const weight of weights) expect(weight).toBeCloseTo(0.5, 1);
});

test("few independent rows leave weights about equal, and without any they are", () => {
  const logits = normals(300);
  const outcome = outcomes(logits);
  const [noise] = parts(1, 300);
  const many = fitEnsembleWeights([logits, noise!], outcome, ONCE);
  const few = fitEnsembleWeights([logits, noise!], outcome, { overlapBars: 100 });
  expect(many[0]).toBeGreaterThan(0.9);
  expect(few[0]).toBeGreaterThan(0.5);
  expect(few[0]).toBeLessThan(0.6);
  const none = [0, 1, 2].map(() => new Float64Array(0));
  expect([...fitEnsembleWeights(none, [], ONCE)]).toEqual([1 / 3, 1 / 3, 1 / 3]);
});
