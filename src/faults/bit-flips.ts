import type { Random } from "../core/random.js";

/** Bits to flip in a file. */
export interface BitFlips {
  /** Byte of the first. */
  readonly at: number;
  /** Bit numbers from the file's start. */
  readonly bits: readonly number[];
}

/** So many distinct bits of the bytes in a range, close together: one event damages neighbours. */
export function randomFlips(
  random: Random,
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
): BitFlips {
  const count = 1 + random.below(most);
  const at = from + random.below(to - from);
  const bits = new Set([8 * at + random.below(8)]);
  const reach = 8 * Math.min(4, to - at);
  for (let i = 1; i < count; i++) bits.add(8 * at + random.below(reach));
  return { at, bits: [...bits] };
}

/** A copy of a file with bits flipped. */
export function withFlips(bytes: Buffer, { bits }: BitFlips): Buffer {
  const flipped = Buffer.from(bytes);
  for (const bit of bits) flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}
