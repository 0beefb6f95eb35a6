/** Standard error of the mean of a series that depends on its own past. */
export interface LongRunError {
  /** NaN when the series is too short to tell. */
  readonly standardError: number;
  /** Degrees of freedom of the error, for Student's t; 0 when it is not known. */
  readonly freedom: number;
}

/** More cosines would narrow an interval by less than 2 %. */
const MOST_COSINES = 64;

/** Fewer tell nothing: with one, Student's interval is 13 errors wide. */
const FEWEST_COSINES = 2;

/** The series is averaged over this many cells first; they are short against the fastest cosine. */
const CELLS = 16 * MOST_COSINES;

/**
 * Equal-weighted cosine estimate: the variance of the mean from the ν slowest cosines of the series, which hold what lasts
 * and, unlike the usual kernels, give an error with exactly ν degrees of freedom. ν is 0.4·n^⅔ as recommended, at most 64,
 * and at most n / (2·memory): the fastest cosine must be slow against the series' memory, or it misses it. The memory is
 * the longer of a known one (labels of h bars overlap over h rows) and the measured autocorrelation time.
 *
 * @param deviations - n values in order of time, of mean 0
 * @param memoryRows - rows over which they are known to overlap, at least 1
 * @see Lazarus, Lewis, Stock & Watson (2018), HAR Inference: Recommendations for Practice, section 4
 */
export function longRunError(deviations: Float64Array, memoryRows: number): LongRunError {
  const rows = deviations.length;
  const cells = cellSums(deviations);
  const memory = Math.max(memoryRows, (rows / cells.length) * correlationTime(cells));
  const freedom = Math.floor(Math.min(MOST_COSINES, 0.4 * rows ** (2 / 3), rows / (2 * memory)));
  if (!(freedom >= FEWEST_COSINES)) return { standardError: Number.NaN, freedom: 0 };
  // Λ_j = √(2/n) Σ_t cos(π j (t − ½)/n) y_t; the long-run variance is the mean of Λ_j², j = 1…ν.
  let squares = 0;
  for (let j = 1; j <= freedom; j++) {
    let sum = 0;
    for (let i = 0; i < cells.length; i++) {
      sum += Math.cos((Math.PI * j * (i + 0.5)) / cells.length) * cells[i]!;
    }
    squares += (2 * sum * sum) / rows;
  }
  return { standardError: Math.sqrt(squares / freedom / rows), freedom };
}

/**
 * Autocorrelation time of a series: how many of its rows count as one. Autocorrelations are summed until the window is
 * five times their sum, beyond which they are noise.
 *
 * @param deviations - n values of mean 0
 * @returns at least 1; 1 for a constant series
 * @see Sokal (1997), Monte Carlo Methods in Statistical Mechanics, section 3
 */
function correlationTime(deviations: Float64Array): number {
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < deviations.length; i++) sum += deviations[i]! * deviations[i - lag]!;
    return sum;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return 1;
  let time = 1;
  for (let lag = 1; lag < deviations.length && lag < 5 * time; lag++) {
    time += (2 * covariance(lag)) / variance;
  }
  return Math.max(time, 1);
}

/** Sums over consecutive cells of nearly equal length; the series itself when it is short. */
function cellSums(values: Float64Array): Float64Array {
  const cells = Math.min(CELLS, values.length);
  const sums = new Float64Array(cells);
  for (let i = 0; i < values.length; i++) {
    sums[Math.floor((i * cells) / values.length)]! += values[i]!;
  }
  return sums;
}
