import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DataError } from "../core/errors.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { predictProbability } from "../models/predictor.js";
import { readTrials } from "../registry/trials.js";
import { fitOrLoad } from "./fit-or-load.js";
import {
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
  LSTM_SETTINGS,
  MLP_SETTINGS,
  TRANSFORMER_SETTINGS,
  type TrainingSettings,
} from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import type { TrainedModel } from "./trained-model.js";

// An edit of a source file while the tests run would make another trial of the second fit.
vi.mock("../registry/code-hash.js", () => ({ codeHash: async () => "code" }));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-fit-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const dataset = {
  ...testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.8 : 0.2)),
  featureNames: ["first", "second", "close"],
};
const fold = testFold(dataset);
const TRANSFORMER: TrainingSettings = {
  ...TRANSFORMER_SETTINGS,
  ...{ steps: 6, width: 4, heads: 2, feedForward: 4, epochs: 2, stride: 2 },
};
const LSTM: TrainingSettings = { ...LSTM_SETTINGS, steps: 6, units: 4, epochs: 2, stride: 2 };

async function obtain(settings: TrainingSettings, seed = 1): Promise<TrainedModel> {
  const model: TrainedModel | Shortfall = await fitOrLoad(dataset, [fold], settings, {
    root,
    seed,
  });
  if (isShortfall(model)) throw new Error(model.what);
  return model;
}

/** What is the same whether a model was fitted or loaded. */
function facts({ isLoaded: _, ...rest }: TrainedModel): Omit<TrainedModel, "isLoaded"> {
  return rest;
}

const MLP: TrainingSettings = { ...MLP_SETTINGS, units: [4, 2], epochs: 2, batchSize: 128 };

describe.each([
  ["majority", { model: "majority", calibrator: "platt", coverage: 1 }],
  ["persistence", { model: "persistence", calibrator: "platt", coverage: 1 }],
  ["logistic", LOGISTIC_SETTINGS],
  ["mlp", MLP],
  ["lstm", LSTM],
  ["transformer", TRANSFORMER],
] as const)("%s", (name, settings) => {
  test("the second time it is loaded, equal in every bit, and makes no new trial", async () => {
    const first = await obtain(settings);
    const second = await obtain(settings);
    expect([first.isLoaded, second.isLoaded]).toEqual([false, true]);
    expect(facts(second)).toEqual(facts(first));
    expect(await readTrials(root)).toHaveLength(1);
    expect(second.name).toBe(name);
  });

  test("the loaded predictor gives the recorded test predictions again", async () => {
    await obtain(settings);
    const { folds, testRows, probability } = await obtain(settings);
    const again = await predictProbability(folds[0]!.predictor, dataset.inputs, testRows);
    expect(again).toEqual(probability);
  });

  test("when its bundle is gone it is fitted again to the same hashes, without a new trial", async () => {
    const first = await obtain(settings);
    await rm(path.join(root, "registry", "models"), { recursive: true });
    const second = await obtain(settings);
    expect(second.isLoaded).toBe(false);
    expect(second.figures).toEqual(first.figures);
    expect(await readTrials(root)).toHaveLength(1);
  });

  test("a changed byte in its bundle is refused, and the file is named", async () => {
    const { version } = await obtain(settings);
    const file = path.join(root, "registry", "models", name, version, "fold1.safetensors");
    const bytes = await readFile(file);
    bytes[bytes.length - 3]! ^= 4;
    await writeFile(file, bytes);
    await expect(obtain(settings)).rejects.toThrow("fold1.safetensors: had another SHA-256");
  });
});

test.each(["", "{", "null", "[1]", '"fast"', '{"secondsPerEpoch":"fast"}'])(
  "measured times of %j are refused with file and remedy, and mended by deleting it",
  async (garbage) => {
    const { name, version } = await obtain(LOGISTIC_SETTINGS);
    const file = path.join(root, "registry", "models", name, `${version}.measured.json`);
    await writeFile(file, garbage);
    const refused = await obtain(LOGISTIC_SETTINGS).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DataError);
    expect(String(refused)).toContain(`${file}: `);
    expect(String(refused)).toMatch(/delete it: only the seconds per epoch are lost/);
    await rm(file);
    expect((await obtain(LOGISTIC_SETTINGS)).secondsPerEpoch).toBeNaN();
  },
);

describe("a fit that is killed after its first epoch", () => {
  /** Folder of what a killed fit goes on from, and the file that it left there. */
  async function kill(settings = LSTM): Promise<string> {
    const onEpoch = () => {
      throw new Error("killed");
    };
    await expect(fitOrLoad(dataset, [fold], settings, { root, onEpoch })).rejects.toThrow("killed");
    const folder = path.join(root, "registry", "checkpoints");
    const [name] = await readdir(folder);
    return path.join(folder, name!);
  }

  /** Fits again, and gives the bundle's hash, the epochs that it ran and what it said. */
  async function goOn(): Promise<readonly [string, readonly number[], readonly string[]]> {
    const epochs: number[] = [];
    const said: string[] = [];
    await fitOrLoad(dataset, [fold], LSTM, {
      root,
      onEpoch: ({ epoch }) => epochs.push(epoch),
      onNotice: (line) => said.push(line),
    });
    return [(await readTrials(root))[0]!.bundle, epochs, said];
  }

  async function whole(): Promise<string> {
    const [bundle] = await goOn();
    await rm(path.join(root, "registry"), { recursive: true });
    return bundle;
  }

  test("goes on from there to the same bundle, and leaves nothing of the way", async () => {
    const bundle = await whole();
    const file = await kill();
    expect(await goOn()).toEqual([bundle, [2], []]);
    expect(await readdir(path.dirname(file))).toEqual([]);
  });

  test("begins anew with a word where what it left is damaged or another fit's", async () => {
    const bundle = await whole();
    const other = await readFile(await kill({ ...LSTM, dropout: 0 }));
    await rm(path.join(root, "registry"), { recursive: true });
    const half = other.subarray(0, other.length / 2);
    for (const left of [half, other]) {
      const file = await kill();
      await writeFile(file, left);
      const said = expect.stringMatching(
        new RegExp(`^the checkpoint ${file} (is of another fit|.*): training begins anew$`),
      );
      expect(await goOn()).toEqual([bundle, [1, 2], [said]]);
      await rm(path.join(root, "registry"), { recursive: true });
    }
  });
});

test("a fit whose loss is no number names its fold and its batch, and leaves nothing behind", async () => {
  const broken = { ...LSTM, learningRate: 1e38, dropout: 0, startPriorDeviation: 0 } as const;
  const epochs: number[] = [];
  const fit = fitOrLoad(dataset, [fold, fold], broken, {
    root,
    onEpoch: ({ epoch }) => epochs.push(epoch),
  });
  await expect(fit).rejects.toThrow(
    /^fold 1 of 2 of simulated BTCUSDT, ETHUSDT: the (loss|gradient) was .* in epoch 1, batch 2 of 3: /,
  );
  expect(epochs).toEqual([]);
  expect(await readTrials(root)).toEqual([]);
  const left = await readdir(root, { recursive: true });
  expect(left.filter((name) => name.includes("models") || name.includes("fold"))).toEqual([]);
});

test("other settings, another seed and other folds are other trials and count", async () => {
  await obtain(LOGISTIC_SETTINGS);
  await obtain({ ...LOGISTIC_SETTINGS, priorDeviations: [0.2] });
  await obtain(LOGISTIC_SETTINGS, 2);
  const shorter = { ...fold, train: fold.train.slice(10) };
  const model = await fitOrLoad(dataset, [shorter], LOGISTIC_SETTINGS, { root });
  expect(model).toMatchObject({ trials: 4, isLoaded: false });
});

test("ledger and bundle count what bad hours took, what of them is tested, and what nobody audited", async () => {
  const isBad = dataset.isBad.map((_, row) => Number([300, 1000].includes(row % 1200)));
  const isAudited = dataset.isAudited.map((_, row) => Number(row % 1200 !== 10));
  const judged = { ...dataset, isBad, isAudited, hash: "judged" };
  const model = await fitOrLoad(judged, [fold, fold], LOGISTIC_SETTINGS, { root });
  // Two symbols and two folds: the bad row itself and the two rows whose labels reach into it.
  const counts = {
    badLeftOutTrain: 4 * 3,
    badLeftOutEarlyStop: 0,
    badLeftOutCalibrate: 0,
    badTestRows: 4,
    unauditedRows: 4,
  };
  expect((await readTrials(root))[0]!.figures).toMatchObject(counts);
  expect(model).toMatchObject({ figures: counts });
  const again = await fitOrLoad(judged, [fold, fold], LOGISTIC_SETTINGS, { root });
  expect(again).toMatchObject({ isLoaded: true, figures: counts });
  expect((again as TrainedModel).folds[0]!.counts.leftOut.train).toEqual({
    badHour: 2,
    badWindow: 0,
    badLabel: 4,
  });
});

test("the base set is a model of its own: of the first 33 features, on the same data", async () => {
  const named = { ...dataset, featureNames: ["log_ret_5", "rsi_14", "ofi_norm"], hash: "named" };
  const obtainNamed = async (settings: TrainingSettings): Promise<TrainedModel> =>
    (await fitOrLoad(named, [fold], settings, { root })) as TrainedModel;
  const full = await obtainNamed(LOGISTIC_SETTINGS);
  const base = await obtainNamed(BASE_LOGISTIC_SETTINGS);
  expect([full.name, base.name]).toEqual(["logistic", "logistic-base"]);
  expect(base.folds[0]!.predictor.featureNames).toEqual(["log_ret_5", "rsi_14"]);
  expect(base.testRows).toEqual(full.testRows);
  const [first, second] = await readTrials(root);
  expect([first!.model, second!.model]).toEqual(["logistic", "logistic-base"]);
  expect(second!.data).toBe(first!.data);
  const again = await obtainNamed(BASE_LOGISTIC_SETTINGS);
  expect([again.isLoaded, facts(again)]).toEqual([true, facts(base)]);
});

test("on the base set's features alone both logistic regressions are one trial, which says what it was fitted on", async () => {
  const narrow = { ...dataset, featureNames: ["log_ret_5", "rsi_14", "close"], hash: "narrow" };
  const obtainNarrow = async (settings: TrainingSettings): Promise<TrainedModel> =>
    (await fitOrLoad(narrow, [fold], settings, { root })) as TrainedModel;
  const first = await obtainNarrow(LOGISTIC_SETTINGS);
  const second = await obtainNarrow(BASE_LOGISTIC_SETTINGS);
  expect([first.name, first.settings]).toEqual(["logistic", BASE_LOGISTIC_SETTINGS]);
  expect([second.isLoaded, second.key, second.settings]).toEqual([true, first.key, first.settings]);
  const trials = await readTrials(root);
  expect(trials.map(({ model, settings }) => [model, settings])).toEqual([
    ["logistic", BASE_LOGISTIC_SETTINGS],
  ]);
});

test("the bundle keeps which prior was taken, and what each of them gave", async () => {
  await obtain(LOGISTIC_SETTINGS);
  const { isLoaded, folds } = await obtain(LOGISTIC_SETTINGS);
  const { priorDeviation, curve } = folds[0]!.penalty!;
  expect(isLoaded).toBe(true);
  expect(curve.map((one) => one.priorDeviation)).toEqual(LOGISTIC_SETTINGS.priorDeviations);
  // One input moves the log-odds by about 1.4: only a loose prior lets it.
  expect(priorDeviation).toBeGreaterThanOrEqual(0.3);
});

test("several folds give one model with the predictions of all of them", async () => {
  const half = fold.test.length / 2;
  const folds = [
    { ...fold, test: fold.test.slice(0, half) },
    { ...fold, test: fold.test.slice(half) },
  ];
  const model = (await fitOrLoad(dataset, folds, LOGISTIC_SETTINGS, { root })) as TrainedModel;
  expect(model.folds).toHaveLength(2);
  expect(model.testRows).toEqual(fold.test);
  expect(model.figures["rows"]).toBe(fold.test.length);
});

test("a fit that is killed goes on from its last epoch and leaves no checkpoint", async () => {
  const killed = fitOrLoad(dataset, [fold], LSTM, {
    root,
    onEpoch: () => {
      throw new Error("killed");
    },
  });
  await expect(killed).rejects.toThrow("killed");
  expect(await readTrials(root)).toEqual([]);
  const checkpoints = path.join(root, "registry", "checkpoints");
  expect(await readdir(checkpoints)).toHaveLength(1);
  const epochs: number[] = [];
  const onEpoch = ({ epoch }: { epoch: number }) => epochs.push(epoch);
  await fitOrLoad(dataset, [fold], LSTM, { root, onEpoch });
  expect(epochs).toEqual([2]);
  expect(await readdir(checkpoints)).toEqual([]);
});

test("too little data records nothing", async () => {
  const tiny = testDataset(100, () => 0.5);
  const result = await fitOrLoad(tiny, [testFold(tiny)], LOGISTIC_SETTINGS, { root });
  expect(isShortfall(result)).toBe(true);
  expect(await readTrials(root)).toEqual([]);
});
