import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtSources } from "../../core/test-build.js";
import { BASELINE_LADDER, modelName } from "../../training/settings.js";
import type { Question } from "./questions.js";
import { placeboSeed } from "./seed-job.js";
import { workOnSeeds } from "./seed-processes.js";

const QUESTION: Question = {
  market: { edge: "strong", days: 9, symbols: 1, barMinutes: 5, horizonMinutes: 15 },
  folds: { folds: 1, shares: { train: 0.5, earlyStop: 0.1, calibrate: 0.15, test: 0.25 } },
};

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-placebo-"));
let compiled: string;
beforeAll(async () => {
  compiled = await builtSources();
}, 180_000);
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
    // Ten blocks of time tell even a strong edge from the majority in some markets only.
    expect(["pass", "undecided"]).toContain(logistic.gates["better-than-majority"]);
    expect({ hasCanaries, isPromoted: logistic.isPromoted }).toEqual({
      hasCanaries: false,
      isPromoted: false,
    });
  }
});

test("a benchmark that is killed takes the processes of its markets along, however busy they are", async () => {
  // Many more days than a process works on before the test gives up.
  const market = { ...QUESTION.market, days: 3000 };
  const jobs = [{ question: { ...QUESTION, market }, seed: 1, folder }];
  const script = `
    const processes = require("node:child_process");
    const { fork } = processes;
    processes.fork = (...given) => {
      const child = fork(...given);
      const send = child.send.bind(child);
      child.send = (job) => send(job, () => console.log("sent"));
      return child;
    };
    const { workOnSeeds } = require(${JSON.stringify(path.join(compiled, "bench", "placebo", "seed-processes.js"))});
    workOnSeeds(${JSON.stringify(jobs)}, { root: ${JSON.stringify(path.dirname(compiled))}, onDone() {} });`;
  const benchmark = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  await once(benchmark.stdout, "data");
  benchmark.kill("SIGKILL");
  // Its standard error is the market's too, and closes when both have ended.
  await once(benchmark, "close");
}, 60_000);

test("a market of too few days says what it lacks", async () => {
  const market = { ...QUESTION.market, days: 4 };
  await expect(placeboSeed({ question: { ...QUESTION, market }, seed: 1, folder })).rejects.toThrow(
    /Not enough data to/,
  );
});
