import { ShapeError } from "./errors.js";

/**
 * Fails when named columns do not all have the same length.
 *
 * @param columns - columns by name
 * @returns their common length; 0 when there are none
 * @throws {ShapeError} two lengths differ
 */
export function requireSameLength(columns: Readonly<Record<string, ArrayLike<unknown>>>): number {
  const entries = Object.entries(columns);
  const [first] = entries;
  if (first === undefined) return 0;
  for (const [name, column] of entries) {
    if (column.length !== first[1].length) {
      throw new ShapeError({
        column: name,
        message: `had ${column.length} rows, expected ${first[1].length} as in "${first[0]}"`,
      });
    }
  }
  return first[1].length;
}

/** Columns one after the other, as one. */
export function concatenate(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
