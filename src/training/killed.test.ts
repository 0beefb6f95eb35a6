// A fit that is killed at any moment and run again ends with the weights of one that was left alone, to the bit.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { builtSources } from "../core/test-build.js";
import { readTrials } from "../registry/trials.js";

const KILLS = 4;
/** Two folds of three epochs of six steps. */
const STEPS = 36;

let folder: string;
let built: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-killed-fit-"));
  built = await builtSources();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A process that trains, and prints the number of the epoch at each step and `end` at the end. */
function startFit(root: string): ChildProcess {
  const script = `
    const built = ${JSON.stringify(built)};
    const { fitOrLoad } = require(built + "/training/fit-or-load.js");
    const { LSTM_SETTINGS } = require(built + "/training/settings.js");
    const { testDataset, testFold } = require(built + "/training/test-dataset.js");
    const dataset = testDataset(640, (first) => (first.at(-1) > 0 ? 0.8 : 0.2));
    const fold = testFold(dataset);
    const folds = [fold, { ...fold, train: fold.train.slice(1) }];
    const settings = { ...LSTM_SETTINGS, steps: 3, units: 3, stride: 1, batchSize: 128, epochs: 3 };
    const onBatch = ({ epoch }) => process.stdout.write(String(epoch));
    fitOrLoad(dataset, folds, settings, { root: ${JSON.stringify(root)}, onBatch })
      .then(() => process.stdout.write("end"));`;
  return spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Lets a process go on until it has printed so much, then kills it; returns all that it printed. */
async function output(child: ChildProcess, kill?: { after: number; signal: NodeJS.Signals }) {
  let printed = "";
  child.stdout!.on("data", (text) => {
    printed += String(text);
    if (kill !== undefined && printed.length >= kill.after) child.kill(kill.signal);
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("close", (_, by) => resolve(by));
  });
  return { printed, signal };
}

test("a fit that is killed again and again and resumed makes the same bundle as one left alone", async () => {
  const alone = path.join(folder, "alone");
  const killed = path.join(folder, "killed");
  const whole = output(startFit(alone));
  const random = seededRandom(11, "kills");
  let steps = 0;
  for (let i = 0; i < KILLS; i++) {
    const after = 1 + random.below(14);
    const signal = i === 2 ? "SIGINT" : "SIGKILL";
    const ended = await output(startFit(killed), { after, signal });
    expect(ended.signal).toBe(signal);
    steps += ended.printed.length;
  }
  const last = await output(startFit(killed));
  expect((await whole).printed).toBe(`${"111111222222333333".repeat(2)}end`);
  expect(last.printed).toMatch(/end$/);
  // It went on from where it was left: no first epoch of the first fold, and fewer steps than a whole fit has.
  expect(last.printed.length - 3).toBeLessThan(STEPS);
  expect(steps + last.printed.length - 3).toBeGreaterThan(STEPS);

  const [ours, theirs] = [(await readTrials(killed))[0]!, (await readTrials(alone))[0]!];
  expect(ours.key).toBe(theirs.key);
  expect(ours.bundle).toBe(theirs.bundle);
  expect(ours.figures).toEqual(theirs.figures);
  const left = await readdir(path.join(killed, "registry", "checkpoints"));
  expect(left.filter((name) => !name.endsWith(".tmp"))).toEqual([]);
}, 180_000);
