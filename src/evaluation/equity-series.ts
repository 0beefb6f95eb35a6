/** Equity after each bar, less the capital and as a share of it. */
export interface EquitySeries {
  /** Distinct ends of bars, ascending. */
  readonly timeUs: Float64Array;
  /** As if every fill had been at the mid of its time, without fees and funding. */
  readonly gross: Float64Array;
  readonly net: Float64Array;
  /** Value traded up to each bar, in units of the capital. */
  readonly turnover: Float64Array;
}

/**
 * Adds up what the symbols' rows of one time earned and traded, and then over time.
 *
 * @param times - of n rows; ascending within each symbol
 * @param added - n: what each row added
 */
export function equitySeries(
  times: Float64Array,
  added: Readonly<Record<"gross" | "net" | "turnover", Float64Array>>,
): EquitySeries {
  const timeUs = distinctTimes(times);
  const place = placesOf(times, timeUs);
  const summed = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(timeUs.length);
    for (let row = 0; row < values.length; row++) sums[place[row]!]! += values[row]!;
    for (let k = 1; k < sums.length; k++) sums[k]! += sums[k - 1]!;
    return sums;
  };
  return {
    timeUs,
    gross: summed(added.gross),
    net: summed(added.net),
    turnover: summed(added.turnover),
  };
}

/** Place of each row's time among the distinct ones. */
function placesOf(times: Float64Array, timeUs: Float64Array): Uint32Array {
  let i = 0;
  return Uint32Array.from(times, (time) => {
    if (timeUs[i]! > time) i = 0;
    while (timeUs[i]! < time) i++;
    return i;
  });
}

/** Each time once, ascending. */
export function distinctTimes(times: Float64Array): Float64Array {
  return times
    .slice()
    .sort()
    .filter((time, i, sorted) => i === 0 || time !== sorted[i - 1]);
}
