// How much could be known at all? In simulation the true probabilities are on file.
import { requireSameLength } from "../core/columns.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import { chosenSideValue } from "./accuracy.js";

/** True probabilities of "up" for n rows: given the hidden state, and given all public events. */
export interface Truth {
  readonly oracleUp: Float64Array;
  readonly attainableUp: Float64Array;
}

/** Accuracies by true probability: no luck in them, so far less noise than in counted hits. */
export interface Ceilings {
  /** Of the side that the hidden state makes more probable. */
  readonly oracle: number;
  /** Of the side that the best filter of public events chooses. */
  readonly attainable: number;
  /** Of the side that the model chose. */
  readonly model: number;
  readonly oracleMinusAttainable: number;
  readonly attainableMinusModel: number;
  /** (model − ½) / (attainable − ½); NaN where nothing is attainable. */
  readonly attainableShare: number;
}

/** Below this there is nothing to take a share of. */
const SMALLEST_EDGE = 0.002;

/**
 * Scores a model by the true probability of the sides it chose, beside what could be reached.
 *
 * @param probability - n probabilities of "up" from the model
 * @param truth - the same rows' true probabilities; a missing one makes the figures missing
 * @throws {ShapeError} the lengths differ
 */
export function ceilings(probability: ArrayLike<number>, truth: Truth): Ceilings {
  return weightedCeilings(probability, truth)(new Uint32Array(probability.length).fill(1));
}

/** The same where each row counts as often as its weight says. */
export function weightedCeilings(
  probability: ArrayLike<number>,
  { oracleUp, attainableUp }: Truth,
): (weight: Uint32Array) => Ceilings {
  requireSameLength({ probability, oracleUp, attainableUp });
  const scores = (side: ArrayLike<number>): Float64Array =>
    oracleUp.map((up, i) => chosenSideValue(side[i]!, up));
  const columns = [oracleUp, attainableUp, probability].map(scores);
  return (weight) => {
    const rows = totalWeight(weight);
    const [oracle, attainable, model] = columns.map((score) => weightedSum(weight, score) / rows);
    return ceilingsOf(oracle!, attainable!, model!);
  };
}

function ceilingsOf(oracle: number, attainable: number, model: number): Ceilings {
  return {
    oracle,
    attainable,
    model,
    oracleMinusAttainable: oracle - attainable,
    attainableMinusModel: attainable - model,
    attainableShare: attainableShare(model, attainable),
  };
}

/** Share of what is attainable beyond a coin that a model reaches, from accuracies; NaN where nothing is attainable. */
export function attainableShare(model: number, attainable: number): number {
  const edge = attainable - 0.5;
  return edge > SMALLEST_EDGE ? (model - 0.5) / edge : Number.NaN;
}
