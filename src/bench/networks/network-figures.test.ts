import { expect, test } from "vitest";
import { contestantName, type Kind, type NetworkRun } from "./network-contestants.js";
import { networkFigures } from "./network-figures.js";

const MIB = 2 ** 20;
const BARS = { stepTimes: 1.5, forms: ["module", "by hand"] } as const;

function run(work: NetworkRun["work"], peakMib = 0): NetworkRun {
  return { wallSeconds: 1, cpuSeconds: 1, output: "", peakBytes: peakMib * MIB, work };
}

const steps = (stepMs: number, peakMib: number, loadedMib: number): NetworkRun =>
  run({ stepMs, loadedBytes: loadedMib * MIB, cutMs: 2 }, peakMib);
const latency = (p50Ms: number, probability: number): NetworkRun =>
  run({ p50Ms, p99Ms: 3 * p50Ms, probability });

const RUNS: readonly (readonly [Kind, string | undefined, readonly NetworkRun[]])[] = [
  ["steps", undefined, [steps(30, 500, 400), steps(29, 510, 400)]],
  ["steps", "module", [steps(20, 700, 500), steps(25, 690, 500)]],
  ["steps", "by hand", [steps(10, 600, 500), steps(10, 600, 500)]],
  ["dropout", undefined, [steps(31, 500, 400)]],
  ["dropout", "module", [steps(62, 700, 500)]],
  ["latency", undefined, [latency(2.5, 0.6), latency(1.5, 0.6)]],
  ["latency", "module", [latency(3, 0.6), latency(3, 0.6002)]],
  ["latency", "by hand", [latency(1, 0.60001), latency(1, 0.6)]],
];

function runsOf(which: typeof RUNS): Readonly<Record<string, readonly NetworkRun[]>> {
  return Object.fromEntries(which.map(([kind, form, all]) => [contestantName(kind, form), all]));
}

test("the bars are for PyTorch's first form, by the least of all rounds", () => {
  const results = networkFigures(BARS, { runs: runsOf(RUNS), windows: 4, missing: undefined });
  expect(results.map(({ ours, rival, ratio, bar, ok }) => [ours, rival, ratio, bar, ok])).toEqual([
    [29, 20, 1.45, 1.5, true],
    [29, 10, 2.9, null, true],
    [31, 62, 0.5, null, true],
    [2, null, null, null, true],
    [500, 690, 500 / 690, 1, true],
    [100, 190, 100 / 190, null, true],
    [1.5, null, null, 2, true],
    [1.5, 3, 0.5, null, true],
    [1.5, 1, 1.5, null, true],
    [4.5, 9, 0.5, null, true],
    [expect.closeTo(2e-4, 10), null, null, 1e-4, false],
    [expect.closeTo(1e-5, 10), null, null, 1e-4, true],
  ]);
});

test("without PyTorch what has a bar beside it fails and says why, ours is told", () => {
  const missing = "no disk";
  const runs = runsOf(RUNS.filter(([, form]) => form === undefined));
  const results = networkFigures(BARS, { runs, windows: 4, missing });
  const failed = results.filter(({ ok }) => !ok);
  expect(failed.map(({ what }) => what)).toEqual([
    "training step, 4 windows, beside module",
    "peak memory of the whole process, beside module",
    "same probability as module's: differs by",
    "same probability as by hand's: differs by",
  ]);
  for (const { note, rival } of failed) expect([note, rival]).toEqual([missing, null]);
});
