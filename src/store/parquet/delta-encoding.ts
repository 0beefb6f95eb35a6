import { bitPack, bitWidth } from "./bit-pack.js";
import type { ByteBuffer } from "./byte-buffer.js";
import type { Range } from "./range.js";

/** Differences that share their smallest, and the parts of them that share a width. */
export const BLOCK = 128;
export const MINIBLOCKS = 4;
export const MINIBLOCK: number = BLOCK / MINIBLOCKS;

/** Differences of differences stay exact in doubles up to this span of a column's values. */
export const WIDEST: number = 2 ** 51;

/** Whether `deltaEncode` can hold values of this range. */
export function isDeltaEncodable({ low, high }: Range): boolean {
  return low > -WIDEST && high < WIDEST && high - low < WIDEST;
}

/**
 * DELTA_BINARY_PACKED: differences between neighbours above the smallest of their block, in as few bits as each 32 need.
 *
 * @param values - at least one whole number, of a range that `isDeltaEncodable`
 * @see https://github.com/apache/parquet-format/blob/master/Encodings.md
 */
export function deltaEncode(
  out: ByteBuffer,
  values: Float64Array | Int32Array,
  count: number,
): void {
  out.varint(BLOCK);
  out.varint(MINIBLOCKS);
  out.varint(count);
  out.zigzag(values[0]!);
  const deltas = new Float64Array(BLOCK);
  const above = new Uint32Array(MINIBLOCK);
  for (let start = 1; start < count; start += BLOCK) {
    const size = Math.min(BLOCK, count - start);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < size; i++) {
      const delta = values[start + i]! - values[start + i - 1]!;
      deltas[i] = delta;
      if (delta < least) least = delta;
    }
    // What fills the last miniblock is read by nobody.
    for (let i = 0; i < size; i++) deltas[i]! -= least;
    deltas.fill(0, size);
    out.zigzag(least);
    writeMiniblocks(out, deltas, size, above);
  }
}

function writeMiniblocks(
  out: ByteBuffer,
  deltas: Float64Array,
  size: number,
  above: Uint32Array,
): void {
  const widths: number[] = [];
  for (let first = 0; first < BLOCK; first += MINIBLOCK) {
    let most = 0;
    for (let i = first; i < first + MINIBLOCK; i++) most = Math.max(most, deltas[i]!);
    widths.push(bitWidth(most));
  }
  for (const width of widths) out.byte(width);
  widths.forEach((width, block) => {
    const first = block * MINIBLOCK;
    if (first >= size || width === 0) return;
    if (width > 32) {
      packWide(out, deltas.subarray(first, first + MINIBLOCK), width);
      return;
    }
    for (let i = 0; i < MINIBLOCK; i++) above[i] = deltas[first + i]!;
    bitPack(out, above, MINIBLOCK, width);
  });
}

/** The same for more than 32 bits, which hardly ever come up. */
function packWide(out: ByteBuffer, values: Float64Array, width: number): void {
  let packed = 0n;
  values.forEach((value, i) => {
    packed |= BigInt(value) << BigInt(i * width);
  });
  const bytes = out.reserve((values.length * width) / 8);
  for (let at = 0; at < bytes.length; at++, packed >>= 8n) bytes[at] = Number(packed & 0xffn);
}
