// The reverse of packing bits. Loads of four bytes at any place hold up to 25 bits after their first byte's share.
import { requireSound } from "./corrupt-file.js";

/** Most bits of a value that is unpacked by words. */
export const WIDEST_WORD = 25;

/** Values of a few bits each, least significant first, without gaps. */
export interface PackedBits {
  readonly bytes: Uint8Array;
  /** Byte that the first value begins at. */
  readonly start: number;
  /** Bits of each value. */
  readonly width: number;
}

/**
 * Replaces packed indexes by the values they stand for.
 *
 * @param target - one place per index
 * @param packed - of at most `WIDEST_WORD` bits
 * @throws {CorruptFile} an index stands for no value
 */
export function lookUp(target: Float64Array, values: Float64Array, packed: PackedBits): void {
  const { width } = packed;
  const view = viewOf(packed);
  const mask = (1 << width) - 1;
  const last = values.length - 1;
  const whole = wholeWords(packed, target.length);
  // Negative as soon as an index is beyond the last.
  let spare = 0;
  for (let i = 0, bit = 0; i < whole; i += 4, bit += 4 * width) {
    const bit1 = bit + width;
    const bit2 = bit + 2 * width;
    const bit3 = bit + 3 * width;
    const a = (view.getUint32(bit >>> 3, true) >>> (bit & 7)) & mask;
    const b = (view.getUint32(bit1 >>> 3, true) >>> (bit1 & 7)) & mask;
    const c = (view.getUint32(bit2 >>> 3, true) >>> (bit2 & 7)) & mask;
    const d = (view.getUint32(bit3 >>> 3, true) >>> (bit3 & 7)) & mask;
    spare |= (last - a) | (last - b) | (last - c) | (last - d);
    target[i] = values[a]!;
    target[i + 1] = values[b]!;
    target[i + 2] = values[c]!;
    target[i + 3] = values[d]!;
  }
  for (let i = whole; i < target.length; i++) {
    const index = bitsAt(packed, i);
    spare |= last - index;
    target[i] = values[index]!;
  }
  requireSound(spare >= 0, "had an index beyond its dictionary");
}

/** Unpacks values of at most `WIDEST_WORD` bits. */
export function unpackWords(target: Uint32Array, packed: PackedBits): void {
  const { width } = packed;
  const view = viewOf(packed);
  const mask = (1 << width) - 1;
  const whole = wholeWords(packed, target.length);
  for (let i = 0, bit = 0; i < whole; i++, bit += width) {
    target[i] = (view.getUint32(bit >>> 3, true) >>> (bit & 7)) & mask;
  }
  for (let i = whole; i < target.length; i++) target[i] = bitsAt(packed, i);
}

/**
 * Replaces packed flags by one of two bytes each.
 *
 * @param target - one place per flag
 * @param bytes - flags from the beginning, eight a byte
 * @param meaning - what 0 and 1 become
 */
export function unpackFlags(
  target: Uint8Array,
  bytes: Uint8Array,
  [zero, one]: readonly [zero: number, one: number],
): void {
  const four = new Uint32Array(16);
  const parts = new Uint8Array(four.buffer);
  for (let i = 0; i < parts.length; i++) parts[i] = ((i >>> 2) >>> (i & 3)) & 1 ? one : zero;
  // Whole bytes become two words each.
  const words = new Uint32Array(target.buffer, target.byteOffset, 2 * (target.length >>> 3));
  for (let i = 0, at = 0; i < words.length; i += 2, at++) {
    const byte = bytes[at]!;
    words[i] = four[byte & 15]!;
    words[i + 1] = four[byte >>> 4]!;
  }
  for (let i = 4 * words.length; i < target.length; i++) {
    target[i] = (bytes[i >>> 3]! >>> (i & 7)) & 1 ? one : zero;
  }
}

/** The value at a place, of any width up to 53 bits; bits behind the end are 0. */
export function bitsAt({ bytes, start, width }: PackedBits, index: number): number {
  let bit = index * width;
  let value = 0;
  for (let known = 0; known < width; ) {
    const shift = bit & 7;
    const count = Math.min(8 - shift, width - known);
    const byte = bytes[start + (bit >>> 3)] ?? 0;
    value += ((byte >>> shift) & ((1 << count) - 1)) * 2 ** known;
    known += count;
    bit += count;
  }
  return value;
}

function viewOf({ bytes, start }: PackedBits): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
}

/** How many of the first values, in fours, can be loaded without reading behind the end. */
function wholeWords({ bytes, start, width }: PackedBits, count: number): number {
  const loadable = Math.ceil((8 * (bytes.length - start - 3)) / width);
  const whole = Math.min(count, Math.max(loadable, 0));
  return whole - (whole % 4);
}
