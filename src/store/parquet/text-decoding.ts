// The reverse of how `ColumnPageMaker` writes texts.
import type { ColumnMaker } from "../column.js";
import { unpackFlags, unpackWords, WIDEST_WORD } from "./bit-unpack.js";
import { ByteCursor } from "./byte-cursor.js";
import { CorruptFile, requireSound } from "./corrupt-file.js";
import { readIndexes, readIndexWidth, type StoredIndexes } from "./index-reading.js";
import type { ReadPages } from "./page-reading.js";

/** Numbers that a column's texts stand for, such as 1 for a buyer's side. */
export interface TextCodes {
  readonly of: ReadonlyMap<string, number>;
  /** Of all other texts. */
  readonly otherwise: number;
}

/** Texts, one a row. */
export function texts({ dictionary, data }: ReadPages, rows: number): readonly string[] {
  if (dictionary === undefined) return readTexts(data, rows);
  const values = readTexts(dictionary.bytes, dictionary.count);
  const indexes = textIndexes(data, rows, values.length);
  if ("shared" in indexes) return new Array<string>(rows).fill(values[indexes.shared]!);
  return Array.from(unpacked(indexes, rows, values.length), (index) => values[index]!);
}

/** Codes of a column of few texts, one a row. */
export function textCodes(
  { dictionary, data }: ReadPages,
  rows: number,
  { of, otherwise, make }: TextCodes & { readonly make: ColumnMaker },
): Int8Array {
  requireSound(dictionary !== undefined, "had no dictionary where one is due");
  const { bytes, count } = dictionary;
  const codes = Int8Array.from(readTexts(bytes, count), (text) => of.get(text) ?? otherwise);
  const indexes = textIndexes(data, rows, count);
  const target = make("int8", rows);
  if ("shared" in indexes) return target.fill(codes[indexes.shared]!);
  const { packed } = indexes;
  if (packed.width === 1) {
    const [zero, one] = codes as unknown as readonly [number, number];
    unpackFlags(new Uint8Array(target.buffer, 0, rows), packed.bytes.subarray(packed.start), [
      zero,
      one,
    ]);
    return target;
  }
  const each = unpacked(indexes, rows, count);
  for (let i = 0; i < rows; i++) target[i] = codes[each[i]!]!;
  return target;
}

function textIndexes(data: Uint8Array, rows: number, count: number): StoredIndexes {
  const cursor = new ByteCursor(data);
  const width = readIndexWidth(cursor, count);
  requireSound(width <= WIDEST_WORD, "had a dictionary that is too large");
  const indexes = readIndexes(cursor, rows, width);
  requireSound(cursor.isAtEnd, "had bytes behind its values");
  return indexes;
}

function unpacked(
  { packed }: Extract<StoredIndexes, { packed: unknown }>,
  rows: number,
  count: number,
): Uint32Array {
  const indexes = new Uint32Array(rows);
  unpackWords(indexes, packed);
  requireSound(
    indexes.every((index) => index < count),
    "had an index beyond its dictionary",
  );
  return indexes;
}

/** Texts with their lengths before them, as many as there are. */
function readTexts(bytes: Uint8Array, count: number): readonly string[] {
  const cursor = new ByteCursor(bytes);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const found: string[] = [];
  // Each text takes four bytes at least, so that no count makes this go on beyond them.
  for (let i = 0; i < count; i++) {
    const text = cursor.take(cursor.uint32());
    try {
      found.push(decoder.decode(text));
    } catch {
      throw new CorruptFile("had a text that is no UTF-8");
    }
  }
  requireSound(cursor.isAtEnd, "had bytes behind its texts");
  return found;
}
