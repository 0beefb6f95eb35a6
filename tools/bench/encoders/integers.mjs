// Whole numbers kept in doubles, as 64-bit integers, in bulk: BigInt() value by value takes most of an encoder's time.
const LOW = 2 ** 32;

/** @returns a BigInt64Array of the first `rows` values */
export function integersOf(values, rows) {
  const result = new BigInt64Array(rows);
  const words = new Int32Array(result.buffer);
  for (let i = 0; i < rows; i++) {
    words[2 * i] = values[i] % LOW;
    words[2 * i + 1] = values[i] / LOW;
  }
  return result;
}
