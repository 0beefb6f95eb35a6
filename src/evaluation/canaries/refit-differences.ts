// In what do two fits of the same fold differ?
import { concatenate } from "../../core/columns.js";
import { mean } from "../../core/statistics.js";
import { calibrate } from "../../models/calibrator.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { fittedParts } from "../invariance.js";

/** Probabilities that are no surer than this are noise. */
const LEAST_SURENESS = 0.02;

/** Names of the parts of two fits that are not the same to the bit. */
export function refitDifferences(a: FoldFit, b: FoldFit): readonly string[] {
  const [before, after] = [partsOf(a), partsOf(b)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}

function partsOf(fit: FoldFit): ReadonlyMap<string, string> {
  return new Map([
    ...fittedParts(fit.predictor),
    ["penalty", JSON.stringify(fit.penalty ?? {})],
    ["halves of the calibration slice", JSON.stringify(fit.ensemble ?? {})],
    ["learning curve", JSON.stringify(fit.history)],
    ["calibration rows", hex(fit.calibrateRows)],
    ["log-odds of the calibration slice", hex(fit.calibrateLogits)],
    ["test rows", hex(fit.testRows)],
    ["log-odds of the test", hex(fit.testLogits)],
    ["probabilities of the test", hex(fit.probability)],
    ["probabilities of other rows of the test's time", hex(fit.untestedProbability)],
  ]);
}

function hex({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

/** How far two fits' probabilities lie apart, in shares of how far the first's lie from one half. */
export function refitDistance(a: FoldFit, b: FoldFit): number {
  if (hex(a.testRows) !== hex(b.testRows)) return Number.POSITIVE_INFINITY;
  const [ours, theirs] = [probabilitiesOf(a), probabilitiesOf(b)];
  const size = Math.max(LEAST_SURENESS, rootMeanSquare(ours.map((p) => p - 0.5)));
  return rootMeanSquare(ours.map((p, i) => p - theirs[i]!)) / size;
}

function probabilitiesOf({ predictor, calibrateLogits, probability }: FoldFit): Float64Array {
  return concatenate([calibrate(predictor.calibrator, calibrateLogits), probability]);
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}
