import { describe, expect, test } from "vitest";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { calibrate, fitCalibrator } from "../models/calibrator.js";
import type { Ensemble } from "../models/ensemble.js";
import { predictLogits, predictorToBytes } from "../models/predictor.js";
import { calibrationHalves } from "./calibration-halves.js";
import type { FoldFit } from "./fold-fit.js";
import { foldsFromFiles, foldsToFiles } from "./model-files.js";
import {
  BASE_LOGISTIC_SETTINGS,
  type EnsembleSettings,
  FINAL_SETTINGS,
  LOGISTIC_SETTINGS,
  LSTM_SETTINGS,
  type LstmSettings,
  type MemberSettings,
  MLP_SETTINGS,
  type MlpSettings,
  RULE_SETTINGS,
  TRANSFORMER_SETTINGS,
  type TransformerSettings,
} from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainFold } from "./train-fold.js";

const MLP: MlpSettings = { ...MLP_SETTINGS, units: [4], epochs: 2, batchSize: 256 };
const LSTM: LstmSettings = {
  ...LSTM_SETTINGS,
  ...{ steps: 6, units: 4, batchSize: 256, stride: 3, epochs: 2 },
};

const TRANSFORMER: TransformerSettings = {
  ...TRANSFORMER_SETTINGS,
  ...{ steps: 4, width: 4, heads: 2, layers: 1, feedForward: 4 },
  ...{ batchSize: 256, stride: 3, epochs: 2 },
};

/** Up when the newest value of the first input is positive, three times in four. */
const drawn = testDataset(1600, (first) => (first.at(-1)! > 0 ? 0.75 : 0.25));
/** Names of the catalogue, so that there is a base set, and labels that overlap. */
const market: Dataset = {
  ...drawn,
  featureNames: ["obi_l1", "log_ret_5", "ofi_norm"],
  labelEndUs: drawn.barEndUs.map((endUs) => endUs + 5 * 60e6),
  horizonBars: 5,
};
const fold = purged(market, testFold(market));

/** The fold without rows whose label reaches the test. */
function purged({ labelEndUs, barEndUs }: Dataset, cut: Fold): Fold {
  const beginUs = Math.min(...Array.from(cut.test, (row) => barEndUs[row]!));
  return { ...cut, calibrate: cut.calibrate.filter((row) => labelEndUs[row]! < beginUs) };
}

function settingsOf(...members: readonly MemberSettings[]): EnsembleSettings {
  const named = members.map((settings, k) => ({
    name: `${settings.model}@${k}`,
    seed: 1,
    settings,
  }));
  return { ...FINAL_SETTINGS, model: "ensemble", members: named };
}

const ALL = settingsOf(LOGISTIC_SETTINGS, BASE_LOGISTIC_SETTINGS, MLP, LSTM, TRANSFORMER);
const LINES = settingsOf(LOGISTIC_SETTINGS, { ...BASE_LOGISTIC_SETTINGS, calibrator: "platt" });

function fitted(fit: FoldFit | Shortfall): FoldFit {
  if (isShortfall(fit)) throw new Error(fit.what);
  return fit;
}

async function train(settings: EnsembleSettings, dataset = market, on = fold): Promise<FoldFit> {
  return fitted(await trainFold(dataset, on, settings, 1));
}

function ensembleIn({ predictor: { model } }: FoldFit): Ensemble {
  if (model.kind !== "ensemble") throw new Error(model.kind);
  return model;
}

const bytesOf = ({ predictor }: FoldFit): Uint8Array => predictorToBytes(predictor);

/** The market with the opposite outcomes at some rows. */
function turned(rows: Uint32Array): Dataset {
  const outcome = market.outcome.slice();
  for (const row of rows) outcome[row] = 1 - outcome[row]!;
  return { ...market, outcome };
}

describe("an ensemble of lines and networks", () => {
  test("keeps its members as their own trials have them, but for their calibrators", async () => {
    const { members } = ensembleIn(await train(ALL));
    for (const [k, { settings, seed }] of ALL.members.entries()) {
      const own = fitted(await trainFold(market, fold, settings, seed)).predictor;
      const { calibrator: _, ...rest } = members[k]!.predictor;
      expect({ ...rest, calibrator: own.calibrator }).toEqual(own);
    }
    expect(members[1]!.places).toEqual([1]);
  });

  test("calibrates members on the first half, itself on the second, and asks all at the longest window", async () => {
    const fit = await train(ALL);
    const whole = fold.calibrate.filter((row) => row - market.runStart[row]! >= LSTM.steps - 1);
    const { first, second, purged: left } = calibrationHalves(market, whole);
    expect(fit.calibrateRows).toEqual(second);
    expect(fit.ensemble).toMatchObject({
      firstRows: first.length,
      purgedRows: left,
      secondRows: second.length,
    });
    expect(left).toBe(2 * 5);
    const at = (rows: Uint32Array) => Float64Array.from(rows, (row) => market.outcome[row]!);
    const [line] = ensembleIn(fit).members;
    const logits = await predictLogits(line!.predictor, market.inputs, first);
    expect(line!.predictor.calibrator).toEqual(
      fitCalibrator("temperature", logits, at(first), { overlapBars: 5 }),
    );
    const { calibrator } = fit.predictor;
    expect(fit.calibrateLogits).toEqual(await predictLogits(fit.predictor, market.inputs, second));
    expect(calibrator).toEqual(
      fitCalibrator("temperature", fit.calibrateLogits, at(second), { overlapBars: 5 }),
    );
    expect(fit.probability).toEqual(calibrate(calibrator, fit.testLogits));
    expect(fit.testRows.length).toBe(fold.test.length);
  });

  test("gives the same bytes twice, whether its members are at hand or not, and stays in the bundle", async () => {
    const fit = await train(ALL);
    expect(bytesOf(await train(ALL))).toEqual(bytesOf(fit));
    const members: FoldFit[] = [];
    for (const { settings, seed } of ALL.members) {
      members.push(fitted(await trainFold(market, fold, settings, seed)));
    }
    const given = fitted(await trainFold(market, fold, ALL, 1, { members }));
    expect(given).toEqual(fit);
    expect(foldsFromFiles(foldsToFiles([fit]), "bundle")).toEqual([fit]);
  });

  test("moves in no byte when test rows are others, inputs and outcomes", async () => {
    const inputs = market.inputs.slice();
    for (const row of fold.test) inputs.fill(1e3 * (row % 7), 3 * row, 3 * row + 3);
    const before = await train(ALL);
    const after = await train(ALL, { ...turned(fold.test), inputs });
    expect(bytesOf(after)).toEqual(bytesOf(before));
    expect(after.ensemble).toEqual(before.ensemble);
    expect(after.probability).not.toEqual(before.probability);
  });
});

describe("outcomes of one half of the calibration slice", () => {
  const { first, second } = calibrationHalves(market, fold.calibrate);
  const calibrators = (fit: FoldFit) =>
    ensembleIn(fit).members.map(({ predictor }) => predictor.calibrator);

  test("of the second move weights and the ensemble's calibrator, and none of its members'", async () => {
    const before = await train(LINES);
    const after = await train(LINES, turned(second.filter((_, i) => i % 3 === 0)));
    expect(calibrators(after)).toEqual(calibrators(before));
    expect(after.predictor.calibrator).not.toEqual(before.predictor.calibrator);
    expect(ensembleIn(after).members.map(({ weight }) => weight)).not.toEqual(
      ensembleIn(before).members.map(({ weight }) => weight),
    );
  });

  test("of the first move members' calibrators, and of the rows between them nothing at all", async () => {
    const before = await train(LINES);
    const after = await train(LINES, turned(first.filter((_, i) => i % 3 === 0)));
    expect(calibrators(after)).not.toEqual(calibrators(before));
    const members = (fit: FoldFit) =>
      ensembleIn(fit).members.map(({ predictor: { model, scaler } }) => ({ model, scaler }));
    expect(members(after)).toEqual(members(before));
    const between = fold.calibrate.filter((row) => !first.includes(row) && !second.includes(row));
    expect(between.length).toBe(2 * 5);
    expect(bytesOf(await train(LINES, turned(between)))).toEqual(bytesOf(before));
  });
});

test("of one member it is that member, with its log-odds calibrated twice", async () => {
  const one = settingsOf(LOGISTIC_SETTINGS);
  const fit = await train(one);
  const own = fitted(await trainFold(market, fold, LOGISTIC_SETTINGS, 1));
  const [line] = ensembleIn(fit).members;
  expect(line!.weight).toBe(1);
  expect(fit.ensemble!.voices).toEqual([1]);
  const { temperature } = line!.predictor.calibrator as { temperature: number };
  expect(fit.testLogits).toEqual(own.testLogits.map((logit) => logit / temperature));
});

test("two members of one kind count the same, and a rule on noise has hardly a voice", async () => {
  const alike = ensembleIn(await train(settingsOf(LOGISTIC_SETTINGS, LOGISTIC_SETTINGS)));
  for (const { weight } of alike.members) expect(weight).toBeCloseTo(0.5, 9);
  // The price's own change is noise here, and has nothing to do with the outcome.
  const persistence = RULE_SETTINGS.find(({ model }) => model === "persistence")!;
  const { ensemble } = await train(settingsOf(LOGISTIC_SETTINGS, persistence));
  expect(ensemble!.voices[1]).toBeLessThan(0.1);
  expect(ensemble!.voices[0]! + ensemble!.voices[1]!).toBeCloseTo(1, 12);
});

test("too few rows in a half are a shortfall in words, and so is a member's", async () => {
  const few = { ...fold, calibrate: fold.calibrate.filter((_, i) => i % 7 === 0) };
  expect(await trainFold(market, few, LINES, 1)).toMatchObject({
    kind: "shortfall",
    step: "calibrate the ensemble",
    what: expect.stringMatching(/^labelled bars in the first half of the calibration slice/),
    needs: 50,
  });
  const short = { ...fold, train: fold.train.slice(0, 100) };
  expect(await trainFold(market, short, LINES, 1)).toMatchObject({
    kind: "shortfall",
    step: "train the logistic baseline",
  });
});

test("an ensemble is no member", async () => {
  const inner = await train(LINES);
  const named = { members: [inner] };
  await expect(trainFold(market, fold, settingsOf(LOGISTIC_SETTINGS), 1, named)).rejects.toThrow(
    "--members: named logistic@0, which is an ensemble itself; name its members instead",
  );
});
