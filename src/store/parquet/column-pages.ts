import { bitWidth, packFlags } from "./bit-pack.js";
import { ByteBuffer } from "./byte-buffer.js";
import { deltaEncode, isDeltaEncodable } from "./delta-encoding.js";
import { ENCODING } from "./format-numbers.js";
import { writeFlags, writeIndexes, writeRun } from "./index-runs.js";
import { NumberDictionaryMaker } from "./number-dictionary.js";
import { type Range, rangeOf } from "./range.js";
import { type RisingRuns, risingRuns } from "./rising-runs.js";
import type { StoredColumn, StoredValues } from "./stored-column.js";
import {
  codeDictionary,
  type TextDictionary,
  type Texts,
  textDictionary,
} from "./text-dictionary.js";

/** A column of a row group before compression; the bytes are views that the next column changes. */
export interface ColumnPages {
  /** Distinct values in plain encoding, where the data are indexes into them. */
  readonly dictionary?: { readonly bytes: Uint8Array; readonly count: number };
  readonly data: Uint8Array;
  readonly encoding: number;
  readonly nulls: number;
  /** Smallest and largest of numbers; left out where NaN is among them or there is none. */
  readonly range?: Range;
}

/** Turns columns into pages, one after the other; keeps its memory between calls. */
export class ColumnPageMaker {
  readonly #data: ByteBuffer = new ByteBuffer(1 << 16);
  readonly #distinct: ByteBuffer = new ByteBuffer(1 << 16);
  readonly #numbers: NumberDictionaryMaker = new NumberDictionaryMaker();
  /** Room for a number per row. */
  #indexes: Uint32Array = new Uint32Array(0);

  /**
   * @param values - in the form that `StoredValues` says for the column's type
   * @param rows - how many of them
   */
  make(
    { type, isNullable, labels }: StoredColumn,
    values: StoredValues,
    rows: number,
  ): ColumnPages {
    this.#data.clear();
    this.#distinct.clear();
    if (this.#indexes.length < rows) this.#indexes = new Uint32Array(8 * Math.ceil(rows / 8));
    switch (type) {
      case "BIGINT":
        return this.#wholeNumbers(values as Float64Array, rows, isNullable);
      case "DOUBLE":
        return this.#doubles(values as Float64Array, rows);
      case "VARCHAR":
        return this.#texts(values, rows, labels);
      case "BOOLEAN":
        packFlags(this.#data, values as Uint8Array, rows);
        return this.#done(ENCODING.plain);
      case "UBIGINT":
        this.#data.bytes(bytesOf(values as BigUint64Array, rows));
        return this.#done(ENCODING.plain);
      default:
        deltaEncode(this.#data, Int32Array.from(values as Int32Array).subarray(0, rows), rows);
        return this.#done(ENCODING.delta);
    }
  }

  #done(encoding: number, nulls = 0, range?: Range): ColumnPages {
    const data = this.#data.view();
    return range === undefined ? { data, encoding, nulls } : { data, encoding, nulls, range };
  }

  #wholeNumbers(column: Float64Array, rows: number, isNullable: boolean): ColumnPages {
    const values = isNullable ? this.#definitionLevels(column, rows) : column;
    const count = isNullable ? values.length : rows;
    const runs = isNullable ? undefined : risingRuns(values, count, this.#indexes);
    if (runs !== undefined) return this.#runs(runs);
    const range = rangeOf(values, count);
    if (range !== undefined && isDeltaEncodable(range)) {
      deltaEncode(this.#data, values, count);
      return this.#done(ENCODING.delta, rows - count, range);
    }
    this.#data.bytes(wholeBytes(values, count));
    return this.#done(ENCODING.plain, rows - count, range);
  }

  /** Times of messages: each value once, then how many rows it holds for. */
  #runs({ values, ends }: RisingRuns): ColumnPages {
    const count = values.length;
    this.#distinct.bytes(wholeBytes(values, count));
    const width = bitWidth(count - 1);
    this.#data.byte(width);
    for (let i = 0; i < count; i++) {
      writeRun(this.#data, i, ends[i]! - (i === 0 ? 0 : ends[i - 1]!), width);
    }
    const range = { low: values[0]!, high: values[count - 1]! };
    return { ...this.#withDictionary(count), range };
  }

  /** Says which rows have a value, and gives the values. */
  #definitionLevels(column: Float64Array, rows: number): Float64Array {
    const isThere = new Uint8Array(rows);
    const values = new Float64Array(rows);
    let count = 0;
    for (let i = 0; i < rows; i++) {
      if (Number.isNaN(column[i]!)) continue;
      isThere[i] = 1;
      values[count++] = column[i]!;
    }
    const levels = new ByteBuffer();
    writeFlags(levels, isThere, rows);
    this.#data.uint32(levels.length);
    this.#data.bytes(levels.view());
    return values.subarray(0, count);
  }

  #doubles(column: Float64Array, rows: number): ColumnPages {
    const found = this.#numbers.make(column, rows, this.#indexes);
    if (found === undefined) {
      this.#data.bytes(bytesOf(column, rows));
      return this.#done(ENCODING.plain, 0, rangeOf(column, rows));
    }
    const { values, indexes } = found;
    this.#distinct.bytes(bytesOf(values, values.length));
    const range = rangeOf(values, values.length);
    const pages = this.#indexed(indexes, rows, values.length);
    return range === undefined ? pages : { ...pages, range };
  }

  #texts(values: StoredValues, rows: number, labels: readonly string[] | undefined): ColumnPages {
    if (labels !== undefined)
      return this.#named(
        codeDictionary(values as Int8Array, rows, { labels, indexes: this.#indexes }),
        rows,
      );
    if (!Array.isArray(values)) {
      writeTexts(this.#data, values as Texts, rows);
      return this.#done(ENCODING.plain);
    }
    const found = textDictionary(values, rows, this.#indexes);
    if (found !== undefined) return this.#named(found, rows);
    for (let i = 0; i < rows; i++) writeText(this.#data, values[i]!);
    return this.#done(ENCODING.plain);
  }

  #named({ values, indexes }: TextDictionary, rows: number): ColumnPages {
    for (const value of values) writeText(this.#distinct, value);
    return this.#indexed(indexes, rows, values.length);
  }

  #indexed(indexes: Uint32Array, rows: number, count: number): ColumnPages {
    const width = bitWidth(count - 1);
    this.#data.byte(width);
    writeIndexes(this.#data, indexes, rows, width);
    return this.#withDictionary(count);
  }

  #withDictionary(count: number): ColumnPages {
    const dictionary = { bytes: this.#distinct.view(), count };
    return { dictionary, data: this.#data.view(), encoding: ENCODING.dictionary, nulls: 0 };
  }
}

function writeText(out: ByteBuffer, text: string): void {
  const bytes = Buffer.from(text);
  out.uint32(bytes.length);
  out.bytes(bytes);
}

function writeTexts(out: ByteBuffer, { bytes, ends }: Texts, rows: number): void {
  let start = 0;
  for (let i = 0; i < rows; i++) {
    const end = ends[i]!;
    out.uint32(end - start);
    out.bytes(bytes.subarray(start, end));
    start = end;
  }
}

/** Whole numbers in plain encoding. */
function wholeBytes(values: Float64Array, count: number): Uint8Array {
  const words = new BigInt64Array(count);
  for (let i = 0; i < count; i++) words[i] = BigInt(values[i]!);
  return bytesOf(words, count);
}

function bytesOf(values: Float64Array | BigInt64Array | BigUint64Array, rows: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, 8 * rows);
}
