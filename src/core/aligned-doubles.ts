/** Node begins a large block of memory 16 bytes after a multiple of 64; six doubles further is one. */
const AHEAD = 6;

/**
 * Zeros that begin where native libraries want large columns to (at a multiple of 64 bytes), so that they work on them as they
 * lie. Where they do not, because a system lays out its memory otherwise, the libraries copy them, which takes time and memory.
 *
 * @param length - number of values; the array's buffer is longer
 */
export function alignedDoubles(length: number): Float64Array {
  return new Float64Array(length + AHEAD).subarray(AHEAD);
}
