import { ByteCursor } from "./byte-cursor.js";
import { requireSound } from "./corrupt-file.js";
import type { ColumnChunk } from "./file-layout.js";
import { ENCODING, PAGE } from "./format-numbers.js";
import { numberIn, readThrift, structIn, type ThriftStruct } from "./thrift-reading.js";
import { decompress } from "./zstd.js";

/** A column of a row group after decompression; what `ColumnPages` was before. */
export interface ReadPages {
  /** Distinct values in plain encoding, where the data are indexes into them. */
  readonly dictionary?: { readonly bytes: Uint8Array; readonly count: number };
  readonly data: Uint8Array;
  readonly encoding: number;
}

/**
 * Decompresses the pages of a column: a dictionary, where it has one, and one page of data.
 *
 * @param bytes - the chunk's, whole
 * @throws {CorruptFile} they are not what the chunk's metadata say
 */
export function readPages(bytes: Uint8Array, chunk: ColumnChunk, rows: number): ReadPages {
  const cursor = new ByteCursor(bytes);
  const isIndexed = chunk.encoding === ENCODING.dictionary;
  requireSound(isIndexed === chunk.dataStart > chunk.start, "had a dictionary that is not due");
  const first = isIndexed ? readPage(cursor, PAGE.dictionary, chunk) : undefined;
  requireSound(cursor.at === chunk.dataStart - chunk.start, "had pages of other lengths");
  const { header, body } = readPage(cursor, PAGE.data, chunk);
  requireSound(cursor.isAtEnd, "had bytes behind its pages");
  const { encoding } = chunk;
  const data = structIn(header, 5);
  const isDue = numberIn(data, 1) === rows && numberIn(data, 2) === encoding;
  requireSound(isDue, "had a page of other rows");
  if (first === undefined) return { data: body, encoding };
  const distinct = structIn(first.header, 7);
  requireSound(numberIn(distinct, 2) === ENCODING.plain, "had a dictionary of another kind");
  return {
    dictionary: { bytes: first.body, count: numberIn(distinct, 1) },
    data: body,
    encoding,
  };
}

function readPage(
  cursor: ByteCursor,
  type: number,
  { plainBytes }: ColumnChunk,
): { readonly header: ThriftStruct; readonly body: Uint8Array } {
  const header = readThrift(cursor);
  requireSound(numberIn(header, 1) === type, "had a page of another kind");
  const length = numberIn(header, 2);
  requireSound(length >= 0 && length <= plainBytes, "had a page that is too large");
  return { header, body: decompress(cursor.take(numberIn(header, 3)), length) };
}
