/**
 * Rows spread evenly over all: every k-th, with the least k that leaves no more than asked for.
 *
 * @param most - at least 1
 */
export function spreadRows(rows: Uint32Array, most: number): Uint32Array {
  const stride = Math.ceil(rows.length / most);
  return rows.filter((_, i) => i % stride === 0);
}
