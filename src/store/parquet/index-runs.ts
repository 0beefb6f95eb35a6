import { bitPack, packFlags } from "./bit-pack.js";
import type { ByteBuffer } from "./byte-buffer.js";

/**
 * Writes indexes in Parquet's hybrid of run lengths and packed bits: as one run where all are equal, packed otherwise.
 *
 * @param indexes - the first `count` count; the array has a length that is a multiple of eight
 * @param width - bits of each
 */
export function writeIndexes(
  out: ByteBuffer,
  indexes: Uint32Array,
  count: number,
  width: number,
): void {
  if (width === 0) {
    writeRun(out, 0, count, width);
    return;
  }
  out.varint(2 * Math.ceil(count / 8) + 1);
  // Packed bits come in groups of eight.
  const room = 8 * Math.ceil(count / 8);
  indexes.fill(0, count, room);
  bitPack(out, indexes, room, width);
}

/** The same for flags, 0 or 1. */
export function writeFlags(out: ByteBuffer, flags: Uint8Array, count: number): void {
  if (isConstant(flags, count)) {
    writeRun(out, flags[0]!, count, 1);
    return;
  }
  out.varint(2 * Math.ceil(count / 8) + 1);
  packFlags(out, flags, count);
}

/** Writes one index `count` times. */
export function writeRun(out: ByteBuffer, index: number, count: number, width: number): void {
  out.varint(2 * count);
  for (let bits = 0; bits < width; bits += 8) out.byte((index >>> bits) & 0xff);
}

function isConstant(flags: Uint8Array, count: number): boolean {
  for (let i = 1; i < count; i++) if (flags[i] !== flags[0]) return false;
  return true;
}
