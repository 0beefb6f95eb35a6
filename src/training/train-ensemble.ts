// How do several models become one? Members' calibrators on one half of the calibration slice, weights and calibrator on the other.
import { OptionError } from "../core/errors.js";
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { calibratedLogits, fitCalibrator } from "../models/calibrator.js";
import { type EnsembleMember, inputPlaces } from "../models/ensemble.js";
import { fitEnsembleWeights } from "../models/ensemble-weights.js";
import type { Model } from "../models/model.js";
import { memberLogits, type Predictor, windowSteps } from "../models/predictor.js";
import { identityScaler } from "../models/standard-scaler.js";
import { type CalibrationHalves, calibrationHalves } from "./calibration-halves.js";
import { finishFold } from "./finish-fold.js";
import type { EnsembleFit, FoldFit } from "./fold-fit.js";
import type { EnsembleMemberSettings, EnsembleSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";

/** Rows of a half of the calibration slice below which nothing is fitted on it. */
const MINIMUM_HALF_ROWS = 50;

/**
 * Makes an ensemble of members that were fitted on the fold's earlier slices. Their calibrators are fitted anew on the first half of
 * the calibration slice; on the second, which neither they nor their calibrators have seen, the weights, and the calibrator of what
 * the members say together, whose rows set the threshold of what is acted on. Rows are those that the longest window among the
 * members is there at.
 *
 * @param memberFit - a member as its own trial has it; called in their order
 * @returns the fit; or what is missing
 * @throws {OptionError} a member is an ensemble itself
 */
export async function trainEnsemble(
  dataset: Dataset,
  fold: Fold,
  { members: asked, calibrator }: EnsembleSettings,
  memberFit: (member: EnsembleMemberSettings, k: number) => Promise<FoldFit | Shortfall>,
): Promise<FoldFit | Shortfall> {
  const fits: FoldFit[] = [];
  for (const [k, member] of asked.entries()) {
    const fit = await memberFit(member, k);
    if (isShortfall(fit)) return fit;
    fits.push(fit);
  }
  const steps = Math.max(...fits.map(({ predictor }) => windowSteps(predictor.model)));
  const slices = rowsWithWindow(dataset, fold, steps, "ensemble");
  if (isShortfall(slices)) return slices;
  const halves = calibrationHalves(dataset, slices.rows.calibrate);
  const short = shortHalf(halves);
  if (short !== undefined) return short;
  const calibrated: Member[] = [];
  for (const [k, { predictor }] of fits.entries()) {
    calibrated.push(await calibratedMember(dataset, asked[k]!, predictor, halves.first));
  }
  const weighed = await weighedMembers(dataset, calibrated, halves.second);
  const scaler = identityScaler(dataset.featureNames.length);
  const model = { kind: "ensemble", members: weighed.members } as const;
  const rows = { ...slices.rows, calibrate: halves.second };
  const how = { calibrator, history: [] };
  const fit = await finishFold(dataset, { ...slices, rows }, { scaler, model }, how);
  const ensemble: EnsembleFit = {
    firstRows: halves.first.length,
    purgedRows: halves.purged,
    secondRows: halves.second.length,
    voices: weighed.voices,
  };
  return { ...fit, ensemble };
}

function shortHalf({ first, second }: CalibrationHalves): Shortfall | undefined {
  for (const [half, rows, use] of [
    ["first", first, "its members are calibrated on"],
    ["second", second, "its weights and its own calibrator are fitted on"],
  ] as const) {
    if (rows.length >= MINIMUM_HALF_ROWS) continue;
    const what = `labelled bars in the ${half} half of the calibration slice, which ${use}`;
    const needs = MINIMUM_HALF_ROWS;
    return shortfall({ step: "calibrate the ensemble", what, has: rows.length, needs });
  }
  return undefined;
}

type Member = Omit<EnsembleMember, "weight">;

/** A member with a calibrator of its own kind, fitted on some rows. */
async function calibratedMember(
  dataset: Dataset,
  { name, settings }: EnsembleMemberSettings,
  predictor: Predictor,
  rows: Uint32Array,
): Promise<Member> {
  const fitted = { ...predictor, model: requireSingle(predictor.model, name) };
  const places = inputPlaces(fitted.featureNames, dataset.featureNames);
  const logits = await logitsAt(dataset, { predictor: fitted, places }, rows);
  const calibrator = fitCalibrator(settings.calibrator, logits, outcomesAt(dataset, rows), {
    overlapBars: dataset.horizonBars,
  });
  return { name, places, predictor: { ...fitted, calibrator } };
}

function requireSingle(model: Predictor["model"], name: string): Model {
  if (model.kind !== "ensemble") return model;
  throw new OptionError({
    column: "--members",
    message: `named ${name}, which is an ensemble itself`,
    fix: "name its members instead",
  });
}

async function weighedMembers(
  dataset: Dataset,
  members: readonly Member[],
  rows: Uint32Array,
): Promise<{ readonly members: readonly EnsembleMember[]; readonly voices: readonly number[] }> {
  const said: Float64Array[] = [];
  for (const member of members) {
    const logits = await logitsAt(dataset, member, rows);
    said.push(calibratedLogits(member.predictor.calibrator, logits));
  }
  const weights = fitEnsembleWeights(said, outcomesAt(dataset, rows), {
    overlapBars: dataset.horizonBars,
  });
  const sizes = said.map((logits, k) => weights[k]! * rootMeanSquare(logits));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return {
    members: members.map((member, k) => ({ ...member, weight: weights[k]! })),
    voices: sizes.map((size) => (all > 0 ? size / all : 0)),
  };
}

async function logitsAt(
  { inputs, featureNames }: Dataset,
  member: Pick<EnsembleMember, "predictor" | "places">,
  rows: Uint32Array,
): Promise<Float64Array> {
  return await memberLogits(member, featureNames.length, inputs, rows);
}

function outcomesAt({ outcome }: Dataset, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => outcome[row]!);
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}
