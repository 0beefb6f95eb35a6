import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { standardDeviation } from "../core/statistics.js";
import { readLedger } from "./ledger.js";
import { statisticsOf } from "./ledger-state.js";
import { evaluateTrial, trainTrial, trialStatistics } from "./test-registry.js";
import { recordTrial } from "./trials.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-statistics-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

test("N counts trials alone, and their scatter takes each one's first Sharpe ratio before costs", async () => {
  expect(await trialStatistics(root)).toEqual({
    count: 0,
    sharpeDeviation: Number.NaN,
    unknown: 0,
  });
  const trials = [await trainTrial(root, 1), await trainTrial(root, 2), await trainTrial(root, 3)];
  for (const trial of trials.slice(0, 2)) await evaluateTrial(root, trial);
  await evaluateTrial(root, trials[0]!, { figures: { grossDailySharpe: 0.3 } });
  const statistics = await trialStatistics(root);
  expect(statistics).toMatchObject({ count: 3, unknown: 1 });
  expect(statistics.sharpeDeviation).toBeCloseTo(standardDeviation([0.11, 0.12]), 14);
  const own = new Map([[trials[2]!.key, 0.5]]);
  const withOwn = await trialStatistics(root, own);
  expect(withOwn).toMatchObject({ count: 3, unknown: 0 });
  expect(withOwn.sharpeDeviation).toBeCloseTo(standardDeviation([0.11, 0.12, 0.5]), 14);
  const { key: _, ...identity } = { ...trials[2]!, seed: 9 };
  const fourth = await recordTrial(root, identity, { figures: {}, bundle: "b" });
  await evaluateTrial(root, fourth, { figures: { grossDailySharpe: 0.2 } });
  const { sharpeDeviation } = await trialStatistics(root);
  expect(sharpeDeviation).toBeCloseTo(standardDeviation([0.11, 0.12, 0.2]), 14);
});

test("a ratio that was not known does not scatter, counts, and gives way to one that is", async () => {
  const trials = [await trainTrial(root, 1), await trainTrial(root, 2), await trainTrial(root, 3)];
  for (const [i, trial] of trials.entries())
    await evaluateTrial(root, trial, { figures: { grossDailySharpe: [0.1, 0.3, Number.NaN][i]! } });
  const known = { count: 3, sharpeDeviation: standardDeviation([0.1, 0.3]), unknown: 1 };
  expect(await trialStatistics(root)).toEqual(known);
  await evaluateTrial(root, trials[2]!, { figures: { grossDailySharpe: 0.2 } });
  const all = { count: 3, sharpeDeviation: standardDeviation([0.1, 0.3, 0.2]), unknown: 0 };
  expect(await trialStatistics(root)).toEqual(all);
});

test("a ratio that a later evaluation finds too short to say does not scatter any more", async () => {
  const trials = [await trainTrial(root, 1), await trainTrial(root, 2), await trainTrial(root, 3)];
  for (const [i, trial] of trials.entries())
    await evaluateTrial(root, trial, { figures: { grossDailySharpe: [0.1, 0.3, 1200][i]! } });
  await evaluateTrial(root, trials[2]!, { figures: { grossDailySharpe: Number.NaN } });
  const known = { count: 3, sharpeDeviation: standardDeviation([0.1, 0.3]), unknown: 1 };
  expect(await trialStatistics(root)).toEqual(known);
});

test("the scatter is that of trials of one horizon, while all of them count in N", async () => {
  const sharpes = [
    { horizonMinutes: 15, grossDailySharpe: 0.1 },
    { horizonMinutes: 15, grossDailySharpe: 0.3 },
    { horizonMinutes: 1, grossDailySharpe: -9 },
  ];
  const { key: _, ...identity } = await trainTrial(root, 1);
  for (const [i, { horizonMinutes, grossDailySharpe }] of sharpes.entries()) {
    const result = { figures: { horizonMinutes }, bundle: "b" };
    const trial = await recordTrial(root, { ...identity, seed: 100 + i }, result);
    await evaluateTrial(root, trial, { figures: { grossDailySharpe } });
  }
  const { state } = await readLedger(root);
  expect(statisticsOf(state, { horizonMinutes: 15 })).toEqual({
    count: 4,
    sharpeDeviation: standardDeviation([0.1, 0.3]),
    unknown: 0,
  });
  expect(statisticsOf(state)).toMatchObject({ count: 4, unknown: 1 });
});
