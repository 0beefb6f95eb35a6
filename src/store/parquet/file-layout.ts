// Where in a table of ours each column of each row group lies, and how it is encoded.
import type { FileHandle } from "node:fs/promises";
import { ByteCursor } from "./byte-cursor.js";
import { requireSound } from "./corrupt-file.js";
import { CREATOR, ENCODING, MAGIC, REPETITION, TYPES, ZSTD } from "./format-numbers.js";
import { readFully } from "./read-fully.js";
import { GROUP_ROWS } from "./row-group.js";
import type { StoredType } from "./stored-column.js";
import {
  listIn,
  numberIn,
  readThrift,
  structIn,
  structsIn,
  type ThriftStruct,
  textIn,
} from "./thrift-reading.js";

/** Bytes of a column before compression that are taken in at once; no table of ticks has as many. */
const LARGEST_CHUNK = 1 << 28;

/** Encodings of data. */
const KNOWN: readonly number[] = [ENCODING.plain, ENCODING.delta, ENCODING.dictionary];

/** A column's place in a row group. */
export interface ColumnChunk {
  readonly start: number;
  /** Bytes of its pages with their headers. */
  readonly length: number;
  /** Where its data begin; after `start` where a dictionary comes first. */
  readonly dataStart: number;
  /** Bytes before compression, headers included. */
  readonly plainBytes: number;
  readonly isZstd: boolean;
  readonly encoding: number;
}

/** A column of the file. */
export interface FileColumn {
  readonly name: string;
  readonly type: StoredType;
  readonly isNullable: boolean;
}

/** What a file says about itself. */
export interface FileLayout {
  readonly rows: number;
  readonly columns: readonly FileColumn[];
  readonly groups: readonly RowGroup[];
}

/** Rows that are stored together. */
interface RowGroup {
  readonly rows: number;
  /** In the order of the file's columns. */
  readonly chunks: readonly ColumnChunk[];
}

/**
 * Reads what stands at the end of a table.
 *
 * @returns undefined when another program wrote it, or it holds what our writer does not write
 * @throws {CorruptFile} it is no Parquet file, or contradicts itself
 */
export async function readLayout(file: FileHandle): Promise<FileLayout | undefined> {
  const { size } = await file.stat();
  requireSound(size >= 3 * MAGIC.length, "was too short for a table");
  const tail = await readFully(file, { start: size - 8, length: 8 });
  requireSound(Buffer.compare(tail.subarray(4), MAGIC) === 0, "did not end as a table does");
  const length = new ByteCursor(tail).uint32();
  requireSound(length <= size - 12, "had a footer that is longer than the file");
  const footer = await readFully(file, { start: size - 8 - length, length });
  return parseLayout(footer, size - 8 - length);
}

/**
 * The same from the bytes of the footer.
 *
 * @param end - where the pages of the file end
 */
function parseLayout(footer: Uint8Array, end: number): FileLayout | undefined {
  const metadata = readThrift(new ByteCursor(footer));
  if (textIn(metadata, 6) !== CREATOR) return undefined;
  const [, ...leaves] = structsIn(metadata, 2);
  const columns = leaves.map(fileColumn);
  const groups = structsIn(metadata, 4).map((group) => rowGroup(group, end));
  const rows = numberIn(metadata, 3);
  const sum = groups.reduce((before, group) => before + group.rows, 0);
  requireSound(sum === rows, `had row groups of ${sum} rows and said ${rows}`);
  const isWhole = groups.every(({ chunks }) => chunks.length === columns.length);
  requireSound(isWhole, "had a row group of other columns");
  const isKnown = columns.every(({ type }) => type !== undefined) && groups.every(isOurs);
  return isKnown ? { rows, columns: columns as readonly FileColumn[], groups } : undefined;
}

function fileColumn(
  leaf: ThriftStruct,
): Omit<FileColumn, "type"> & { readonly type: StoredType | undefined } {
  const physical = numberIn(leaf, 1);
  const converted = leaf.get(6);
  const known = Object.entries(TYPES).find(([, [a, b]]) => a === physical && b === converted);
  const isNullable = numberIn(leaf, 3) !== REPETITION.required;
  // Other columns have no place for nulls.
  const type = isNullable && known?.[0] !== "BIGINT" ? undefined : known?.[0];
  return { name: textIn(leaf, 4), type: type as StoredType | undefined, isNullable };
}

function rowGroup(group: ThriftStruct, end: number): RowGroup {
  const rows = numberIn(group, 3);
  const chunks = structsIn(group, 1).map((chunk) => {
    const metadata = structIn(chunk, 3);
    requireSound(numberIn(metadata, 5) === rows, "had columns of different lengths");
    return columnChunk(metadata, end);
  });
  return { rows, chunks };
}

function columnChunk(metadata: ThriftStruct, end: number): ColumnChunk {
  const dataStart = numberIn(metadata, 9);
  const start = metadata.has(11) ? numberIn(metadata, 11) : dataStart;
  const length = numberIn(metadata, 7);
  const isInside =
    start >= MAGIC.length && start <= dataStart && length >= 0 && start + length <= end;
  requireSound(isInside, "had a column that lies beyond its pages");
  return {
    start,
    length,
    dataStart,
    plainBytes: numberIn(metadata, 6),
    isZstd: numberIn(metadata, 4) === ZSTD,
    encoding: Number(listIn(metadata, 2).at(-1)),
  };
}

/** Whether our writer makes such row groups. */
function isOurs({ rows, chunks }: RowGroup): boolean {
  return (
    rows > 0 &&
    rows <= GROUP_ROWS &&
    chunks.every(
      ({ isZstd, encoding, plainBytes }) =>
        isZstd && plainBytes <= LARGEST_CHUNK && KNOWN.includes(encoding),
    )
  );
}
