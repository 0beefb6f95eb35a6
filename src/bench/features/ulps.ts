const number = new Float64Array(1);
const bits = new BigInt64Array(number.buffer);

/**
 * Units in the last place from one double to another: steps from each double to the next.
 *
 * @returns 0 where they are the same bit for bit, or both NaN; 1 between 0 and −0; Infinity where one alone is NaN
 */
export function ulpsBetween(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  const between = Number(placeOf(a) - placeOf(b));
  return Math.max(Math.abs(between), 1);
}

/** Place of a double in the order of all, 0 for both zeros. */
function placeOf(value: number): bigint {
  number[0] = value;
  const magnitude = bits[0]! & 0x7fff_ffff_ffff_ffffn;
  return bits[0]! < 0n ? -magnitude : magnitude;
}
