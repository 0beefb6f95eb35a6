// What does a bundle hold of a trained model? One predictor a fold, its test predictions, and how training went.
import { DataError } from "../core/errors.js";
import { sigmoid } from "../models/logistic.js";
import { predictorFromBytes, predictorToBytes } from "../models/predictor.js";
import { decodeSafetensors, encodeSafetensors, type StoredArray } from "../models/safetensors.js";
import { TRAIN_AGAIN } from "../registry/bundles.js";
import type { PenaltyChoice } from "./choose-penalty.js";
import type { EnsembleFit, Epoch, FoldFit, SliceCounts } from "./fold-fit.js";
import { saidAtUntested, untestedRowsOf } from "./untested-rows.js";

const PREDICTIONS = "predictions.safetensors";

/**
 * The files of a bundle: `fold1.safetensors` and so on, and `predictions.safetensors` with row numbers and log-odds of the
 * calibration and the test slice, and calibrated probabilities of the latter and of the other rows of its time, of every fold.
 */
export function foldsToFiles(folds: readonly FoldFit[]): Readonly<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  const arrays: Record<string, StoredArray> = {};
  const texts: Record<string, string> = { folds: String(folds.length) };
  folds.forEach((fold, i) => {
    const name = `fold${i + 1}`;
    files[`${name}.safetensors`] = predictorToBytes(fold.predictor);
    const columns = {
      calibrate_rows: Float64Array.from(fold.calibrateRows),
      calibrate_logits: fold.calibrateLogits,
      test_rows: Float64Array.from(fold.testRows),
      test_logits: fold.testLogits,
      probability: fold.probability,
      untested_rows: Float64Array.from(fold.untestedRows),
      ...askedColumns(fold),
    };
    for (const [column, values] of Object.entries(columns)) {
      arrays[`${name}.${column}`] = { shape: [values.length], values };
    }
    texts[`${name}.counts`] = JSON.stringify(fold.counts);
    texts[`${name}.history`] = JSON.stringify(fold.history);
    if (fold.penalty !== undefined) texts[`${name}.penalty`] = JSON.stringify(fold.penalty);
    if (fold.ensemble !== undefined) texts[`${name}.ensemble`] = JSON.stringify(fold.ensemble);
  });
  files[PREDICTIONS] = encodeSafetensors({ arrays, texts });
  return files;
}

/**
 * The folds of a bundle's files.
 *
 * @param place - the bundle's name, for errors
 * @throws {DataError} a file is not there or damaged
 */
export function foldsFromFiles(
  files: Readonly<Record<string, Uint8Array>>,
  place: string,
): readonly FoldFit[] {
  const file = (name: string): Uint8Array => files[name] ?? missing(place, name);
  const { arrays, texts } = decodeSafetensors(file(PREDICTIONS), `${place}/${PREDICTIONS}`);
  const values = (name: string): Float64Array =>
    Float64Array.from(arrays[name]?.values ?? missing(place, name));
  return Array.from({ length: Number(texts["folds"]) }, (_, i) => {
    const name = `fold${i + 1}`;
    const testLogits = values(`${name}.test_logits`);
    const untested = {
      rows: Uint32Array.from(values(`${name}.untested_rows`)),
      asked: Uint32Array.from(values(`${name}.asked_rows`)),
    };
    const penalty = texts[`${name}.penalty`];
    const ensemble = texts[`${name}.ensemble`];
    return {
      predictor: predictorFromBytes(file(`${name}.safetensors`), `${place}/${name}.safetensors`),
      counts: JSON.parse(texts[`${name}.counts`] ?? missing(place, name)) as SliceCounts,
      history: historyOf(texts[`${name}.history`] ?? missing(place, name)),
      calibrateRows: Uint32Array.from(values(`${name}.calibrate_rows`)),
      calibrateLogits: values(`${name}.calibrate_logits`),
      testRows: Uint32Array.from(values(`${name}.test_rows`)),
      testLogits,
      rawProbability: testLogits.map(sigmoid),
      probability: values(`${name}.probability`),
      untestedRows: untested.rows,
      untestedProbability: saidAtUntested(untested, values(`${name}.asked_probability`)),
      ...(penalty === undefined ? {} : { penalty: JSON.parse(penalty) as PenaltyChoice }),
      ...(ensemble === undefined ? {} : { ensemble: JSON.parse(ensemble) as EnsembleFit }),
    };
  });
}

/** Bundles from before accuracy was kept have none. */
function historyOf(text: string): readonly Epoch[] {
  const epochs = JSON.parse(text) as readonly (Omit<Epoch, "earlyStopAccuracy"> & Partial<Epoch>)[];
  return epochs.map((epoch) => {
    return { ...epoch, earlyStopAccuracy: epoch.earlyStopAccuracy ?? Number.NaN };
  });
}

/** A bundle holds no NaN, so it names the rows that the model was asked at. */
function askedColumns(fold: FoldFit): {
  readonly asked_rows: Float64Array;
  readonly asked_probability: Float64Array;
} {
  return {
    asked_rows: Float64Array.from(untestedRowsOf(fold).asked),
    asked_probability: fold.untestedProbability.filter((said) => !Number.isNaN(said)),
  };
}

function missing(file: string, name: string): never {
  throw new DataError({
    file,
    message: `had no "${name}"`,
    fix: `delete its bundle.json, ${TRAIN_AGAIN}`,
  });
}
