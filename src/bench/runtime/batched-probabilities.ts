// Does a model say the same row by row, as it runs, and for many rows at once, as it was trained and evaluated?
import { predictProbability } from "../../models/predictor.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { sideOf } from "../../trading/side.js";
import { batchSignals } from "./batch-signals.js";
import { askableRows, matrixOf, type StoredStream } from "./stored-inputs.js";

/** What was found of a model. */
export interface BatchedFindings {
  readonly rows: number;
  /** Rows of which the probabilities differ in any bit, and by how much at most. */
  readonly differing: number;
  readonly largest: number;
  /** Rows on which a side would be taken by one of both, and not by the other, or another side. */
  readonly otherSides: number;
  /** Rows that only one of both may be asked at. */
  readonly otherRows: number;
}

/**
 * Asks a model both ways at the bars of a symbol's replayed days.
 *
 * @param bars - of those days
 */
export async function batchedProbabilities(
  model: LiveModel,
  stream: StoredStream,
  bars: number,
): Promise<BatchedFindings> {
  const { rows, parts } = stream;
  const { threshold } = model.profile;
  const before = parts[0]!.to;
  const matrix = matrixOf(stream, model.predictor.featureNames);
  const all = askableRows(matrix, model.steps);
  const asked = all.filter((row) => row >= before && row < before + bars);
  const batched = await predictProbability(model.predictor, matrix.inputs, asked);
  const places = new Map([...asked].map((row, i) => [row, i]));
  const found = { rows: asked.length, differing: 0, largest: 0, otherSides: 0, otherRows: 0 };
  const singly = await batchSignals(model, stream, bars);
  for (const [i, row] of rows.slice(before, before + bars).entries()) {
    const { probability } = singly.get(row.barEndUs)!.signal;
    const other = batched[places.get(before + i) ?? -1] ?? Number.NaN;
    if (Number.isNaN(probability) !== Number.isNaN(other)) found.otherRows++;
    if (Object.is(probability, other)) continue;
    found.differing++;
    found.largest = Math.max(found.largest, Math.abs(probability - other));
    if (sideOf(probability, threshold) !== sideOf(other, threshold)) found.otherSides++;
  }
  return found;
}
