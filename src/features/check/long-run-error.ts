import { cellSums, correlationTime } from "./correlation-time.js";

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
  const memory = Math.max(memoryRows, correlationTime(deviations));
  const freedom = Math.floor(Math.min(MOST_COSINES, 0.4 * rows ** (2 / 3), rows / (2 * memory)));
  if (!(freedom >= FEWEST_COSINES)) return { standardError: Number.NaN, freedom: 0 };
  // Cells are short against the fastest cosine: a thirty-second of its wave.
  const cells = cellSums(deviations);
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
