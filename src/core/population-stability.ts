// Has what a model is fed moved away from what it was trained on?

/** Half a row in each bin, so that an empty one is unlikely and not impossible. */
const PSEUDO_ROWS = 0.5;

/**
 * Bin of a value: how many of the edges it lies above.
 *
 * @param edges - of many inputs; those of this one, rising, are the places [from, from + count)
 */
export function binOf(edges: Float64Array, from: number, count: number, value: number): number {
  let bin = 0;
  while (bin < count && value > edges[from + bin]!) bin++;
  return bin;
}

/**
 * Population stability index: Σ (a − e)·ln(a / e) over bins, of actual and expected shares. Below 0.1 is usually called
 * stable, above 0.25 a shift.
 *
 * @param expected - counts of many inputs; those of this one are the places [from, from + bins)
 * @param actual - the same of what is seen now
 * @returns 0 or more; NaN where one of them has no rows
 * @see Siddiqi (2006), Credit Risk Scorecards
 */
export function stabilityIndex(
  expected: Float64Array,
  actual: Float64Array,
  from: number,
  bins: number,
): number {
  let expectedRows = 0;
  let actualRows = 0;
  for (let i = from; i < from + bins; i++) {
    expectedRows += expected[i]!;
    actualRows += actual[i]!;
  }
  if (expectedRows === 0 || actualRows === 0) return Number.NaN;
  let index = 0;
  for (let i = from; i < from + bins; i++) {
    const e = (expected[i]! + PSEUDO_ROWS) / (expectedRows + PSEUDO_ROWS * bins);
    const a = (actual[i]! + PSEUDO_ROWS) / (actualRows + PSEUDO_ROWS * bins);
    index += (a - e) * Math.log(a / e);
  }
  return index;
}
