// What would the best filter of public events have made of a horizon's test? Only the simulator can tell.
import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import type { Store } from "../store/store.js";
import { chosenSideValue } from "./accuracy.js";
import { readTruth, untoldTruth } from "./truth.js";

/** What the best filter of public events would have reached on the same rows; only of simulated data. */
export interface AttainableHorizon {
  /** By the true probabilities of the sides that it takes. */
  readonly accuracy: number;
  /** Of its sides, on the returns that came. */
  readonly edgeBps: number;
}

/** What is attainable, or why that is not known; neither of real data. */
export interface AttainableOrWhy {
  readonly attainable?: AttainableHorizon;
  /** Why the simulator's truth does not tell it; a clause. */
  readonly untold?: string;
}

/**
 * Reads what is attainable on a model's test rows. All of them or none: a mean over some of them would stand beside a model's
 * that is over others.
 *
 * @param returnBps - of each row, bps
 * @throws {DataError} a partition is damaged
 */
export async function attainableHorizon(
  store: Store,
  dataset: Dataset,
  rows: Uint32Array,
  returnBps: Float64Array,
): Promise<AttainableOrWhy> {
  const untold = untoldTruth(dataset);
  if (untold !== undefined) return { untold };
  const truth = await readTruth(store, dataset);
  if (truth === undefined) return {};
  const { oracleUp, attainableUp } = truth;
  const told = rows.filter((row) => !Number.isNaN(oracleUp[row]! + attainableUp[row]!)).length;
  if (told < rows.length) {
    const [has, needs] = [told, rows.length].map((count) => count.toLocaleString("en-US"));
    return { untold: `the store holds the truth of ${has} of ${needs} test rows` };
  }
  const score = Float64Array.from(rows, (row) =>
    chosenSideValue(attainableUp[row]!, oracleUp[row]!),
  );
  const earned = returnBps.map((bps, i) => Math.sign(attainableUp[rows[i]!]! - 0.5) * bps);
  return { attainable: { accuracy: mean(score), edgeBps: mean(earned) } };
}
