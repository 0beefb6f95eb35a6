import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../cli/test-output.js";
import { temporaryName } from "../store/temporary.js";
import { bundleFolder, writeAtomically, writeBundle } from "./bundles.js";
import { leftovers } from "./leftovers.js";
import { mendRegistry } from "./mend-registry.js";
import { runBeside } from "./test-processes.js";
import { evaluateTrial, trainTrial } from "./test-registry.js";
import { type Trial, versionOf } from "./trial.js";

let root: string;
let trial: Trial;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-leftovers-"));
  trial = await trainTrial(root, 1);
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const models = (...argv: string[]) => runCommandLine("models", ...argv, "--data", root);
const temporaries = async () =>
  (await readdir(path.join(root, "registry"), { recursive: true })).filter((name) =>
    name.endsWith(".tmp"),
  );

/** Does something in a process that is killed when it is to rename what it has written. */
async function killedBeforeRename(deed: string): Promise<void> {
  const killed = runBeside(root, [
    `require("node:fs/promises").rename = () => process.kill(process.pid, "SIGKILL");
    ${deed}`,
  ]);
  await expect(killed).rejects.toThrow();
}

test("what killed processes left half-written is listed, and mending removes it", async () => {
  await evaluateTrial(root, trial);
  const { model, key } = trial;
  const folder = bundleFolder(root, model, versionOf(key));
  const places = [
    path.join(root, "registry", "checkpoints", "0-fold1.safetensors"),
    path.join(root, "registry", "promoted.json"),
    path.join(folder, "card.json"),
    path.join(folder, "evaluations", "0a1b2c3d4e5f.json"),
  ];
  await killedBeforeRename(`
    for (const place of ${JSON.stringify(places)}) {
      registry.writeAtomically(place, Buffer.from("x")).catch(() => {});
    }
    setTimeout(() => {}, 9e4);`);
  await killedBeforeRename(`
    await registry.writeBundle(root, { name: "lstm", version: "0a1b2c", trial: "0a1b2c", content: {}, files: { a: Buffer.from("x") } });`);
  const left = await temporaries();
  expect(left).toContainEqual(expect.stringMatching(/^models\/lstm\/0a1b2c\.[0-9a-z-]+\.tmp$/));
  const { code, out } = await models();
  expect(code).toBe(0);
  for (const name of left) {
    expect(out).toContain(
      `left over ${path.join("registry", name)}: a process that was killed left it half-written, and nothing reads it; --mend removes it\n`,
    );
  }
  expect(JSON.parse((await models("--json")).out).leftovers).toHaveLength(left.length);
  const mended = await models("--mend");
  for (const name of left) {
    expect(mended.out).toContain(`removed ${path.join("registry", name)}: `);
  }
  expect(mended.out).not.toContain("left over");
  expect(await temporaries()).toEqual([]);
});

test("what a running process writes is none; what names nobody is one after a day", async () => {
  const folder = path.join(root, "registry", "models", "lstm");
  const own = path.join(folder, `0a1b2c.${temporaryName()}.tmp`);
  const unnamed = path.join(folder, "0a1b2c.7d9f6a44-0a9b-4a51-8cf4-0d8d0f3f5b1e.tmp");
  for (const place of [own, unnamed]) await mkdir(place, { recursive: true });
  const theirs = path.join(folder, "notes.tmp");
  await writeFile(theirs, "x");
  expect(await leftovers(root)).toEqual([]);
  const before = new Date(Date.now() - 25 * 3600 * 1000);
  await utimes(unnamed, before, before);
  expect(await leftovers(root)).toEqual([unnamed]);
  expect((await mendRegistry(root)).removed).toEqual([path.relative(root, unnamed)]);
  expect((await readdir(folder)).sort()).toEqual([path.basename(own), path.basename(theirs)]);
});

test("a write that fails takes away what it has written", async () => {
  const taken = path.join(root, "registry", "taken");
  await mkdir(path.join(taken, "x"), { recursive: true });
  await expect(writeAtomically(taken, Buffer.from("x"))).rejects.toThrow();
  const bundle = { name: "lstm", version: "0a1b2c", trial: "0a1b2c", content: {} };
  await expect(
    writeBundle(root, { ...bundle, files: { a: Buffer.from("x"), "b/c": Buffer.from("x") } }),
  ).rejects.toThrow();
  expect(await temporaries()).toEqual([]);
});
