// What do several models say together? The weighted mean of their calibrated log-odds.
import type { Model } from "./model.js";
import type { Predictor } from "./predictor.js";

/** A model as an ensemble keeps it: all that was fitted of it, and how much it counts. */
export interface EnsembleMember {
  /** What people call the trial that fitted it: `logistic@0a1b2c3d4e5f`. */
  readonly name: string;
  /** From 0; those of all members add up to 1. */
  readonly weight: number;
  readonly predictor: Predictor<Model>;
  /** Places of its inputs among the ensemble's. */
  readonly places: readonly number[];
}

/** Models that are asked at the same rows; the ensemble's own calibrator comes after their mean. */
export interface Ensemble {
  readonly kind: "ensemble";
  readonly members: readonly EnsembleMember[];
}

/**
 * The weighted mean of log-odds, a logarithmic pool.
 *
 * @param weights - one for each member
 * @param logits - n calibrated log-odds of each member
 * @returns n log-odds; the mean of members that know different things is too timid, and a calibrator has to follow
 * @see Satopää et al. (2014), Combining multiple probability predictions using a simple logit model
 */
export function pooledLogits(
  weights: ArrayLike<number>,
  logits: readonly Float64Array[],
): Float64Array {
  const pooled = new Float64Array(logits[0]?.length ?? 0);
  logits.forEach((own, k) => {
    const weight = weights[k]!;
    for (let i = 0; i < pooled.length; i++) pooled[i]! += weight * own[i]!;
  });
  return pooled;
}

/**
 * Places of a member's inputs among the ensemble's.
 *
 * @returns −1 where the ensemble has no input of that name
 */
export function inputPlaces(own: readonly string[], among: readonly string[]): readonly number[] {
  return own.map((name) => among.indexOf(name));
}

/** Rows to predict at, and the inputs that they count in. */
export interface AskedRows {
  /** Rows × inputs, row by row. */
  readonly inputs: Float32Array;
  readonly rows: Uint32Array;
}

/**
 * Windows of a member's own inputs; a member that reads all inputs in their order gets them as they are.
 *
 * @param width - inputs of the ensemble
 * @param places - of the member's inputs among them
 * @param steps - rows of its window
 */
export function memberRows(
  { inputs, rows }: AskedRows,
  width: number,
  places: readonly number[],
  steps: number,
): AskedRows {
  if (places.length === width && places.every((place, j) => place === j)) return { inputs, rows };
  const own = new Float32Array(rows.length * steps * places.length);
  let at = 0;
  for (const row of rows) {
    for (let back = steps - 1; back >= 0; back--) {
      for (const place of places) own[at++] = inputs[(row - back) * width + place]!;
    }
  }
  return { inputs: own, rows: rows.map((_, i) => (i + 1) * steps - 1) };
}
