import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../cli/test-output.js";
import { canonicalJson, contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import { bundleFolder } from "./bundles.js";
import { chained } from "./chain.js";
import type { EvaluationSummary } from "./entries.js";
import { mendPromoted, readLedger } from "./ledger.js";
import { listModels } from "./list-models.js";
import { loadPromoted } from "./load-promoted.js";
import { promote } from "./promotion.js";
import { evaluateTrial, PASSED, toldInFull, trainTrial, trialStatistics } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

let root: string;
let trial: Trial;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-forged-"));
  trial = await trainTrial(root, 1);
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const own = () => ({ name: trial.model, version: versionOf(trial.key) });
const ledger = () => path.join(root, "registry", "trials.jsonl");
const load = () => loadPromoted(root, own().name, own().version, { catalogueHash: "catalogue 1" });

const OPEN = PASSED.map((gate) => {
  return { ...gate, verdict: "undecided", value: Number.NaN, margin: Number.NaN } as const;
});

/** Adds an evaluation as whoever may write to the folder can: its file, its chained line, and a view that is written anew. */
async function forge(
  changes: Partial<EvaluationSummary>,
  change: (full: Record<string, unknown>) => unknown = (full) => full,
): Promise<void> {
  const {
    number: _,
    previous: _p,
    hash: _h,
    kind: _k,
    ...last
  } = await evaluateTrial(root, trial, {
    verdict: "undecided",
    gates: OPEN,
  });
  const folder = path.join(bundleFolder(root, own().name, own().version), "evaluations");
  const real = path.join(folder, `${last.evaluation.slice(0, 12)}.json`);
  const said = JSON.parse(await readFile(real, "utf8"));
  const { entries } = await readLedger(root);
  const trials = await trialStatistics(root);
  const bytes = canonicalJson({
    ...said,
    trials,
    ...changes,
    evaluation: change({ ...said.evaluation, trials }),
  });
  const evaluation = contentHash(Buffer.from(bytes));
  await writeFile(path.join(folder, `${evaluation.slice(0, 12)}.json`), bytes);
  const content = { kind: "evaluation", ...last, trials, ...changes, evaluation };
  const text = await readFile(ledger(), "utf8");
  await writeFile(ledger(), `${text}${canonicalJson(chained(content, entries.at(-1)))}\n`);
  await mendPromoted(root);
}

test("a summary that passes what is told in full as undecided promotes nothing, loads nothing and is damage", async () => {
  await forge({ verdict: "pass", gates: PASSED });
  const said =
    /evaluations\/\w+\.json, verdict: was "undecided" where it is told in full, and "pass" in its summary; evaluate/;
  await expect(promote(root, own())).rejects.toThrow(DataError);
  await expect(promote(root, own())).rejects.toThrow(said);
  const [listed] = await listModels(root, await readLedger(root));
  expect(listed!.damage).toMatch(said);
  const { out } = await runCommandLine("models", "--data", root);
  expect(out).not.toContain("10 of 10 gates");
  // Neither does a promotion that is chained behind it by hand.
  const { entries } = await readLedger(root);
  const { key, bundle } = trial;
  const { evaluation } = entries.at(-1) as { evaluation: string };
  const promotion = {
    kind: "promotion",
    key,
    bundle,
    evaluation,
    code: "",
    signOff: "",
    marks: [],
  };
  const text = await readFile(ledger(), "utf8");
  await writeFile(ledger(), `${text}${canonicalJson(chained(promotion, entries.at(-1)))}\n`);
  await mendPromoted(root);
  await expect(load()).rejects.toThrow(said);
});

const OTHERWISE: readonly (readonly [string, Partial<EvaluationSummary>, RegExp])[] = [
  ["void", { isVoid: true, verdict: "fail" }, /, verdict: was "undecided" .*"fail"/],
  [
    "a gate",
    { gates: OPEN.map((gate, i) => (i === 3 ? PASSED[3]! : gate)) },
    /gates\.sharpe\.verdict: was "undecided"/,
  ],
  [
    "the tries",
    { trials: { count: 7, sharpeDeviation: 0, unknown: 0 } },
    /trials\.count: was 1 .* 7 in/,
  ],
  [
    "a figure",
    { figures: { accuracy: 0.9 } },
    /figures\.accuracy: was 0\.71 .* 0\.9 in its summary/,
  ],
];

test.each(OTHERWISE)("%s that only the summary says is named", async (_, changes, said) => {
  await forge(changes);
  const [listed] = await listModels(root, await readLedger(root));
  expect(listed!.damage).toMatch(said);
});

const pass = { verdict: "pass", gates: PASSED } as const;

/** The same told in full as the summary says, with one thing more. */
const passed =
  (more: object, whole: object = {}) =>
  ({ trials, models }: Record<string, unknown>): object => {
    const [{ metrics, majorityRate }] = models as [Record<string, object>];
    const figures = { metrics, majorityRate, ...more };
    return {
      isVoid: false,
      trials,
      models: [{ model: "logistic", ...pass, ...figures }],
      ...whole,
    };
  };

const days = (count: number) => Array.from({ length: count }, () => ({ gross: 0, net: 0 }));

const UNFOUNDED: readonly (readonly [string, object, object, RegExp])[] = [
  [
    "89 days",
    { backtest: { daily: days(89) } },
    {},
    /gates\.sharpe: .* daily returns 89, expected at least 90/,
  ],
  [
    "2,999 rows",
    { calibrationRows: 2999 },
    {},
    /gates\.calibration-error: .* rows 2999, .* at least 3000/,
  ],
  [
    "few rows acted on",
    { rows: 9, acted: { rows: 8, calibrationRows: 3 } },
    {},
    /calibration-error: .*acted on 3/,
  ],
  [
    "a coverage of 4.9 %",
    { acted: { coverage: 0.049 } },
    {},
    /gates\.accuracy: .* coverage 0\.049, .* 0\.05/,
  ],
  [
    "a lower bound below the base rate",
    { acted: { accuracy: { estimate: 0.71, lower: 0.5 }, majorityRate: 0.52 } },
    {},
    /gates\.accuracy: .* lower bound 0\.5, expected more than 0\.52/,
  ],
  [
    "a ratio that is not known",
    { backtest: { sharpe: { estimate: null } } },
    {},
    /gates\.sharpe: .* value 0\.71, expected NaN/,
  ],
  [
    "a skill within its interval",
    { metrics: { brierSkillScore: { estimate: 0.71, lower: -0.1 } } },
    {},
    /brier-skill: .* -0\.1/,
  ],
  [
    "rows that nobody audited",
    { unauditedRows: 3 },
    {},
    /data-not-bad: .* not audited 3, expected none/,
  ],
  ["no canary", {}, { canaries: [] }, /canaries: .* canaries 0, expected at least 1/],
  ["a canary that is wrong", {}, { canaries: [{ isRight: false }] }, /canaries: .*scored wrong 1/],
  [
    "canaries that lacked something",
    {},
    { canaryShortfalls: [{ kind: "shortfall", canaries: ["random walk", "altered test"] }] },
    /did not run 2/,
  ],
  ["a reason that names no canary", {}, { canaryShortfalls: [{ canaries: [] }] }, /did not run 1/],
  ["what an older evaluation lacked", {}, { canaryShortfall: { has: 1 } }, /did not run 1/],
  ["labels on closes", {}, { labelKind: "close" }, /label-is-mid: .* no mids 1, expected none/],
];

test.each(UNFOUNDED)("a pass on %s is refused by its gate", async (_, more, whole, said) => {
  await forge(pass, passed(more, whole));
  await expect(promote(root, own())).rejects.toThrow(said);
});

test("a pass that is told in full by figures that carry it promotes", async () => {
  const enough = {
    rows: 9000,
    calibrationRows: 3000,
    acted: { rows: 450, coverage: 0.05, calibrationRows: 3000 },
    backtest: { daily: days(90), sharpe: { estimate: 0.71 }, deflatedSharpe: 0.71 },
    badShare: 0.71,
    unauditedRows: 0,
  };
  await forge(pass, passed(enough, { labelKind: "mid", canaries: [{ isRight: true }] }));
  await promote(root, own());
  await load();
});

test("of few days a summary holds no ratio, or that which they had before few days had none, and no other", async () => {
  const returns = [0.01, 0.03, -0.01];
  const daily = returns.map((net) => ({ gross: 2 * net, net }));
  const recorded = async (ratio: number): Promise<string | undefined> => {
    const figures = { dailySharpe: ratio, grossDailySharpe: ratio, accuracy: 0.71 };
    const ladder = { rungs: [{ daily }] };
    const own = { model: trial.model, verdict: "undecided", gates: OPEN, ladder };
    const trials = await trialStatistics(root, new Map([[trial.key, ratio]]));
    await evaluateTrial(root, trial, {
      ...{ verdict: "undecided", gates: OPEN, figures, trials },
      evaluation: { trials, isVoid: false, models: [own] },
    });
    return (await listModels(root, await readLedger(root)))[0]!.damage;
  };
  expect(await recorded(0.5)).toBeUndefined();
  expect(await recorded(Number.NaN)).toBeUndefined();
  await expect(recorded(0.6)).rejects.toThrow(/dailySharpe: was 0\.5 .* 0\.6 in its summary/);
});

test("what is told in full otherwise is not recorded", async () => {
  const summary = { ...pass, isVoid: false, figures: {}, trials: await trialStatistics(root) };
  const evaluation = toldInFull("logistic", { ...summary, verdict: "undecided" });
  await expect(evaluateTrial(root, trial, { ...pass, evaluation })).rejects.toThrow(
    `logistic@${versionOf(trial.key)}, verdict: was "undecided" where it is told in full`,
  );
  const none = evaluateTrial(root, trial, { ...pass, evaluation: { about: "nothing" } });
  await expect(none).rejects.toThrow('verdict: was absent where it is told in full, and "pass"');
});
