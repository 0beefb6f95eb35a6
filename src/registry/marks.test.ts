import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GateError } from "../core/errors.js";
import { bundleFolder, writeBundle } from "./bundles.js";
import { readLedger } from "./ledger.js";
import { mendRegistry } from "./mend-registry.js";
import { promote } from "./promotion.js";
import { runBeside } from "./test-processes.js";
import { evaluateTrial, trainTrial, trialStatistics } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

let root: string;
let trial: Trial;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-marks-"));
  trial = await trainTrial(root, 1);
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const registryFile = (...names: string[]) => path.join(root, "registry", ...names);
const folderOf = ({ model, key }: Trial) => bundleFolder(root, model, versionOf(key));
const promoteIt = () => promote(root, { name: trial.model, version: versionOf(trial.key) });

/** Cuts off what something recorded, as somebody does who wants fewer tries. */
async function cutAgain(deed: () => Promise<unknown>): Promise<void> {
  const files = ["trials.jsonl", "promoted.json"].map((name) => registryFile(name));
  const texts = await Promise.all(files.map((file) => readFile(file)));
  await deed();
  for (const [i, file] of files.entries()) await writeFile(file, texts[i]!);
}

/** Another trial, and an evaluation of it in two ways: three tries with the one that is there. */
async function trySomeMore(): Promise<Trial> {
  const other = await trainTrial(root, 2);
  for (const execution of ["spot", "perpetual"]) await evaluateTrial(root, other, { execution });
  return other;
}

test.each([
  ["", "an empty file"],
  ["a line", "a file of words"],
  ['{"host":', "half a mark"],
  ["null", "no object"],
])("%j beside what a cut ledger named lowers no number of tries", async (mark) => {
  await evaluateTrial(root, trial);
  let other: Trial | undefined;
  await cutAgain(async () => {
    other = await trySomeMore();
  });
  const own = folderOf(other!);
  const evaluations = await readdir(path.join(own, "evaluations"));
  await writeFile(`${own}.unrecorded`, mark);
  for (const name of evaluations) {
    await writeFile(path.join(own, "evaluations", `${name}.unrecorded`), mark);
  }
  // Marked an hour ago, as far as the file says: no process here says that it is at it.
  const refused = promoteIt();
  await expect(refused).rejects.toThrow(GateError);
  await expect(refused).rejects.toThrow(
    `while ${own} and 2 more like it is not recorded; wait for the run that makes it`,
  );
  if (mark === "{") return;
  expect((await mendRegistry(root)).setAside).toHaveLength(1);
  expect((await trialStatistics(root)).count).toBe(3);
  await expect(promoteIt()).rejects.toThrow("against 1 try, and the ledger holds 3");
  await evaluateTrial(root, trial);
  await promoteIt();
  expect(await readdir(path.dirname(own))).toEqual([versionOf(trial.key)]);
});

test("what a running process marks stays where it is; what one left that ended is set aside", async () => {
  const bundle = (model: string) => ({
    name: model,
    version: "0a1b2c3d4e5f",
    trial: "0a1b2c3d4e5f",
    content: {},
    files: {},
  });
  await writeBundle(root, bundle("own"));
  await runBeside(root, [`await registry.writeBundle(root, ${JSON.stringify(bundle("ended"))});`]);
  const { unrecorded } = await readLedger(root);
  expect(unrecorded.map(({ model }) => model)).toEqual(["ended@0a1b2c3d4e5f", "own@0a1b2c3d4e5f"]);
  const { setAside } = await mendRegistry(root);
  expect(setAside).toEqual([
    path.join("registry", "set-aside", "2", "models", "ended", "0a1b2c3d4e5f"),
  ]);
  expect((await readLedger(root)).unrecorded.map(({ model }) => model)).toEqual([
    "own@0a1b2c3d4e5f",
  ]);
  expect(await readdir(registryFile("models", "ended"))).toEqual([]);
});
