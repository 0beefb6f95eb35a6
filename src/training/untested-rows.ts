// Where in the test's time is a model asked though it is not tested there, and what did it say?
import type { FoldFit } from "./fold-fit.js";

/** Rows of the test's time that are no test rows to a model, ordered by symbol and time. */
export interface UntestedRows {
  readonly rows: Uint32Array;
  /** Those of them that the model can be asked at. */
  readonly asked: Uint32Array;
}

/** Those of a fit: it was asked where it said something. */
export function untestedRowsOf({
  untestedRows: rows,
  untestedProbability,
}: Pick<FoldFit, "untestedRows" | "untestedProbability">): UntestedRows {
  return { rows, asked: rows.filter((_, i) => !Number.isNaN(untestedProbability[i]!)) };
}

/**
 * What was said, at every untested row.
 *
 * @param said - at each of the asked rows
 * @returns NaN where the model was not asked
 */
export function saidAtUntested({ rows, asked }: UntestedRows, said: Float64Array): Float64Array {
  const places = new Map(Array.from(asked, (row, i) => [row, i]));
  return Float64Array.from(rows, (row) => said[places.get(row) ?? -1] ?? Number.NaN);
}
