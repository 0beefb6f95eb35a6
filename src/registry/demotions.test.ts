import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GateError } from "../core/errors.js";
import { readLedger } from "./ledger.js";
import { loadPromoted } from "./load-promoted.js";
import { mendRegistry } from "./mend-registry.js";
import { demote, promote } from "./promotion.js";
import { evaluateTrial, rolledBackIn, trainTrial } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-demotions-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const registryFile = (...names: string[]) => path.join(root, "registry", ...names);
const named = ({ model: name, key }: Trial) => ({ name, version: versionOf(key) });
const load = ({ model, key }: Trial) =>
  loadPromoted(root, model, versionOf(key), { catalogueHash: "catalogue 1" });

const rolledBack = <Result>(deed: () => Promise<Result>) => rolledBackIn(root, deed);

test("a demotion that was cut does not let its model run again, and mending demotes it", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  await rolledBack(async () => {
    await evaluateTrial(root, trial, { execution: "", gates: [] });
    await demote(root, { ...named(trial), reason: "drifted" });
    await rm(registryFile("models", trial.model, versionOf(trial.key), "evaluations"), {
      recursive: true,
    });
  });
  await expect(load(trial)).rejects.toThrow("is of a demotion that no entry of the ledger names");
  await mendRegistry(root);
  await expect(load(trial)).rejects.toThrow(GateError);
  await expect(load(trial)).rejects.toThrow("was demoted in entry 4 (its demotion was cut from");
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  await load(trial);
});

test("a demotion that alone was cut holds by its note, and a note that is none demotes nothing", async () => {
  const [trial, other] = [await trainTrial(root, 1), await trainTrial(root, 2)];
  for (const one of [other, trial]) await evaluateTrial(root, one);
  await promote(root, named(trial));
  const entry = (await rolledBack(() => demote(root, { ...named(trial), reason: "drifted" })))!;
  const { head, entries } = await readLedger(root);
  expect([head, entries.at(-1)]).toEqual([entry.hash, entry]);
  await expect(load(trial)).rejects.toThrow("was demoted in entry 6 (drifted)");
  const note = registryFile("models", "logistic", `${versionOf(trial.key)}.demoted.json`);
  const text = await readFile(note, "utf8");
  const others = note.replace(versionOf(trial.key), versionOf(other.key));
  for (const [file, said] of [
    [note, text.replace("drifted", "drafted")],
    [note, text.replace('"number":6', '"number":7')],
    [note, text.replace("demotion", "promotion")],
    [others, text],
  ] as const) {
    await rm(note);
    await writeFile(file, said);
    await expect(readLedger(root)).rejects.toThrow("is of a demotion that no entry of the ledger");
    await rm(file);
    await writeFile(note, text);
  }
  await trainTrial(root, 3);
  expect((await readLedger(root)).entries.map(({ kind }) => kind).slice(4)).toEqual([
    "promotion",
    "demotion",
    "trial",
  ]);
});
