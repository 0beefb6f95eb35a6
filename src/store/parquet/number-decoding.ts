// The reverse of how `ColumnPageMaker` writes numbers and flags.
import type { ColumnMaker } from "../column.js";
import { lookUp, unpackFlags } from "./bit-unpack.js";
import { ByteCursor } from "./byte-cursor.js";
import { requireSound } from "./corrupt-file.js";
import { deltaDecode } from "./delta-decoding.js";
import { ENCODING } from "./format-numbers.js";
import { readIndex, readIndexes, readIndexWidth } from "./index-reading.js";
import { rememberRuns } from "./known-runs.js";
import type { ReadPages } from "./page-reading.js";

/** Runs shorter than this are filled faster value by value. */
const SHORT_RUN = 16;

const TWO_32 = 2 ** 32;

/** Whole numbers of a column without nulls: runs of rising values, differences, or plain. */
export function wholeNumbers(pages: ReadPages, rows: number, make: ColumnMaker): Float64Array {
  const target = make("float64", rows);
  const cursor = new ByteCursor(pages.data);
  if (pages.dictionary === undefined) {
    readNumbers(cursor, pages.encoding, target);
    rememberRuns(target, undefined);
  } else {
    const { bytes, count } = pages.dictionary;
    rememberRuns(target, fillRuns(cursor, wholeFromWords(bytes, count), target));
  }
  requireSound(cursor.isAtEnd, "had bytes behind its values");
  return target;
}

/** Whole numbers of a column with nulls, which become NaN. */
export function optionalNumbers(
  { data, encoding }: ReadPages,
  rows: number,
  make: ColumnMaker,
): Float64Array {
  const cursor = new ByteCursor(data);
  const isThere = new Uint8Array(rows);
  const end = 4 + cursor.uint32();
  const levels = readIndexes(cursor, rows, 1);
  requireSound(cursor.at === end, "had nulls of another number of rows");
  if ("shared" in levels) isThere.fill(levels.shared);
  else unpackFlags(isThere, data.subarray(levels.packed.start), [0, 1]);
  const count = isThere.reduce((sum, one) => sum + one, 0);
  const values = new Float64Array(count);
  readNumbers(cursor, encoding, values);
  requireSound(cursor.isAtEnd, "had bytes behind its values");
  const target = make("float64", rows);
  for (let i = 0, next = 0; i < rows; i++) {
    target[i] = isThere[i] === 1 ? values[next++]! : Number.NaN;
  }
  return target;
}

/** Doubles, bit for bit. */
export function doubles(
  { dictionary, data }: ReadPages,
  rows: number,
  make: ColumnMaker,
): Float64Array {
  if (dictionary === undefined) return new Float64Array(exactly(data, 8 * rows).buffer);
  const { bytes, count } = dictionary;
  const values = new Float64Array(exactly(bytes, 8 * count).buffer);
  const cursor = new ByteCursor(data);
  const indexes = readIndexes(cursor, rows, readIndexWidth(cursor, count));
  requireSound(cursor.isAtEnd, "had bytes behind its values");
  const target = make("float64", rows);
  if ("shared" in indexes) target.fill(values[indexes.shared]!);
  else lookUp(target, values, indexes.packed);
  return target;
}

/** Unsigned whole numbers of 64 bits. */
export function unsignedNumbers({ data }: ReadPages, rows: number): BigUint64Array {
  return new BigUint64Array(exactly(data, 8 * rows).buffer);
}

/** Whole numbers of fewer bits. */
export function smallNumbers<Small extends Int8Array | Uint8Array | Int32Array>(
  { data }: ReadPages,
  target: Small,
): Small {
  const cursor = new ByteCursor(data);
  const values = new Float64Array(target.length);
  deltaDecode(cursor, values);
  requireSound(cursor.isAtEnd, "had bytes behind its values");
  target.set(values);
  const isExact = values.every((value, i) => value === target[i]);
  requireSound(isExact, "had a whole number that is too large");
  return target;
}

/** Flags, 1 or 0. */
export function flags({ data }: ReadPages, rows: number, make: ColumnMaker): Uint8Array {
  const target = make("uint8", rows);
  unpackFlags(target, exactly(data, Math.ceil(rows / 8)), [0, 1]);
  return target;
}

function readNumbers(cursor: ByteCursor, encoding: number, target: Float64Array): void {
  if (encoding === ENCODING.delta) deltaDecode(cursor, target);
  else target.set(wholeFromWords(cursor.take(8 * target.length), target.length));
}

/** Times of messages: each value once, then how many rows it holds for; returns where each begins, and the end. */
function fillRuns(cursor: ByteCursor, values: Float64Array, target: Float64Array): Int32Array {
  const width = readIndexWidth(cursor, values.length);
  const starts = new Int32Array(values.length + 1);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    const head = cursor.varint();
    const end = at + head / 2;
    const isNext = head % 2 === 0 && end > at && end <= target.length;
    requireSound(isNext && readIndex(cursor, width) === i, "had runs of other rows");
    const value = values[i]!;
    starts[i] = at;
    if (end - at >= SHORT_RUN) target.fill(value, at, end);
    else for (let row = at; row < end; row++) target[row] = value;
    at = end;
  }
  requireSound(at === target.length, "had runs of fewer rows");
  starts[values.length] = at;
  return starts;
}

/** Whole numbers from 64 bits each. */
function wholeFromWords(bytes: Uint8Array, count: number): Float64Array {
  const halves = new DataView(bytes.buffer, bytes.byteOffset, exactly(bytes, 8 * count).length);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = halves.getInt32(8 * i + 4, true) * TWO_32 + halves.getUint32(8 * i, true);
  }
  return values;
}

/** Bytes of a page, which is as long as its values take. */
function exactly(bytes: Uint8Array, length: number): Uint8Array {
  requireSound(bytes.length === length, "had a page of another length");
  return bytes;
}
