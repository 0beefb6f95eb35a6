import { bitWidth } from "./bit-pack.js";
import type { PackedBits } from "./bit-unpack.js";
import type { ByteCursor } from "./byte-cursor.js";
import { requireSound } from "./corrupt-file.js";

/** Indexes of a column: one that all rows share, or one each, packed. */
export type StoredIndexes = { readonly shared: number } | { readonly packed: PackedBits };

/**
 * Reads what `writeIndexes` and `writeFlags` write, and leaves the cursor behind it.
 *
 * @param rows - how many indexes, at least one
 * @param width - bits of each
 * @throws {CorruptFile} the bytes are no such indexes
 */
export function readIndexes(cursor: ByteCursor, rows: number, width: number): StoredIndexes {
  const head = cursor.varint();
  if (head % 2 === 0) {
    requireSound(head === 2 * rows, "had an index for another number of rows");
    return { shared: readIndex(cursor, width) };
  }
  const eights = Math.ceil(rows / 8);
  requireSound(head === 2 * eights + 1, "had indexes for another number of rows");
  const { bytes, at } = cursor;
  cursor.take(eights * width);
  return { packed: { bytes, start: at, width } };
}

/** The index of a run. */
export function readIndex(cursor: ByteCursor, width: number): number {
  let index = 0;
  for (let bits = 0; bits < width; bits += 8) index |= cursor.byte() << bits;
  return index;
}

/**
 * Bits of the indexes into a dictionary, which stand before them.
 *
 * @throws {CorruptFile} they are not those that our writer takes for as many values
 */
export function readIndexWidth(cursor: ByteCursor, count: number): number {
  const width = cursor.byte();
  requireSound(count > 0 && width === bitWidth(count - 1), "had indexes of another width");
  return width;
}
