// May this model be promoted? Every gate says pass, fail or undecided; only a pass lets through.

import type { Uncertainty } from "../core/block-bootstrap.js";
import { counted } from "../core/counted.js";
import { FEWEST_BLOCKS } from "../core/few-blocks.js";
import { type Gate, type GateVerdict, gatesVerdict, measured, plain } from "../core/gate.js";
import { LEAST_EVIDENCE } from "../registry/pass-evidence.js";
import type { CalibrationRows } from "./calibration-rows.js";
import { namesText } from "./canaries/canary-shortfall.js";
import { deflatedSharpeGate, type SharpeGateInput, sharpeGate } from "./sharpe-gates.js";

export type { Gate, GateVerdict } from "../core/gate.js";

/** How all gates together came out; on labels that are bounce-prone they are not evaluated. */
export type OverallVerdict = GateVerdict | "not evaluated";

/** A calibration error with what it rests on, all of the same rows. */
export interface JudgedCalibration extends CalibrationRows {
  readonly calibrationError: Uncertainty;
}

/** What gates look at; all of it measured on the test rows. */
export interface GateInput extends JudgedCalibration, SharpeGateInput {
  readonly model: string;
  readonly labelKind: "mid" | "close";
  /** Blocks of time that the test rows fill, and those of them that are acted on. */
  readonly blocks: number;
  readonly actedBlocks: number;
  /** On the rows that are acted on. */
  readonly accuracy: Uncertainty;
  /** Share of test rows that are acted on, by a threshold that was fixed before the test. */
  readonly coverage: number;
  /** Accuracy less that of the majority class, paired. */
  readonly aboveMajority: Uncertainty;
  /** Accuracy less that of the logistic baseline, paired; absent for the baseline itself. */
  readonly aboveLogistic?: Uncertainty;
  /** Of the rows that are acted on. */
  readonly majorityRate: number;
  /** Accuracy at which trading each of these rows pays its costs. */
  readonly breakEvenAccuracy: number;
  readonly brierSkill: Uncertainty;
  /** The same of the rows that are acted on; absent where these are all. */
  readonly actedCalibration?: JudgedCalibration;
  /** Share of the traded rows, with a label or without, in hours that the audit calls bad. */
  readonly badShare: number;
  /** Traded rows, and rows that the model was fitted on, that no audit has judged. */
  readonly unauditedRows: number;
  readonly unauditedFittedRows: number;
  /** Canaries that scored as they must, and how many ran; none ran counts as undecided. */
  readonly canariesRight: number;
  readonly canaries: number;
  /** Names of canaries that were to be run and were not: what was not tried must not count as right. */
  readonly canariesNotRun: readonly string[];
}

const LABEL_IS_MID = "label-is-mid";
const REQUIRED_ACCURACY = 0.68;
const ALLOWED_CALIBRATION_ERROR = 0.05;

/**
 * Evaluates all gates.
 *
 * @returns gates in the order they are printed
 */
export function evaluateGates(input: GateInput): readonly Gate[] {
  const gates = [
    labelIsMid(input),
    withReason(accuracyGate(input), input.actedBlocks),
    calibrationGate(input),
    sharpeGate(input),
    deflatedSharpeGate(input),
    ...[
      positive("better-than-majority", "accuracy above the majority class", input.aboveMajority),
      ...logisticGate(input),
      positive("brier-skill", "Brier skill over the base rate above 0", input.brierSkill),
    ].map((gate) => withReason(gate, input.blocks)),
    dataGate(input),
    canaryGate(input),
  ];
  if (input.labelKind === "mid") return gates;
  return gates.map((gate) =>
    gate.name === LABEL_IS_MID
      ? gate
      : { ...gate, verdict: "undecided", reason: "not evaluated: the label is bounce-prone" },
  );
}

/** Not evaluated on labels that are no mids, else what all gates together say. */
export function overallVerdict(gates: readonly Gate[]): OverallVerdict {
  if (gates.some(({ name, verdict }) => name === LABEL_IS_MID && verdict === "fail")) {
    return "not evaluated";
  }
  return gatesVerdict(gates);
}

function labelIsMid({ labelKind }: GateInput): Gate {
  const isMid = labelKind === "mid";
  const gate = plain(
    LABEL_IS_MID,
    "labels are made of mids, not of trade closes",
    Number(isMid),
    1,
  );
  return isMid ? gate : { ...gate, reason: "BOUNCE-PRONE: labels are on trade closes" };
}

function accuracyGate(input: GateInput): Gate {
  const { accuracy, coverage, majorityRate, breakEvenAccuracy } = input;
  const floor = Math.max(majorityRate, breakEvenAccuracy);
  const rule =
    "accuracy ≥ 68 % on the bars that are acted on, at least 5 % of all; lower bound above base rate and break-even";
  const margin = accuracy.estimate - REQUIRED_ACCURACY;
  const gate = measured("accuracy", rule, accuracy, margin, () => {
    if (margin < 0 || coverage < LEAST_EVIDENCE.coverage) return "fail";
    return accuracy.lower > floor && coverage >= LEAST_EVIDENCE.coverage ? "pass" : "undecided";
  });
  const beside = `coverage ${percent(coverage)}, base rate ${percent(majorityRate)}, break-even ${breakEvenText(breakEvenAccuracy)}`;
  if (!(coverage < LEAST_EVIDENCE.coverage)) return { ...gate, beside };
  return { ...gate, beside, reason: `acts on ${percent(coverage)} of bars` };
}

/** Where costs are more than the mean move, no accuracy pays for them. */
export function breakEvenText(accuracy: number): string {
  return accuracy > 1 ? `${percent(accuracy)}, which cannot be reached` : percent(accuracy);
}

/** The worse of what is stated on all rows and of what is stated where money acts; of two alike the greater error. */
function calibrationGate(input: GateInput): Gate {
  const all = withReason(calibrationGateOf(input), input.blocks);
  if (input.actedCalibration === undefined) return all;
  const acted = withReason(calibrationGateOf(input.actedCalibration), input.actedBlocks);
  const beside = `${acted.beside} on the bars that are acted on`;
  const [worse] = [all, { ...acted, beside }].sort(
    (a, b) => RANK[a.verdict] - RANK[b.verdict] || a.margin - b.margin,
  );
  return worse!;
}

const RANK: Readonly<Record<GateVerdict, number>> = { fail: 0, undecided: 1, pass: 2 };

function calibrationGateOf(judged: JudgedCalibration): Gate {
  const { calibrationError, calibrationRows, calibrationNoiseFloor } = judged;
  const rule = `calibration error in 10 equal-mass bins ≤ 5 % on at least ${LEAST_EVIDENCE.calibrationRows} effective rows`;
  const margin = ALLOWED_CALIBRATION_ERROR - calibrationError.estimate;
  const beside = `noise floor ${percent(calibrationNoiseFloor)}`;
  const found = measured("calibration-error", rule, calibrationError, margin, () => {
    if (!(calibrationRows >= LEAST_EVIDENCE.calibrationRows)) return "undecided";
    return margin >= 0 ? "pass" : "fail";
  });
  const gate = { ...found, beside };
  if (calibrationRows >= LEAST_EVIDENCE.calibrationRows) return gate;
  return { ...gate, reason: counted(Math.floor(calibrationRows), "effective row") };
}

function logisticGate({ aboveLogistic }: GateInput): readonly Gate[] {
  if (aboveLogistic === undefined) return [];
  const rule = "accuracy above the logistic baseline";
  const gate = positive("better-than-logistic", rule, aboveLogistic);
  if (!Number.isNaN(aboveLogistic.estimate)) return [gate];
  return [{ ...gate, reason: "no logistic baseline is evaluated beside it" }];
}

/** A bad hour in the test fails, whatever else is not known; what nobody has audited may be bad too. */
function dataGate({ badShare, unauditedRows, unauditedFittedRows }: GateInput): Gate {
  const rule =
    "every row is audited, and none that is traded lies in an hour that the audit calls bad";
  const gate = plain("data-not-bad", rule, badShare, 0);
  if (gate.verdict !== "pass" || unauditedRows + unauditedFittedRows === 0) return gate;
  const reason = `never audited: ${counted(unauditedRows, "traded row")}, ${counted(unauditedFittedRows, "fitted row")}`;
  return { ...gate, verdict: "undecided", reason };
}

function canaryGate({ canaries, canariesRight, canariesNotRun }: GateInput): Gate {
  const share = canaries > 0 ? canariesRight / canaries : Number.NaN;
  const gate = plain("canaries", "every canary scores as it must", share, 1);
  if (canariesNotRun.length === 0 || gate.verdict === "fail") return gate;
  const notRun = counted(canariesNotRun.length, "canary", "canaries");
  const reason = `${notRun} not run: ${namesText({ canaries: canariesNotRun })}`;
  return { ...gate, verdict: "undecided", reason };
}

/** Says why a figure is without an interval, where its gate does not say anything else. */
function withReason(gate: Gate, blocks: number): Gate {
  const { value, lower, reason } = gate;
  if (reason !== undefined || !Number.isFinite(value) || Number.isFinite(lower)) return gate;
  if (!(blocks < FEWEST_BLOCKS)) return { ...gate, reason: "some resamples lack the figure" };
  // Never rounded up to what it takes.
  const filled = (Math.floor(10 * blocks) / 10).toFixed(1);
  return {
    ...gate,
    reason: `no interval: the rows fill ${filled} blocks of time, and it takes ${FEWEST_BLOCKS}`,
  };
}

/** A figure that must be above 0 beyond its interval. */
function positive(name: string, rule: string, figure: Uncertainty): Gate {
  return measured(name, `${rule}, beyond its interval`, figure, figure.estimate, () => {
    if (figure.estimate <= 0) return "fail";
    return figure.lower > 0 ? "pass" : "undecided";
  });
}

function percent(ratio: number): string {
  return Number.isFinite(ratio) ? `${(100 * ratio).toFixed(1)} %` : "unknown";
}
