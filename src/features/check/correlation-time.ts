import { mean } from "../../core/statistics.js";

/** Cells that a long series is summed over. */
const CELLS = 1024;

/**
 * Autocorrelation time of a series: how many of its rows count as one. Autocorrelations are summed until the window is
 * five times their sum, beyond which they are noise. A series of more than 1,024 rows is first summed over so many cells,
 * and its time is then at least a cell's length: enough rows are left either way.
 *
 * @param values - n values in order of time
 * @returns at least 1; 1 for a constant series
 * @see Sokal (1997), Monte Carlo Methods in Statistical Mechanics, section 3
 */
export function correlationTime(values: Float64Array): number {
  const center = mean(values);
  const cells = cellSums(values.map((value) => value - center));
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < cells.length; i++) sum += cells[i]! * cells[i - lag]!;
    return sum;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return 1;
  let time = 1;
  for (let lag = 1; lag < cells.length && lag < 5 * time; lag++) {
    time += (2 * covariance(lag)) / variance;
  }
  return (values.length / cells.length) * Math.max(time, 1);
}

/** Sums over 1,024 consecutive cells of nearly equal length; the series itself when it has no more rows. */
export function cellSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(Math.min(CELLS, values.length));
  for (let i = 0; i < values.length; i++) {
    sums[Math.floor((i * sums.length) / values.length)]! += values[i]!;
  }
  return sums;
}
