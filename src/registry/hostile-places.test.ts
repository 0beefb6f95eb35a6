import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WorkbenchError } from "../core/errors.js";
import { bundleFolder, hasBundle } from "./bundles.js";
import { readLedger } from "./ledger.js";
import { listModels } from "./list-models.js";
import { loadPromoted } from "./load-promoted.js";
import { mendRegistry } from "./mend-registry.js";
import { promote } from "./promotion.js";
import { runBeside } from "./test-processes.js";
import { evaluateTrial, trainTrial, trialStatistics } from "./test-registry.js";
import { modelName, type Trial, versionOf } from "./trial.js";

let root: string;
let trial: Trial;
let other: Trial;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-hostile-"));
  trial = await trainTrial(root, 1);
  other = await trainTrial(root, 3);
  for (const one of [trial, other, trial]) await evaluateTrial(root, one);
  await promote(root, { name: trial.model, version: versionOf(trial.key) });
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const folderOf = ({ model, key }: Trial) => bundleFolder(root, model, versionOf(key));
const load = () =>
  loadPromoted(root, trial.model, versionOf(trial.key), { catalogueHash: "catalogue 1" });

async function swap(a: string, b: string): Promise<void> {
  await rename(a, `${a}.tmp`);
  await rename(b, a);
  await rename(`${a}.tmp`, b);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const place = path.join(root, "registry", file);
  await writeFile(place, change(await readFile(place, "utf8")));
}

/** What a file system can be made to show in place of what was written; each is refused by name. */
const DEEDS: Readonly<Record<string, () => Promise<unknown>>> = {
  "a ledger with Windows line ends": () =>
    edit("trials.jsonl", (text) => text.replaceAll("\n", "\r\n")),
  "a ledger with a byte order mark": () => edit("trials.jsonl", (text) => `\ufeff${text}`),
  "a ledger with an empty line at its end": () => edit("trials.jsonl", (text) => `${text}\n`),
  "a view with Windows line ends": () =>
    edit("promoted.json", (text) => text.replaceAll("\n", "\r\n")),
  "two bundles that changed places": () => swap(folderOf(trial), folderOf(other)),
  "two models' evaluations that changed places": () =>
    swap(path.join(folderOf(trial), "evaluations"), path.join(folderOf(other), "evaluations")),
  "a file where the bundle was": async () => {
    await rm(folderOf(trial), { recursive: true });
    await writeFile(folderOf(trial), "x");
  },
  "a link to itself where the bundle was": async () => {
    await rm(folderOf(trial), { recursive: true });
    await symlink(folderOf(trial), folderOf(trial));
  },
  "a link to another bundle": async () => {
    await rm(folderOf(trial), { recursive: true });
    await symlink(folderOf(other), folderOf(trial));
  },
  "a folder where a bundle's file was": async () => {
    await rm(path.join(folderOf(trial), "bundle.json"));
    await mkdir(path.join(folderOf(trial), "bundle.json"));
  },
  "a folder where the evaluation was": async () => {
    const folder = path.join(folderOf(trial), "evaluations");
    const files = await readdir(folder);
    await rm(folder, { recursive: true });
    for (const file of files) await mkdir(path.join(folder, file), { recursive: true });
  },
};

test.each(Object.entries(DEEDS))("%s is refused in a sentence", async (_, deed) => {
  await load();
  await deed();
  const refused = await load().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(WorkbenchError);
  const listed = await readLedger(root).then(
    (ledger) => listModels(root, ledger),
    (error: unknown) => error,
  );
  if (Array.isArray(listed)) {
    expect(listed.find(({ trial: { key } }) => key === trial.key)).toHaveProperty(
      "damage",
      expect.any(String),
    );
  } else expect(listed).toBeInstanceOf(WorkbenchError);
});

test("a bundle's place that holds no bundle is none", async () => {
  const place = folderOf(trial);
  await rm(place, { recursive: true });
  await writeFile(place, "x");
  expect(await hasBundle(root, trial.model, versionOf(trial.key))).toBe(false);
});

test("a link to the whole registry elsewhere loads, and a copy of it too", async () => {
  const [registry, moved] = [path.join(root, "registry"), path.join(root, "elsewhere")];
  await cp(registry, moved, { recursive: true });
  await rm(registry, { recursive: true });
  await symlink(moved, registry);
  await load();
});

test("processes that mend at once, and while others train, set nothing aside that is being recorded", async () => {
  const training = (first: number) => `
    for (let seed = ${first}; seed < ${first} + 8; seed++) {
      const identity = { model: "m", data: "d", code: "c", settings: {}, backend: "b", seed };
      const trial = registry.trialKey(identity);
      const name = { name: "m", version: trial.slice(0, 12) };
      const bundle = await registry.writeBundle(root, { ...name, trial, content: { seed }, files: {} });
      await registry.recordTrial(root, identity, { figures: {}, bundle });
      await registry.recordEvaluation(root, {
        key: trial, execution: "x", trials: { count: 1, sharpeDeviation: 0, unknown: 0 }, verdict: "fail",
        isVoid: false, gates: [], figures: {}, evaluation: { seed },
      });
    }`;
  const mending = `
    for (let round = 0; round < 12; round++) {
      const { setAside } = await registry.mendRegistry(root);
      for (const file of setAside) console.log(file);
      await registry.readLedger(root);
    }`;
  const printed = await runBeside(root, [training(0), training(100), mending, mending]);
  expect(printed.join("")).toBe("");
  const { state, unrecorded } = await readLedger(root);
  expect([state.trials.size, unrecorded]).toEqual([2 + 16, []]);
});

test("two that mend at once set aside all that is stray and count it once", async () => {
  await cp(folderOf(trial), folderOf({ ...trial, model: "lstm" }), { recursive: true });
  const both = await Promise.all([mendRegistry(root), mendRegistry(root)]);
  expect(both.flatMap(({ setAside }) => setAside)).toHaveLength(1);
  expect((await trialStatistics(root)).count).toBe(3);
  expect((await readLedger(root)).state.setAside.has(modelName({ ...trial, model: "lstm" }))).toBe(
    true,
  );
});
