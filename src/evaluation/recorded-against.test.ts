import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLedger } from "../registry/ledger.js";
import { type LedgerState, statisticsOf } from "../registry/ledger-state.js";
import { trainTrial } from "../registry/test-registry.js";
import type { Trial } from "../registry/trial.js";
import { sampleEvaluation } from "../reporting/model-card/test-card.js";
import { type ExperimentEvaluation, type Judged, recordedAgainst } from "./evaluate-models.js";

const sample = sampleEvaluation();

let root: string;
let trials: readonly Trial[];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-against-"));
  trials = [await trainTrial(root, 1, "lstm"), await trainTrial(root, 2)];
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const models = () => trials.map(({ key, model: name }) => ({ key, name }));

/** An evaluation that counts the ledger's trials, as one of an experiment does. */
function judged(state: LedgerState): Judged {
  const count = (ledger: LedgerState) => statisticsOf(ledger).count;
  const statistics = { count: count(state), sharpeDeviation: 0.05, unknown: 0 };
  return {
    evaluation: { ...sample, trials: statistics } as unknown as ExperimentEvaluation,
    isCurrent: (present) => count(present) === count(state),
  };
}

const recordedCounts = async () =>
  (await readLedger(root)).entries.flatMap((entry) =>
    entry.kind === "evaluation" ? [entry.trials.count] : [],
  );

test("what others try while a model is evaluated counts in what is recorded of it", async () => {
  const before = (await readLedger(root)).state;
  await trainTrial(root, 3);
  const counts: number[] = [];
  const evaluation = await recordedAgainst(root, models(), (state) => {
    // The first is of the ledger as it was before another process added to it.
    const one = judged(counts.length === 0 ? before : state);
    counts.push(one.evaluation.trials.count);
    return one;
  });
  expect(counts).toEqual([2, 3]);
  expect(evaluation.trials.count).toBe(3);
  expect(await recordedCounts()).toEqual([3, 3]);
});

test("where others add each time, it is given up in a sentence and nothing is recorded", async () => {
  const refused = recordedAgainst(root, models(), (state) => ({
    ...judged(state),
    isCurrent: () => false,
  }));
  await expect(refused).rejects.toThrow(
    /trials\.jsonl: was added to while lstm@\w+ was evaluated against 2 trials; evaluate it again/,
  );
  expect(await recordedCounts()).toEqual([]);
});
