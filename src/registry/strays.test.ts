import { cp, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError } from "../core/errors.js";
import { bundleFolder, writeBundle } from "./bundles.js";
import { readLedger } from "./ledger.js";
import { loadPromoted } from "./load-promoted.js";
import { mendRegistry } from "./mend-registry.js";
import { demote, promote, readPromoted } from "./promotion.js";
import { evaluateTrial, rolledBackIn, trainTrial, trialStatistics } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-strays-"));
  root = path.join(folder, "store");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const registryFile = (...names: string[]) => path.join(root, "registry", ...names);
const named = ({ model: name, key }: Trial) => ({ name, version: versionOf(key) });
const load = ({ model, key }: Trial) =>
  loadPromoted(root, model, versionOf(key), { catalogueHash: "catalogue 1" });

/** Where a model lies that an entry set aside. */
const placeOf = (entry: number, { model, key }: Trial) =>
  path.join("registry", "set-aside", `${entry}`, "models", model, versionOf(key));

const rolledBack = <Result>(deed: () => Promise<Result>) => rolledBackIn(root, deed);

test("a ledger that was cut together with its view is refused while what it named lies there", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
  const cut = await rolledBack(() => trainTrial(root, 2));
  const acts = [
    () => readLedger(root),
    () => load(trial),
    () => promote(root, { ...named(trial), signOff: "Ann" }),
    () => demote(root, named(trial)),
    () => trainTrial(root, 3),
  ];
  for (const act of acts) {
    const refused = act();
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toThrow(
      `${versionOf(cut.key)}: is a model that no entry of the ledger names`,
    );
  }
});

test("rolled back with its view to any earlier state, a ledger is refused or lacks promotions alone", async () => {
  const [one, two] = [await trainTrial(root, 1), await trainTrial(root, 2)];
  const history: readonly (() => Promise<unknown>)[] = [
    () => evaluateTrial(root, one),
    () => evaluateTrial(root, two),
    () => evaluateTrial(root, one),
    () => promote(root, named(one)),
    () => demote(root, named(one)),
    () => evaluateTrial(root, two, { execution: "spot exchange, 5 USD" }),
    () => evaluateTrial(root, one, { trials: { count: 3, sharpeDeviation: 0, unknown: 0 } }),
    () => evaluateTrial(root, two, { isVoid: true }),
    () => trainTrial(root, 3),
    () => evaluateTrial(root, two),
    () => promote(root, named(two)),
  ];
  const files = ["trials.jsonl", "promoted.json"];
  const states: (readonly string[])[] = [];
  const note = async () => {
    states.push(await Promise.all(files.map((name) => readFile(registryFile(name), "utf8"))));
  };
  for (const deed of history) {
    await note();
    await deed();
  }
  const { entries } = await readLedger(root);
  const last = await Promise.all(files.map((name) => readFile(registryFile(name), "utf8")));
  const outcomes: string[] = [];
  for (const state of states) {
    for (const [i, name] of files.entries()) await writeFile(registryFile(name), state[i]!);
    const length = state[0]!.split("\n").length - 1;
    const cut = entries.slice(length).map(({ kind }) => kind);
    const isRefused = await readLedger(root).then(
      () => false,
      () => true,
    );
    expect(isRefused).toBe(cut.some((kind) => kind !== "promotion"));
    outcomes.push(isRefused ? "refused" : "read");
  }
  expect(outcomes).toEqual([...Array(history.length - 1).fill("refused"), "read"]);
  for (const [i, name] of files.entries()) await writeFile(registryFile(name), last[i]!);
  expect((await readLedger(root)).entries).toEqual(entries);
});

test("a cut is named before a view that is gone, which mending alone would bring back", async () => {
  await trainTrial(root, 1);
  await trainTrial(root, 2);
  await rolledBack(() => trainTrial(root, 3));
  await rm(registryFile("promoted.json"));
  await expect(readLedger(root)).rejects.toThrow("is a model that no entry of the ledger names");
});

test("a ledger that was removed with its view is refused too", async () => {
  await trainTrial(root, 1);
  await rm(registryFile("trials.jsonl"));
  await rm(registryFile("promoted.json"));
  await expect(readLedger(root)).rejects.toThrow("no entry of the ledger names");
});

test("a failed evaluation that was cut stops its model from being promoted on an earlier one", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  const failed = await rolledBack(() => evaluateTrial(root, trial, { verdict: "fail" }));
  await expect(promote(root, named(trial))).rejects.toThrow(
    `${failed.evaluation.slice(0, 12)}.json: is an evaluation that no entry of the ledger names`,
  );
  await mendRegistry(root);
  await expect(promote(root, named(trial))).rejects.toThrow("evaluate");
  await evaluateTrial(root, trial);
  await promote(root, named(trial));
});

test("mending sets strays aside by name, and they count as they did", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  const { cut, before } = await rolledBack(async () => {
    await evaluateTrial(root, trial, { execution: "spot exchange, 5 USD" });
    await evaluateTrial(root, trial, { execution: "", gates: [] });
    const other = await trainTrial(root, 2);
    for (const execution of ["a", "b"]) await evaluateTrial(root, other, { execution });
    return { cut: other, before: await trialStatistics(root) };
  });
  expect(before.count).toBe(4);
  const { setAside } = await mendRegistry(root);
  const { number } = (await readLedger(root)).entries.at(-1)!;
  expect(setAside).toHaveLength(3);
  expect(setAside).toContain(
    path.join("registry", "set-aside", `${number}`, "models", "logistic", versionOf(cut.key)),
  );
  for (const file of setAside)
    expect(await readdir(path.dirname(path.join(root, file)))).not.toEqual([]);
  expect((await trialStatistics(root)).count).toBe(before.count);
  // Its last evaluation is lost, and an earlier one may not stand for it.
  await expect(promote(root, named(trial))).rejects.toThrow("was never evaluated");
  // The trial again is the same one.
  await trainTrial(root, 2);
  expect((await trialStatistics(root)).count).toBe(before.count);
  expect((await mendRegistry(root)).setAside).toEqual([]);
});

test("a mend that was cut is noticed too, and mending again counts what it had set aside", async () => {
  await trainTrial(root, 1);
  const [second, third] = await rolledBack(async () => {
    const kept = await trainTrial(root, 2);
    const cut = await rolledBack(() => trainTrial(root, 3));
    expect((await mendRegistry(root)).setAside).toEqual([placeOf(3, cut)]);
    return [kept, cut];
  });
  await expect(readLedger(root)).rejects.toThrow("(and 1 more like it)");
  const { setAside } = await mendRegistry(root);
  expect([...setAside].sort()).toEqual([placeOf(2, second), placeOf(2, third)].sort());
  expect((await trialStatistics(root)).count).toBe(3);
  await rolledBack(() => trainTrial(root, 4));
  await mendRegistry(root);
  expect((await trialStatistics(root)).count).toBe(4);
});

test("what was set aside twice lies side by side", async () => {
  await trainTrial(root, 1);
  const twice = await rolledBack(async () => {
    const cut = await rolledBack(() => trainTrial(root, 2));
    await mendRegistry(root);
    return cut;
  });
  // Made again by hand: its folder under set-aside and the new one go to the same place.
  await cp(
    path.join(root, placeOf(2, twice)),
    bundleFolder(root, twice.model, versionOf(twice.key)),
    {
      recursive: true,
    },
  );
  await rename(registryFile("set-aside", "2"), registryFile("set-aside", "7"));
  const { setAside } = await mendRegistry(root);
  expect([...setAside].sort()).toEqual([placeOf(2, twice), `${placeOf(2, twice)}.again`]);
  expect((await trialStatistics(root)).count).toBe(2);
  expect((await mendRegistry(root)).setAside).toEqual([]);
});

test("an evaluation that cannot be read counts as a way of its own", async () => {
  const trial = await trainTrial(root, 1);
  await evaluateTrial(root, trial);
  const { evaluation } = await rolledBack(() => evaluateTrial(root, trial, { isVoid: true }));
  const file = path.join(bundleFolder(root, trial.model, versionOf(trial.key)), "evaluations");
  await writeFile(path.join(file, `${evaluation.slice(0, 12)}.json`), "{");
  await mendRegistry(root);
  expect((await trialStatistics(root)).count).toBe(2);
});

test("what a killed process wrote before its entry is no stray, and training again finishes it", async () => {
  const trial = await trainTrial(root, 1);
  const bundle = {
    name: "lstm",
    version: "0a1b2c3d4e5f",
    trial: "0a1b2c3d4e5f",
    content: {},
    files: {},
  };
  await writeBundle(root, bundle);
  const { unrecorded } = await readLedger(root);
  expect(unrecorded.map(({ model }) => model)).toEqual(["lstm@0a1b2c3d4e5f"]);
  expect((await mendRegistry(root)).setAside).toEqual([]);
  expect(await readdir(registryFile("models", "lstm"))).toContain("0a1b2c3d4e5f");
  // A mark does not stay once the entry is there, else it would hide a later cut.
  await evaluateTrial(root, trial);
  expect(await readdir(registryFile("models", "logistic"))).toEqual([versionOf(trial.key)]);
  const evaluations = await readdir(
    registryFile("models", "logistic", versionOf(trial.key), "evaluations"),
  );
  expect(evaluations).toHaveLength(1);
});

test("writing a stray bundle again does not excuse it", async () => {
  await trainTrial(root, 1);
  const bundle = {
    name: "lstm",
    version: "0a1b2c3d4e5f",
    trial: "0a1b2c3d4e5f",
    content: {},
    files: {},
  };
  await writeBundle(root, bundle);
  await rm(registryFile("models", "lstm", "0a1b2c3d4e5f.unrecorded"));
  await writeBundle(root, bundle);
  await expect(readLedger(root)).rejects.toThrow("lstm/0a1b2c3d4e5f: is a model that no entry");
});

test("a bundle that was renamed, copied or linked to another name is named", async () => {
  const trial = await trainTrial(root, 1);
  const own = bundleFolder(root, trial.model, versionOf(trial.key));
  const other = bundleFolder(root, "lstm", versionOf(trial.key));
  await cp(own, other, { recursive: true });
  await expect(readLedger(root)).rejects.toThrow(
    `lstm/${versionOf(trial.key)}: is a model that no`,
  );
  await rm(path.dirname(other), { recursive: true });
  await symlink(own, `${own.slice(0, -1)}x`);
  await expect(readLedger(root)).rejects.toThrow("is a model that no");
  await rm(`${own.slice(0, -1)}x`);
  await rename(own, `${own.slice(0, -1)}x`);
  await expect(readLedger(root)).rejects.toThrow("is a model that no");
});

test("mending is no way around a head that was noted", async () => {
  const trial = await trainTrial(root, 1);
  const { head } = await rolledBack(async () => {
    await trainTrial(root, 2);
    return await readLedger(root);
  });
  const text = await readFile(registryFile("trials.jsonl"), "utf8");
  await expect(mendRegistry(root, { expectedHead: head })).rejects.toThrow("has no entry with");
  expect(await readFile(registryFile("trials.jsonl"), "utf8")).toBe(text);
  await mendRegistry(root, { expectedHead: trial.hash });
  expect(await readPromoted(root)).toEqual([]);
});
