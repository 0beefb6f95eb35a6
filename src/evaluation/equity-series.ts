/** Equity after each bar, less the capital and as a share of it. */
export interface EquitySeries {
  /** Distinct ends of bars, ascending. */
  readonly timeUs: Float64Array;
  /** As if every fill had been at the mid of its time, without fees and funding. */
  readonly gross: Float64Array;
  readonly net: Float64Array;
}

/**
 * Adds up what the symbols' rows of one time earned, and then over time.
 *
 * @param times - of n rows; ascending within each symbol
 * @param gross - n: what each row added
 * @param net - n
 */
export function equitySeries(
  times: Float64Array,
  gross: Float64Array,
  net: Float64Array,
): EquitySeries {
  const timeUs = distinctTimes(times);
  const sums = { gross: new Float64Array(timeUs.length), net: new Float64Array(timeUs.length) };
  let i = 0;
  for (let row = 0; row < times.length; row++) {
    const time = times[row]!;
    if (timeUs[i]! > time) i = 0;
    while (timeUs[i]! < time) i++;
    sums.gross[i]! += gross[row]!;
    sums.net[i]! += net[row]!;
  }
  for (let k = 1; k < timeUs.length; k++) {
    sums.gross[k]! += sums.gross[k - 1]!;
    sums.net[k]! += sums.net[k - 1]!;
  }
  return { timeUs, ...sums };
}

/** Each time once, ascending. */
export function distinctTimes(times: Float64Array): Float64Array {
  return times
    .slice()
    .sort()
    .filter((time, i, sorted) => i === 0 || time !== sorted[i - 1]);
}
