// Times are stored as runs of rows that share one: what the decoder has read there, nobody has to look for again.

const starts = new WeakMap<Float64Array, Int32Array>();

/** Remembers at which rows of a column its values change; undefined where that is not known. */
export function rememberRuns(column: Float64Array, rows: Int32Array | undefined): void {
  if (rows === undefined) starts.delete(column);
  else starts.set(column, rows);
}

/**
 * Rows of a column, from 0 on, at which its value is another than in the row before, and behind them the number of rows.
 *
 * @param column - as a reader of the store has given it, unchanged since
 * @returns undefined where that is not known without looking
 */
export function runStarts(column: Float64Array): Int32Array | undefined {
  return starts.get(column);
}
