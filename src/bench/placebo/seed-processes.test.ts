import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { BASELINE_LADDER, modelName } from "../../training/settings.js";
import type { Question } from "./questions.js";
import { placeboSeed } from "./seed-job.js";
import { workOnSeeds } from "./seed-processes.js";

const QUESTION: Question = {
  market: { edge: "strong", days: 9, symbols: 1, barMinutes: 5, horizonMinutes: 15 },
  folds: { folds: 1, shares: { train: 0.5, earlyStop: 0.1, calibrate: 0.15, test: 0.25 } },
};

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-placebo-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("markets come back in the order of their jobs, the same as one by one, with every rung judged", async () => {
  const done: number[] = [];
  const jobs = [8, 3].map((seed) => ({ question: QUESTION, seed, folder }));
  const findings = await workOnSeeds(jobs, {
    root: __dirname,
    onDone: (count) => done.push(count),
  });
  expect(done).toEqual([1, 2]);
  expect(findings.map(({ seed }) => seed)).toEqual([8, 3]);
  expect(findings[1]).toEqual(await placeboSeed(jobs[1]!));
  expect(readdirSync(folder)).toEqual([]);
  for (const { rungs, testDays, attainableAccuracy, hasCanaries } of findings) {
    expect(rungs.map(({ rung }) => rung)).toEqual(BASELINE_LADDER.map(modelName));
    expect(attainableAccuracy).toBeGreaterThan(0.7);
    const [majority] = rungs;
    const logistic = rungs.at(-1)!;
    expect(logistic.share!.estimate).toBeGreaterThan(majority!.share!.estimate + 0.3);
    // Two days are too few for a Sharpe ratio, so that canaries would decide nothing.
    expect(testDays).toBeLessThan(4);
    expect(logistic.gates).toMatchObject({ sharpe: "undecided", "deflated-sharpe": "undecided" });
    expect(logistic.gates["better-than-majority"]).toBe("pass");
    expect({ hasCanaries, isPromoted: logistic.isPromoted }).toEqual({
      hasCanaries: false,
      isPromoted: false,
    });
  }
});

test("a market of too few days says what it lacks", async () => {
  const market = { ...QUESTION.market, days: 4 };
  await expect(placeboSeed({ question: { ...QUESTION, market }, seed: 1, folder })).rejects.toThrow(
    /Not enough data to/,
  );
});
