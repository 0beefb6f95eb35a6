import type { FileHandle } from "node:fs/promises";
import { type Column, type ColumnKind, type ColumnMaker, makeColumn } from "../column.js";
import { ChunkReader } from "./chunk-reader.js";
import { decodeColumn } from "./column-decoding.js";
import type { ColumnChunk, FileLayout } from "./file-layout.js";
import { ENCODING } from "./format-numbers.js";
import { readPages } from "./page-reading.js";
import { READ_KINDS } from "./stored-column.js";
import type { TextCodes } from "./text-decoding.js";
import { loadZstd } from "./zstd.js";

/** A column to read. */
export interface WantedColumn {
  /** Its stored name. */
  readonly column: string;
  readonly kind: ColumnKind;
  /** Int8Array of texts: which number each becomes. */
  readonly codes?: TextCodes;
}

/** Whether a file has these columns in a form that `readGroups` knows. */
export function hasKnownColumns(
  { columns, groups }: FileLayout,
  wanted: readonly WantedColumn[],
): boolean {
  return wanted.every(({ column, kind, codes }) => {
    const place = columns.findIndex(({ name }) => name === column);
    const type = columns[place]?.type;
    if (type === undefined) return false;
    if (codes === undefined) return READ_KINDS[type] === kind;
    const isIndexed = groups.every(({ chunks }) => chunks[place]!.encoding === ENCODING.dictionary);
    return type === "VARCHAR" && kind === "int8" && isIndexed;
  });
}

/**
 * Columns of a table of ours, row group by row group in stored order. Memory is bound by the group that was given and the
 * one that is read.
 *
 * @param file - open as long as groups are asked for; all come from it, whatever takes its place in its folder
 * @param wanted - columns that `hasKnownColumns`
 * @param options.isReused - the arrays of a group are filled anew for the group after the next; otherwise each group has
 *   arrays of its own
 * @throws {CorruptFile} the file is not what our writer writes
 */
export async function* readGroups(
  file: FileHandle,
  { columns, groups }: FileLayout,
  wanted: readonly WantedColumn[],
  { isReused = false }: { readonly isReused?: boolean } = {},
): AsyncGenerator<readonly Column[]> {
  await loadZstd();
  const chunkReader = new ChunkReader(file);
  const decodings = wanted.map(({ column, codes }) => {
    const place = columns.findIndex(({ name }) => name === column);
    return { ...columns[place]!, codes, place, make: isReused ? reusedColumn() : makeColumn };
  });
  const asked = groups.map(({ chunks }) => decodings.map(({ place }) => chunks[place]!));
  // The next group's bytes are read while whoever asked works on this one.
  let coming = fetchAhead(chunkReader, asked[0]);
  for (const [g, { rows }] of groups.entries()) {
    const bytes = await coming();
    const columns = decodings.map((decoding, i) =>
      decodeColumn(readPages(bytes[i]!, asked[g]![i]!, rows), rows, decoding),
    );
    coming = fetchAhead(chunkReader, asked[g + 1]);
    yield columns;
  }
}

/** Begins to read; a failure waits until it is asked for, which it need not be. */
function fetchAhead(
  reader: ChunkReader,
  chunks: readonly ColumnChunk[] | undefined,
): () => Promise<readonly Uint8Array[]> {
  const bytes = chunks === undefined ? Promise.resolve([]) : reader.read(chunks);
  bytes.catch(() => {});
  return () => bytes;
}

/** Gives one of two columns in turn, always of the same kind. */
function reusedColumn(): ColumnMaker {
  let [free, taken]: (Column | undefined)[] = [];
  return (kind, rows) => {
    const room = free !== undefined && free.length >= rows ? free : makeColumn(kind, rows);
    [free, taken] = [taken, room];
    return (room.length === rows ? room : (room as Float64Array).subarray(0, rows)) as never;
  };
}
