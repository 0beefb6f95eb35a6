import { bitsAt, type PackedBits, WIDEST_WORD } from "./bit-unpack.js";
import type { ByteCursor } from "./byte-cursor.js";
import { requireSound } from "./corrupt-file.js";
import { BLOCK, MINIBLOCK, MINIBLOCKS, WIDEST } from "./delta-encoding.js";

/** Bits of the widest difference between differences. */
const WIDEST_DELTA = 53;

/**
 * Reads what `deltaEncode` writes, and leaves the cursor behind it.
 *
 * @param target - one place per value
 * @throws {CorruptFile} the bytes are no such encoding of as many values
 */
export function deltaDecode(cursor: ByteCursor, target: Float64Array): void {
  const isOurs = cursor.varint() === BLOCK && cursor.varint() === MINIBLOCKS;
  requireSound(isOurs && cursor.varint() === target.length, "had differences of another shape");
  let value = cursor.zigzag();
  target[0] = value;
  for (let start = 1; start < target.length; start += BLOCK) {
    const least = cursor.zigzag();
    const widths = cursor.take(MINIBLOCKS);
    for (let block = 0; block < MINIBLOCKS; block++) {
      const first = start + block * MINIBLOCK;
      if (first >= target.length) break;
      const width = widths[block]!;
      requireSound(width <= WIDEST_DELTA, "had a difference that is too large");
      const { bytes, at } = cursor;
      cursor.take((MINIBLOCK * width) / 8);
      const rows = target.subarray(first, first + MINIBLOCK);
      value = addDeltas(rows, { bytes, start: at, width }, { value, least });
    }
    requireSound(Math.abs(value) < WIDEST, "had a whole number that is too large");
  }
}

/** Adds up a miniblock's differences; returns the last sum. */
function addDeltas(
  target: Float64Array,
  packed: PackedBits,
  { value, least }: { readonly value: number; readonly least: number },
): number {
  const { bytes, start, width } = packed;
  let sum = value;
  // The last miniblock may lie too close to the end for loads of four bytes.
  if (width > WIDEST_WORD || start + 4 * width + 4 > bytes.length) {
    for (let i = 0; i < target.length; i++) {
      sum += least + bitsAt(packed, i);
      target[i] = sum;
    }
    return sum;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, 4 * width + 4);
  const mask = (1 << width) - 1;
  for (let i = 0, bit = 0; i < target.length; i++, bit += width) {
    sum += least + ((view.getUint32(bit >>> 3, true) >>> (bit & 7)) & mask);
    target[i] = sum;
  }
  return sum;
}
