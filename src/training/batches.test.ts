import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { sharedFloats } from "../core/shared-floats.js";
import { isShortfall } from "../core/shortfall.js";
import { builtSources } from "../core/test-build.js";
import { predictorToBytes } from "../models/predictor.js";
import type { BatchPlan } from "./batch.js";
import { type Batches, openBatches } from "./batches.js";
import type { CuttingPlace } from "./cutting-place.js";
import { LSTM_SETTINGS } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainLstm } from "./train-lstm.js";

const WIDTH = 3;
const ROWS = 200;
const STEPS = 5;
const random = seededRandom(2, "batches");
const inputs = sharedFloats(ROWS * WIDTH);
inputs.forEach((_, i) => {
  inputs[i] = random.uniform() < 0.05 ? Number.NaN : random.normal();
});
const plan: BatchPlan = {
  inputs,
  scaler: { mean: Float64Array.of(0.1, 0, -1), deviation: Float64Array.of(1, 0.3, 2) },
  steps: STEPS,
  keepSize: 4,
  dropout: 0.4,
  batchSize: 16,
};
/** Seven batches, the last one of four rows. */
const rows = Uint32Array.from({ length: 100 }, () => STEPS + random.below(ROWS - STEPS));

let worker: string;
const folder = mkdtempSync(path.join(tmpdir(), "tickbook-batches-"));
beforeAll(async () => {
  worker = path.join(await builtSources(), "training", "batch-worker.js");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker of another kind. */
function otherWorker(name: string, code: string): CuttingPlace {
  const file = path.join(folder, `${name}.cjs`);
  writeFileSync(file, `const { parentPort } = require("node:worker_threads");\n${code}`);
  return { worker: file };
}

/** All that two epochs are given, and whether they are told which batch it is. */
async function cut(batches: Batches): Promise<unknown> {
  const seen: unknown[] = [];
  for (const name of ["dropout of epoch 1", "dropout of epoch 2"]) {
    for await (const batch of batches.of(rows, { seed: 3, name })) {
      const { number, count, windows, keep } = batch;
      seen.push([number, count, batch.rows.slice(), windows.values.slice(), keep?.slice()]);
    }
  }
  return seen;
}

async function using<Result>(
  place: CuttingPlace,
  work: (batches: Batches) => Promise<Result>,
  how: BatchPlan = plan,
): Promise<Result> {
  const batches = openBatches(how, place);
  try {
    return await work(batches);
  } finally {
    await batches.close();
  }
}

test("a thread cuts the same batches as the loop's own, to the bit, dropout among them", async () => {
  for (const dropout of [0.4, 0]) {
    const how = { ...plan, dropout };
    const here = await using("here", cut, how);
    expect(await using({ worker }, cut, how)).toEqual(here);
    expect(here).toHaveLength(14);
  }
});

test("an LSTM that is trained on them ends with the same bytes", async () => {
  const dataset = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.9 : 0.1));
  const shared = sharedFloats(dataset.inputs.length);
  shared.set(dataset.inputs);
  const settings = { ...LSTM_SETTINGS, steps: 8, units: 4, batchSize: 128, epochs: 2, stride: 2 };
  const bytes: Uint8Array[] = [];
  for (const cutting of ["here", { worker }] as const) {
    const fold = testFold(dataset);
    const fit = await trainLstm({ ...dataset, inputs: shared }, fold, settings, 1, { cutting });
    if (isShortfall(fit)) throw new Error(fit.what);
    bytes.push(predictorToBytes(fit.predictor));
  }
  expect(bytes[1]).toEqual(bytes[0]);
});

describe("memory", () => {
  /** Batch × (steps × inputs + dropout factors) × 4. */
  const BATCH_BYTES = 16 * (5 * 3 + 4) * 4;

  /** Pieces of memory that batches come in, each marked where a batch of few rows does not reach. */
  async function pieces(place: CuttingPlace): Promise<readonly number[]> {
    return await using(place, async (batches) => {
      const sizes: number[] = [];
      for (let epoch = 0; epoch < 9; epoch++) {
        const few = rows.subarray(0, 1 + (epoch % 5));
        for await (const { windows } of batches.of(few, { seed: 1, name: `${epoch}` })) {
          const bytes = new Uint8Array(windows.values.buffer);
          if (bytes.at(-1) === 77) continue;
          bytes[bytes.length - 1] = 77;
          sizes.push(bytes.length);
        }
      }
      return sizes;
    });
  }

  test("is two batches that travel to the thread and back, and one in the loop's own", async () => {
    expect(await pieces({ worker })).toEqual([BATCH_BYTES, BATCH_BYTES]);
    expect(await pieces("here")).toEqual([BATCH_BYTES]);
  });

  test("of the inputs is read where it lies, by the thread too", async () => {
    for (const place of ["here", { worker }] as const) {
      const [before, after] = await using(place, async (batches) => {
        const first: number[] = [];
        for (const value of [1, 2]) {
          inputs.fill(value, 0, STEPS * WIDTH);
          for await (const { windows } of batches.of(Uint32Array.of(4), { seed: 1, name: "" })) {
            first.push(windows.values[0]!);
          }
        }
        return first;
      });
      expect([before, after]).toEqual([1 - 0.1, 2 - 0.1].map(Math.fround));
    }
  });
});

describe("a thread that fails is an error with a sentence", () => {
  const train = (place: CuttingPlace): Promise<unknown> => using(place, cut);

  test.each([
    ["ends", "parentPort.on('message', () => process.exit(3));", /is gone: it ended with code 3/],
    ["throws", "parentPort.on('message', () => { throw new Error('of its own'); });", /of its own/],
    ["cannot start", "require('./nothing-like-that');", /is gone: Cannot find module/],
  ])("one that %s", async (name, code, said) => {
    const failing = train(otherWorker(name, code));
    await expect(failing).rejects.toThrow(said);
    await expect(train(otherWorker(name, code))).rejects.toThrow(
      /^the thread that cuts batches is gone: .*; run the same command again/,
    );
  });

  test("one that ends between batches", async () => {
    const code = `let asked = 0;
      const real = require(${JSON.stringify(worker)});
      parentPort.on("message", () => { if (++asked === 5) process.exit(4); });`;
    await expect(train(otherWorker("ends late", code))).rejects.toThrow(/it ended with code 4/);
  });

  test("one of other code", async () => {
    const code =
      "parentPort.on('message', ({ memory }) => parentPort.postMessage(memory, [memory]));";
    await expect(train(otherWorker("other", code))).rejects.toThrow(
      /^the thread that cuts batches runs other code than this process; run the same command again/,
    );
  });

  test("and one that is closed in the middle of its work is gone", async () => {
    const batches = openBatches(plan, { worker });
    const cutting = batches.of(rows, { seed: 1, name: "closed" });
    await cutting.next();
    await batches.close();
    await expect(
      (async () => {
        for await (const _ of cutting);
      })(),
    ).rejects.toThrow(/is gone: it ended with code/);
  });
});
