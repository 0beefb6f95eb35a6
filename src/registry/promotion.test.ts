import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canonicalJson } from "../core/content-hash.js";
import { DataError, GateError, OptionError } from "../core/errors.js";
import { chained } from "./chain.js";
import { readLedger } from "./ledger.js";
import { loadPromoted } from "./load-promoted.js";
import { demote, promote, readPromoted } from "./promotion.js";
import { runBeside } from "./test-processes.js";
import { evaluateTrial, PASSED, trainTrial } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-promotion-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const registryFile = (name: string) => path.join(root, "registry", name);
const named = ({ model: name, key }: Trial) => ({ name, version: versionOf(key) });
const load = ({ model, key }: Trial, catalogueHash = "catalogue 1") =>
  loadPromoted(root, model, versionOf(key), { catalogueHash });

test("a model whose gates all passed is promoted, listed and loaded with what it rests on", async () => {
  const trial = await trainTrial(root, 1);
  const { evaluation } = await evaluateTrial(root, trial);
  const entry = await promote(root, { ...named(trial), signOff: "Ann" });
  const promoted = {
    ...named(trial),
    bundle: trial.bundle,
    evaluation,
    since: entry.number,
    signOff: "Ann",
    marks: ["SIMULATED"],
  };
  expect(await readPromoted(root)).toEqual([promoted]);
  const loaded = await load(trial);
  expect(loaded.promotion).toEqual(promoted);
  expect(loaded.bundle.files["fold1.safetensors"]).toEqual(Uint8Array.of(1, 2, 1));
  expect(loaded.evaluation.evaluation).toMatchObject({
    models: [{ model: "logistic", metrics: { auc: { estimate: null } } }],
  });
  expect(loaded.evaluation.figures["skill"]).toBeNaN();
  const head = (await readLedger(root)).head;
  expect(JSON.parse(await readFile(registryFile("promoted.json"), "utf8"))).toMatchObject({
    entries: 3,
    head,
    promoted: [promoted],
  });
});

test("the same evaluation or promotion again makes no new entry, another one does", async () => {
  const trial = await trainTrial(root, 1);
  const first = await evaluateTrial(root, trial);
  expect(await evaluateTrial(root, trial)).toEqual(first);
  const promotion = await promote(root, named(trial));
  expect(await promote(root, named(trial))).toEqual(promotion);
  await promote(root, { ...named(trial), signOff: "Ann" });
  const other = await evaluateTrial(root, trial, { isVoid: true });
  // What was recorded before the last one counts again only when it is recorded again.
  const again = await evaluateTrial(root, trial);
  expect([first, promotion, other, again].map(({ number }) => number)).toEqual([2, 3, 5, 6]);
  expect(again.evaluation).toBe(first.evaluation);
});

test("every gate that is no pass is named with its value and margin", async () => {
  const trial = await trainTrial(root, 1);
  const gates = [
    PASSED[0]!,
    { name: "sharpe", verdict: "undecided", value: Number.NaN, margin: Number.NaN },
    { name: "brier-skill", verdict: "fail", value: -0.01, margin: -0.01 },
  ] as const;
  await evaluateTrial(root, trial, { gates, verdict: "fail" });
  const refused = promote(root, named(trial));
  await expect(refused).rejects.toThrow(GateError);
  await expect(refused).rejects.toThrow(
    "sharpe undecided (value unknown, margin unknown), brier-skill fail (value -0.0100, margin -0.0100)",
  );
  await expect(refused).rejects.not.toThrow("accuracy");
  expect(await readPromoted(root)).toEqual([]);
});

test.each([
  ["a margin below 0", { value: 0.5244, margin: -0.1556 }, "value 0.5244 and margin -0.1556"],
  ["no margin", { margin: Number.NaN }, "value 0.71 and margin NaN"],
  ["no value", { value: Number.NaN }, "value NaN and margin 0.03"],
  ["a margin without end", { margin: Number.POSITIVE_INFINITY }, "margin Infinity"],
])("a pass with %s is not recorded", async (_, figures, said) => {
  const trial = await trainTrial(root, 1);
  const gates = PASSED.map((gate) => (gate.name === "accuracy" ? { ...gate, ...figures } : gate));
  const refused = evaluateTrial(root, trial, { gates });
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow(`gate accuracy: was called a pass with`);
  await expect(refused).rejects.toThrow(said);
  expect((await readLedger(root)).entries).toHaveLength(1);
  // On the limit is a pass, whatever the sign of its 0.
  const onLimit = gates.map((gate) => ({ ...gate, value: 0.68, margin: -0 }));
  await evaluateTrial(root, trial, { gates: onLimit });
  await promote(root, named(trial));
});

test.each([
  ["a void evaluation", { isVoid: true }, "a canary did not score"],
  ["a fit alone, which asked no gate", { gates: [] }, /was never evaluated; evaluate it with/],
  ["a verdict that is no pass", { verdict: "undecided" }, "its evaluation as a whole"],
] as const)("%s promotes nothing", async (_, changes, message) => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial, changes);
  await expect(promote(root, named(trial))).rejects.toThrow(message);
});

test("what was never evaluated, or is called otherwise, is not promoted", async () => {
  const trial = await trainTrial(root, 1);
  await expect(promote(root, named(trial))).rejects.toThrow("was never evaluated");
  await expect(promote(root, { name: "lstm" })).rejects.toThrow(OptionError);
  await expect(promote(root, { ...named(trial), version: "0" })).rejects.toThrow("logistic@0");
  await evaluateTrial(root, trial);
  const signOff = promote(root, { ...named(trial), signOff: "Ann\nBob" });
  await expect(signOff).rejects.toThrow("--sign-off");
});

test("a pass counts only while nothing else has been tried and it is the last evaluation", async () => {
  const trial = await trainTrial(root, 1);
  const { evaluation } = await evaluateTrial(root, trial);
  const other = await trainTrial(root, 2);
  await expect(promote(root, named(trial))).rejects.toThrow(
    "evaluated against 1 try, and the ledger holds 2; evaluate it with",
  );
  await evaluateTrial(root, trial);
  // The other's Sharpe ratio is known only now, and deflates this one's.
  await evaluateTrial(root, other);
  await expect(promote(root, named(trial))).rejects.toThrow("before the Sharpe ratios of other");
  const last = await evaluateTrial(root, trial);
  const stale = promote(root, { ...named(trial), evaluationHash: evaluation });
  await expect(stale).rejects.toThrow("was evaluated again since");
  await promote(root, { ...named(trial), evaluationHash: last.evaluation });
  expect(await readPromoted(root)).toHaveLength(1);
});

test("a demoted model is not loaded, and says why; promoted again it is", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  expect(await demote(root, named(trial))).toBeUndefined();
  await expect(load(trial)).rejects.toThrow("is not promoted");
  await promote(root, named(trial));
  const demotion = await demote(root, { ...named(trial), reason: "drifted" });
  expect(demotion).toMatchObject({ kind: "demotion", number: 4 });
  expect(await demote(root, named(trial))).toEqual(demotion);
  await expect(load(trial)).rejects.toThrow(GateError);
  await expect(load(trial)).rejects.toThrow("was demoted in entry 4 (drifted)");
  await promote(root, named(trial));
  expect((await load(trial)).promotion.since).toBe(5);
});

test("without a version the one that was promoted last is loaded", async () => {
  const trials = [await trainTrial(root, 1), await trainTrial(root, 2), await trainTrial(root, 3)];
  for (const trial of [...trials, ...trials]) await evaluateTrial(root, trial);
  await promote(root, named(trials[1]!));
  await promote(root, named(trials[0]!));
  const { promotion } = await loadPromoted(root, "logistic", undefined, {
    catalogueHash: "catalogue 1",
  });
  expect(promotion.version).toBe(versionOf(trials[0]!.key));
  await demote(root, named(trials[0]!));
  await demote(root, named(trials[1]!));
  await expect(
    loadPromoted(root, "logistic", undefined, { catalogueHash: "catalogue 1" }),
  ).rejects.toThrow(`logistic@${versionOf(trials[2]!.key)}: is not promoted`);
});

test("a model of another feature catalogue is refused by name", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  const refused = load(trial, "catalogue 2");
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow("names feature catalogue catalogue 1");
});

test("with a head that was noted, a ledger that lacks it neither promotes nor loads", async () => {
  const trial = await trainTrial(root, 1);
  const { hash } = await evaluateTrial(root, trial);
  await promote(root, { ...named(trial), expectedHead: hash });
  const loadExpecting = (expectedHead: string) =>
    loadPromoted(root, "logistic", undefined, { catalogueHash: "catalogue 1", expectedHead });
  expect((await loadExpecting(hash.slice(0, 12))).promotion.since).toBe(3);
  const other = hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  await expect(loadExpecting(other)).rejects.toThrow("has no entry with the hash");
  await expect(promote(root, { ...named(trial), expectedHead: other })).rejects.toThrow(
    "has no entry with the hash",
  );
  await expect(loadExpecting("abc")).rejects.toThrow(OptionError);
});

test("a ledger from before evaluations were recorded is read, and goes on", async () => {
  const { kind: _, number, previous, hash, ...content } = await trainTrial(root, 1);
  await rm(registryFile("promoted.json"));
  const old = chained(content, undefined);
  expect([number, previous, hash === old.hash]).toEqual([old.number, old.previous, false]);
  await writeFile(registryFile("trials.jsonl"), `${canonicalJson(old)}\n`);
  const trial = await trainTrial(root, 2);
  expect(trial.previous).toBe(old.hash);
  expect((await readLedger(root)).entries.map(({ kind }) => kind)).toEqual(["trial", "trial"]);
});

test("processes that record, evaluate, promote and demote at once leave one whole ledger", async () => {
  const trials = [await trainTrial(root, 1), await trainTrial(root, 2)];
  const bodies = trials.map(
    ({ key, model: name }, i) => `
    const refused = (error) => { if (error.name !== "GateError") throw error; };
    for (let round = 0; round < 6; round++) {
      const identity = { model: "m", data: "d", code: "c", settings: {}, backend: "b", seed: round };
      await registry.recordTrial(root, identity, { figures: {}, bundle: "b" });
      const own = { key: ${JSON.stringify(key)}, grossDailySharpe: 0.1 };
      await registry.recordEvaluation(root, {
        key: own.key, trials: await registry.statisticsOf((await registry.readLedger(root)).state, { own: new Map([[own.key, own.grossDailySharpe]]) }), verdict: "pass", isVoid: false,
        gates: ${JSON.stringify(PASSED)}, figures: { grossDailySharpe: 0.1 },
        evaluation: { round, isVoid: false, models: [{ model: ${JSON.stringify(name)}, verdict: "pass", gates: ${JSON.stringify(PASSED)} }] },
      });
      const model = { name: ${JSON.stringify(name)}, version: own.key.slice(0, 12) };
      await registry.promote(root, { ...model, signOff: "process ${i} " + round }).catch(refused);
      if (round % 2 === 0) await registry.demote(root, model);
      await registry.readPromoted(root);
    }`,
  );
  await runBeside(root, bodies);
  const { entries, state, head } = await readLedger(root);
  expect(state.trials.size).toBe(2 + 6);
  expect(entries.filter(({ kind }) => kind === "evaluation")).toHaveLength(12);
  const view = JSON.parse(await readFile(registryFile("promoted.json"), "utf8"));
  expect(view).toMatchObject({ entries: entries.length, head });
  expect(await readPromoted(root)).toEqual(view.promoted);
});
