// A fit that is killed at any moment and run again ends with the weights of one that was left alone, to the bit.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { builtSources } from "../core/test-build.js";
import { readTrials } from "../registry/trials.js";

const KILLS = 4;
/** Two folds of three epochs of six steps. */
const STEPS = 36;
/** What is printed first; one core alone has none idle. */
const START = availableParallelism() > 1 ? "!" : "";

let folder: string;
let built: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-killed-fit-"));
  built = await builtSources();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/**
 * A process that trains, its batches cut in a thread; prints `!` where they are, the number of the epoch at each step, and `end`
 * at the end.
 */
function startFit(root: string): ChildProcess {
  const script = `
    const built = ${JSON.stringify(built)};
    const { fitOrLoad } = require(built + "/training/fit-or-load.js");
    const { LSTM_SETTINGS } = require(built + "/training/settings.js");
    const { testDataset, testFold } = require(built + "/training/test-dataset.js");
    const { sharedFloats } = require(built + "/core/shared-floats.js");
    const { bestCuttingPlace } = require(built + "/training/cutting-place.js");
    const plain = testDataset(640, (first) => (first.at(-1) > 0 ? 0.8 : 0.2));
    const dataset = { ...plain, inputs: sharedFloats(plain.inputs.length) };
    dataset.inputs.set(plain.inputs);
    const fold = testFold(dataset);
    const folds = [fold, { ...fold, train: fold.train.slice(1) }];
    const settings = { ...LSTM_SETTINGS, steps: 3, units: 3, stride: 1, batchSize: 128, epochs: 3 };
    const onBatch = ({ epoch }) => process.stdout.write(String(epoch));
    bestCuttingPlace({ inputs: dataset.inputs, steps: 3 })
      .then((place) => process.stdout.write(place === "here" ? "" : "!"));
    fitOrLoad(dataset, folds, settings, { root: ${JSON.stringify(root)}, onBatch })
      .then(() => process.stdout.write("end"));`;
  // A thread of TensorFlow's own leaves the other core idle.
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: "1" };
  return spawn(process.execPath, ["-e", script], { env, stdio: ["ignore", "pipe", "inherit"] });
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
    const after = 2 + random.below(14);
    const signal = i === 2 ? "SIGINT" : "SIGKILL";
    const ended = await output(startFit(killed), { after, signal });
    expect(ended.signal).toBe(signal);
    steps += ended.printed.length - START.length;
  }
  const last = await output(startFit(killed));
  expect((await whole).printed).toBe(`${START}${"111111222222333333".repeat(2)}end`);
  expect(last.printed).toMatch(/end$/);
  // It went on from where it was left: no first epoch of the first fold, and fewer steps than a whole fit has.
  const rest = last.printed.length - `${START}end`.length;
  expect(rest).toBeLessThan(STEPS);
  expect(steps + rest).toBeGreaterThan(STEPS);

  const [ours, theirs] = [(await readTrials(killed))[0]!, (await readTrials(alone))[0]!];
  expect(ours.key).toBe(theirs.key);
  expect(ours.bundle).toBe(theirs.bundle);
  expect(ours.figures).toEqual(theirs.figures);
  const left = await readdir(path.join(killed, "registry", "checkpoints"));
  expect(left.filter((name) => !name.endsWith(".tmp"))).toEqual([]);
}, 180_000);
