import type { Predicted } from "./group-accuracy.js";

/**
 * Predictions on the rows that every model predicted, so that all are measured on the same ones.
 *
 * @param predictions - one entry a model; whatever else an entry holds is kept
 * @returns the rows in ascending order, and the entries with these rows and the probabilities at them
 */
export function onCommonRows<Entry extends Predicted>(
  predictions: readonly Entry[],
): { readonly rows: Uint32Array; readonly models: readonly Entry[] } {
  const rows = commonRows(predictions);
  const models = predictions.map((entry) => ({ ...entry, rows, probability: at(rows, entry) }));
  return { rows, models };
}

function commonRows(models: readonly Predicted[]): Uint32Array {
  const [first, ...others] = models;
  if (first === undefined) return new Uint32Array(0);
  const sets = others.map(({ rows }) => new Set(rows));
  return first.rows.filter((row) => sets.every((set) => set.has(row))).sort();
}

function at(rows: Uint32Array, predicted: Predicted): Float64Array {
  const place = new Map(Array.from(predicted.rows, (row, i) => [row, i]));
  return Float64Array.from(rows, (row) => predicted.probability[place.get(row)!]!);
}
