// A small registry for tests: models of a few bytes, and evaluations that pass unless told otherwise.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { writeBundle } from "./bundles.js";
import type { EvaluationEntry, GateResult, TrialStatistics } from "./entries.js";
import { type NewEvaluation, recordEvaluation } from "./evaluations.js";
import { readLedger } from "./ledger.js";
import { requiredGates, statisticsOf } from "./ledger-state.js";
import { type Trial, type TrialIdentity, trialKey, versionOf } from "./trial.js";
import { recordTrial } from "./trials.js";

/** All gates that a promotion asks for, passed. */
export const PASSED: readonly GateResult[] = requiredGates("lstm").map((name) => ({
  name,
  verdict: "pass",
  value: 0.71,
  margin: 0.03,
}));

/**
 * Fits nothing, but leaves what a fit leaves: a bundle of two files and a trial.
 *
 * @param about - what the bundle says otherwise of data and label
 * @param figures - what the ledger holds of the fit besides its accuracy
 * @param files - of the bundle, where they are to be more than a few bytes
 */
export async function trainTrial(
  root: string,
  seed: number,
  model = "logistic",
  about: Readonly<Record<string, unknown>> = {},
  figures: Readonly<Record<string, number>> = {},
  files: Readonly<Record<string, Uint8Array>> = {
    "fold1.safetensors": Uint8Array.of(1, 2, seed),
    "fold2.safetensors": Uint8Array.of(4),
  },
): Promise<Trial> {
  const identity: TrialIdentity = {
    model,
    data: `data ${seed % 2}`,
    code: "c1",
    settings: { model, priorDeviation: seed / 10, layers: { first: seed } },
    seed,
    backend: "plain",
  };
  const key = trialKey(identity);
  const bundle = await writeBundle(root, {
    name: model,
    version: versionOf(key),
    trial: key,
    content: {
      exchange: "simulated",
      symbols: ["BTCUSDT"],
      barUs: 60e6,
      horizonUs: 15 * 60e6,
      horizonBars: 15,
      labelKind: "mid",
      labelRule: { kind: "direction" },
      origin: { source: "ticks", cut: { folds: 1, window: "anchored", windowBars: 60 } },
      catalogueHash: "catalogue 1",
      seed,
      ...about,
    },
    files,
  });
  return await recordTrial(root, identity, {
    figures: { accuracy: 0.5 + seed / 100, ...figures },
    bundle,
  });
}

/** Records an evaluation that passes every gate, made with the trials that are there; told in full as its summary says. */
export async function evaluateTrial(
  root: string,
  { key, seed, model }: Trial,
  changes: Partial<NewEvaluation> = {},
): Promise<EvaluationEntry> {
  const dailySharpe = 0.1 + seed / 100;
  const summary = {
    key,
    execution: "FTMO crypto, 100000 USD",
    trials: await trialStatistics(root, new Map([[key, dailySharpe]])),
    verdict: "pass",
    isVoid: false,
    gates: PASSED,
    figures: {
      dailySharpe,
      grossDailySharpe: dailySharpe,
      accuracy: 0.71,
      majorityRate: 0.51,
      skill: Number.NaN,
    },
    ...changes,
    ...(changes.isVoid === true ? { verdict: "fail" as const } : {}),
  } as const;
  return await recordEvaluation(root, {
    ...summary,
    evaluation: changes.evaluation ?? toldInFull(model, summary),
  });
}

/** An evaluation that says in full what its summary says, and nothing more than it must. */
export function toldInFull(
  model: string,
  {
    trials,
    verdict,
    isVoid,
    gates,
    figures,
  }: Omit<NewEvaluation, "key" | "execution" | "evaluation">,
): object {
  const { accuracy, majorityRate } = figures;
  const metrics = { accuracy: { estimate: accuracy }, auc: { estimate: Number.NaN } };
  const own = {
    model,
    verdict,
    gates,
    metrics: accuracy === undefined ? {} : metrics,
    majorityRate,
  };
  return { isVoid, trials, models: [own] };
}

/** Statistics of a ledger as it stands, with ratios of evaluations that are not recorded yet. */
export async function trialStatistics(
  root: string,
  own: ReadonlyMap<string, number> = new Map(),
): Promise<TrialStatistics> {
  return statisticsOf((await readLedger(root)).state, { own });
}

/** Brings ledger and view of a store back as they were before something was done; all else stays as it left it. */
export async function rolledBackIn<Result>(
  root: string,
  deed: () => Promise<Result>,
): Promise<Result> {
  const files = ["trials.jsonl", "promoted.json"].map((name) => path.join(root, "registry", name));
  const texts = await Promise.all(files.map((file) => readFile(file)));
  const result = await deed();
  for (const [i, file] of files.entries()) await writeFile(file, texts[i]!);
  return result;
}
