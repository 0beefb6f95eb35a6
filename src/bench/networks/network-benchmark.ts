import { alternate } from "../alternate.js";
import type { BenchOptions, BenchReport } from "../benchmark.js";
import { machineFacts } from "../machine.js";
import { torchRival } from "../torch-rival.js";
import { INPUTS, STEPS } from "./network-case.js";
import type { NetworkName } from "./network-cases.js";
import {
  contestantName,
  networkContestants,
  TIMED_STEPS,
  type Variants,
} from "./network-contestants.js";
import { type NetworkBars, networkFigures } from "./network-figures.js";
import { networkRunner } from "./network-runner.js";
import { writeNetworkWork } from "./network-work.js";
import { sameWork } from "./same-work.js";

const WINDOWS = 256;
const ROUNDS = 5;

/** Predictions of one process that count: fewer where few rounds are asked for. */
const CALLS_PER_ROUND = 100;
const MOST_CALLS = 500;

/** Training steps, memory and predictions of a network beside PyTorch's on the CPU, from the same parameters. */
export async function networkBenchmark(
  name: NetworkName,
  bars: NetworkBars,
  options: BenchOptions,
): Promise<BenchReport> {
  const { root, seed, onProgress } = options;
  const windows = options.rows ?? WINDOWS;
  const installed = await torchRival(options);
  const missing = "missing" in installed ? installed.missing : undefined;
  const runner = networkRunner(options, installed);
  onProgress(0, 1, "making a batch");
  await writeNetworkWork(runner.file, name, { windows, seed });
  const machine = await machineFacts(root);
  onProgress(0, 1, "trying PyTorch's variants");
  const variants: Variants =
    missing === undefined ? JSON.parse((await runner.theirs("try")).output) : {};
  const same = await sameWork(runner, bars.forms, variants, missing);
  const rounds = { rounds: options.rounds ?? ROUNDS, seed, onRun: onProgress };
  const timedCalls = Math.min(CALLS_PER_ROUND * rounds.rounds, MOST_CALLS);
  const runs = await alternate(networkContestants(runner, variants, timedCalls), rounds);
  const tried = Object.values(variants).map(({ steps, latency }) =>
    steps === latency ? steps : `${steps}; predicting ${latency}`,
  );
  const facts = {
    input: `${windows} windows of ${STEPS} steps × ${INPUTS} inputs (made, seeded)`,
    timed: `scaled windows in memory to updated weights (forward, backward, clipping, AdamW), least of ${TIMED_STEPS} steps after 3; predictions from unscaled rows, ${timedCalls} after 50; two threads each`,
    TensorFlow: runs[contestantName("steps")]![0]!.work.backend!,
    ...(missing === undefined ? { "PyTorch's fastest here": tried.join("; ") } : {}),
  };
  const versions = "missing" in installed ? {} : installed.versions;
  return {
    results: [...networkFigures(bars, { runs, windows, missing }), ...same],
    facts: { ...facts, ...machine, ...versions },
  };
}
