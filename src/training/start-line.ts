import type { Dataset } from "../dataset/matrix.js";
import { fitLogistic, type Logistic } from "../models/logistic.js";
import { scaledRows } from "../models/predictor.js";
import type { StandardScaler } from "../models/standard-scaler.js";

/**
 * The line through a row's own inputs that a network starts from, so that it learns what more it knows than a line.
 *
 * @param train - rows it is fitted on
 * @param priorDeviation - of its weights; 0: no line
 * @throws {DataError} all outcomes are the same
 */
export async function startLine(
  { inputs, outcome, featureNames: names, horizonBars: overlapBars }: Dataset,
  scaler: StandardScaler,
  train: Uint32Array,
  priorDeviation: number,
): Promise<Logistic | undefined> {
  if (priorDeviation === 0) return undefined;
  const rows = {
    inputs: scaledRows(scaler, inputs, train),
    outcome: Float64Array.from(train, (row) => outcome[row]!),
  };
  return await fitLogistic({ ...rows, names, overlapBars }, priorDeviation);
}
