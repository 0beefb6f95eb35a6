import { describe, expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { fitCalibrator } from "../models/calibrator.js";
import { fitLogistic } from "../models/logistic.js";
import { predictLogits, scaledRows } from "../models/predictor.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { trainLogistic } from "../training/train-logistic.js";
import { type FitFold, fittedBytesMove } from "./invariance.js";
import { testMarket } from "./test-market.js";

const fitBaseline: FitFold = (dataset, fold) => trainLogistic(dataset, fold, LOGISTIC_SETTINGS);

const market = testMarket(2400, { horizonBars: 15 });

function foldsOf(dataset: Dataset, folds = 1): readonly Fold[] {
  const cut = walkForwardFolds(dataset, { folds });
  if (isShortfall(cut)) throw new Error(cut.what);
  return cut;
}

/** The logistic baseline, with the rows that scaler and calibrator are fitted on left to the caller. */
function leakyFit(
  rowsOf: (dataset: Dataset, fold: Fold) => { scaler?: Uint32Array; calibrator?: Uint32Array },
): FitFold {
  return async (dataset, fold) => {
    const { inputs, outcome, featureNames, horizonBars: overlapBars } = dataset;
    const { scaler: scaled = fold.train, calibrator: calibrated = fold.calibrate } = rowsOf(
      dataset,
      fold,
    );
    const outcomes = (rows: Uint32Array): Float64Array =>
      Float64Array.from(rows, (row) => outcome[row]!);
    const scaler = fitStandardScaler(inputs, featureNames, scaled);
    const model = await fitLogistic(
      {
        inputs: scaledRows(scaler, inputs, fold.train),
        outcome: outcomes(fold.train),
        names: featureNames,
        overlapBars,
      },
      0.1,
    );
    const logits = await predictLogits({ scaler, model }, inputs, calibrated);
    const calibrator = fitCalibrator("platt", logits, outcomes(calibrated), { overlapBars });
    return { predictor: { featureNames, scaler, model, calibrator } };
  };
}

/** Rows of a slice and those that purging took from its end. */
function unpurged({ rows, barEndUs, isUsable }: Dataset, slice: Uint32Array, next: Uint32Array) {
  const [first, last] = [barEndUs[slice[0]!]!, barEndUs[next[0]!]!];
  return Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => isUsable[row] === 1 && barEndUs[row]! >= first && barEndUs[row]! < last,
  );
}

describe("altering test rows", () => {
  test("changes no fitted byte of any fold", async () => {
    for (const fold of foldsOf(market, 3)) {
      expect(await fittedBytesMove(market, fold, fitBaseline)).toEqual([]);
    }
    expect(
      await fittedBytesMove(
        market,
        foldsOf(market)[0]!,
        leakyFit(() => ({})),
      ),
    ).toEqual([]);
  });

  test("moves the calibrator, and it alone, when its slice is not purged", async () => {
    const [fold] = foldsOf(market);
    const calibrate = unpurged(market, fold!.calibrate, fold!.test);
    expect(calibrate.length).toBe(fold!.calibrate.length + 2 * 15);
    const moved = await fittedBytesMove(market, { ...fold!, calibrate }, fitBaseline);
    expect(moved).toEqual(["calibrator.temperature"]);
  });

  test("moves the weights when a single training label reaches into the test", async () => {
    const [fold] = foldsOf(market);
    const firstUs = market.barEndUs[fold!.test[0]!]!;
    const reaching = unpurged(market, fold!.train, fold!.test).filter(
      (row) => market.barEndUs[row]! + 15 * market.barUs >= firstUs,
    );
    expect(reaching.length).toBe(2 * 15);
    for (const row of reaching) {
      const train = Uint32Array.from([...fold!.train, row]).sort();
      const moved = await fittedBytesMove(market, { ...fold!, train }, fitBaseline);
      expect(moved).toContain("logistic.weights");
      expect(moved).not.toContain("scaler.mean");
    }
  });

  test("moves all that is fitted on inputs of the next bar, though the purge keeps them out of the test", async () => {
    const ahead: FitFold = (dataset, fold) => {
      const inputs = dataset.inputs.slice();
      inputs.copyWithin(0, dataset.featureNames.length);
      return fitBaseline({ ...dataset, inputs }, fold);
    };
    for (const fold of foldsOf(market, 3)) {
      expect(await fittedBytesMove(market, fold, ahead)).toContain("calibrator.temperature");
    }
  });

  test("moves the scaler when it is fitted on all rows", async () => {
    const leak = leakyFit((dataset) => ({
      scaler: Uint32Array.from({ length: dataset.rows }, (_, row) => row),
    }));
    const moved = await fittedBytesMove(market, foldsOf(market)[0]!, leak);
    expect(moved).toEqual(expect.arrayContaining(["scaler.mean", "scaler.deviation"]));
  });

  test("moves the calibrator when it is fitted on the test slice", async () => {
    const leak = leakyFit((_, fold) => ({ calibrator: fold.test }));
    const moved = await fittedBytesMove(market, foldsOf(market)[0]!, leak);
    expect(moved).toEqual(["calibrator.slope_shift"]);
  });

  test("moves the calibrator when labels reach a bar further than they say", async () => {
    const late = testMarket(2400, { horizonBars: 16, latencyUs: 0 });
    const stated = {
      ...late,
      labelEndUs: late.labelEndUs.map((time) => time - late.barUs),
    };
    const moved = await fittedBytesMove(stated, foldsOf(stated)[0]!, fitBaseline);
    expect(moved).toContain("calibrator.temperature");
    expect(await fittedBytesMove(late, foldsOf(late)[0]!, fitBaseline)).toEqual([]);
  });
});

test("labels that end early are judged by how they are made", async () => {
  // Of 15 bars ahead labels look at 10 only, and their ends say so: nothing leaks, whatever the horizon is called.
  const early = testMarket(2400, { horizonBars: 10 });
  const named = { ...early, horizonUs: 15 * early.barUs, horizonBars: 15 };
  const [fold] = foldsOf(named);
  const makeLabels = ({ entryPrice }: Dataset) => {
    const { outcome, labelReturn, labelEndUs } = named;
    const at = (row: number): number => Math.log(entryPrice[row + 10]! / entryPrice[row]!);
    return {
      outcome: outcome.map((value, row) =>
        Number.isNaN(value) ? value : (1 + Math.sign(at(row))) / 2,
      ),
      labelReturn: labelReturn.map((value, row) => (Number.isNaN(value) ? value : at(row))),
      labelEndUs,
    };
  };
  expect(await fittedBytesMove(named, fold!, fitBaseline, { makeLabels })).toEqual([]);
  expect(await fittedBytesMove(named, fold!, fitBaseline)).not.toEqual([]);
});

test("labels of a horizon between bars are judged by their ends", async () => {
  const soon = { ...testMarket(2400, { horizonBars: 1 }), horizonUs: 90e6, horizonBars: 2 };
  const labelled = { ...soon, labelEndUs: soon.barEndUs.map((time) => time + 90e6) };
  const [fold] = foldsOf(labelled);
  expect(await fittedBytesMove(labelled, fold!, fitBaseline)).toEqual([]);
  const last = fold!.test[0]! - 1;
  const leaking = { ...fold!, train: Uint32Array.of(...fold!.train, last) };
  expect(await fittedBytesMove(labelled, leaking, fitBaseline)).not.toEqual([]);
});

test("a fit that lacks data says so", async () => {
  const [fold] = foldsOf(market);
  const answer = await fittedBytesMove(
    market,
    { ...fold!, train: new Uint32Array(3) },
    fitBaseline,
  );
  expect(isShortfall(answer)).toBe(true);
});
