// For tests only: series whose memory is known.

/**
 * Autoregression of order one, from its stationary law on.
 *
 * @param memory - share of a value that the next one keeps, in [0, 1)
 * @param shock - draws the shocks; called 200 times before the first row
 */
export function autoregression(rows: number, memory: number, shock: () => number): Float64Array {
  let value = 0;
  for (let i = 0; i < 200; i++) value = memory * value + shock();
  return Float64Array.from({ length: rows }, () => {
    value = memory * value + shock();
    return value;
  });
}
