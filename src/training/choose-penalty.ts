// How strongly are the weights of a logistic regression to be held back? As predicts best outside of what was fitted.
import { OptionError } from "../core/errors.js";
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { mean, standardDeviation } from "../core/statistics.js";
import type { TimeBlock } from "../dataset/time-blocks.js";
import { baseRate, logLoss } from "../models/logistic.js";
import { type LogisticPoint, type LogisticRows, leastLoss } from "../models/newton.js";

/** How well one prior does. */
export interface PenaltyLoss {
  readonly priorDeviation: number;
  /** Mean log-loss of the blocks that were held out. */
  readonly logLoss: number;
  /** Of that mean, from the differences between blocks. */
  readonly standardError: number;
}

/** The prior that was taken, and what all of them gave. */
export interface PenaltyChoice {
  readonly priorDeviation: number;
  /** In the order of the settings; empty where there was nothing to choose from. */
  readonly curve: readonly PenaltyLoss[];
}

/** A block is judged where at least this share of the rows is left to fit on. */
const LEAST_SHARE = 0.25;
const LEAST_BLOCKS = 2;

/** Share of the loss that is left to gain: differences between priors are many times as large. */
const TOLERANCE = 1e-9;

/**
 * Takes the prior with the least mean log-loss over held-out blocks of time; of equal ones the first. The scaler is that of all
 * rows: it has seen no outcome.
 *
 * @param rows - all that the model will be fitted on
 * @param blocks - called where there is something to choose: which of the rows are held out in turn
 * @param priorDeviations - to choose from
 * @returns the choice; or what is missing
 * @throws {OptionError} a deviation is not positive, or there is none
 * @throws {DataError} an input is not finite
 */
export function choosePenalty(
  rows: LogisticRows,
  blocks: () => readonly TimeBlock[],
  priorDeviations: readonly number[],
): PenaltyChoice | Shortfall {
  requirePositive(priorDeviations);
  if (priorDeviations.length === 1) return { priorDeviation: priorDeviations[0]!, curve: [] };
  const judged = blocks().filter((block) => isJudged(rows, block));
  if (judged.length < LEAST_BLOCKS) {
    const what =
      "blocks of time with enough ups and downs outside of them and of what they overlap";
    const step = "choose the penalty of the logistic regression";
    return shortfall({ step, what, has: judged.length, needs: LEAST_BLOCKS });
  }
  const losses = heldOutLosses(rows, judged, priorDeviations);
  const curve = priorDeviations.map((priorDeviation, c) => ({
    priorDeviation,
    logLoss: mean(losses[c]!),
    standardError: standardDeviation(losses[c]!) / Math.sqrt(judged.length),
  }));
  const { priorDeviation } = curve.reduce((best, one) => (one.logLoss < best.logLoss ? one : best));
  return { priorDeviation, curve };
}

/** Mean log-loss of each block, by prior. A search begins where that of the block before ended, which is near. */
function heldOutLosses(
  rows: LogisticRows,
  blocks: readonly TimeBlock[],
  priorDeviations: readonly number[],
): readonly (readonly number[])[] {
  const ends: LogisticPoint[] = [];
  const losses: number[][] = priorDeviations.map(() => []);
  for (const { isFitted, heldOut } of blocks) {
    const weight = rows.weight.map((value, i) => value * isFitted[i]!);
    const fitted = { ...rows, weight };
    priorDeviations.forEach((deviation, c) => {
      const from = ends[c] ?? ends[c - 1] ?? baseRate(fitted);
      const options = { precision: deviation ** -2, tolerance: TOLERANCE };
      ends[c] = leastLoss(fitted, from, options);
      const logits = rows.design.logits(ends[c].theta);
      losses[c]!.push(meanLoss(logits, rows.outcome, heldOut));
    });
  }
  return losses;
}

function meanLoss(logits: Float64Array, outcome: ArrayLike<number>, places: Uint32Array): number {
  let sum = 0;
  for (const i of places) sum += logLoss(logits[i]!, outcome[i]!);
  return sum / places.length;
}

function isJudged({ outcome }: LogisticRows, { isFitted, heldOut }: TimeBlock): boolean {
  let fitted = 0;
  let ups = 0;
  let downs = 0;
  for (let i = 0; i < isFitted.length; i++) {
    if (isFitted[i] === 0) continue;
    fitted++;
    if (outcome[i]! > 0) ups++;
    if (outcome[i]! < 1) downs++;
  }
  const hasBoth = ups > 0 && downs > 0;
  return heldOut.length > 0 && hasBoth && fitted >= LEAST_SHARE * isFitted.length;
}

function requirePositive(priorDeviations: readonly number[]): void {
  if (priorDeviations.length > 0 && priorDeviations.every((deviation) => deviation > 0)) return;
  throw new OptionError({
    column: "priorDeviations",
    message: `were ${priorDeviations.join(", ") || "none"}, expected positive numbers`,
    fix: "give for example 0.03, 0.1, 0.3",
  });
}
