// Rows of a table that was found intact: decoded here where this version wrote it, by DuckDB otherwise.
import { type FileHandle, open } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { DataError } from "../core/errors.js";
import { BrokenStream } from "./chunks.js";
import { type Column, makeColumn } from "./column.js";
import { duckdbBatches } from "./duckdb-batches.js";
import { requireIntact } from "./integrity.js";
import { isOfThisWriter, type Manifest } from "./manifest.js";
import { CorruptFile, requireSound } from "./parquet/corrupt-file.js";
import { readLayout } from "./parquet/file-layout.js";
import { hasKnownColumns, readGroups } from "./parquet/group-reading.js";
import { PARQUET_FILE } from "./partition.js";
import { remedy } from "./remedy.js";
import { type Batch, namedBatch, type Selected } from "./selected.js";
import type { Store } from "./store.js";
import { unreadable } from "./unreadable.js";

/** A table that was found to be what its manifest says. */
export interface IntactTable {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** How batches are given. */
export interface BatchOptions {
  /**
   * Whether the arrays of a batch may be filled anew as soon as the next batch is asked for, which saves time and memory;
   * left out, each batch has arrays of its own.
   */
  readonly isReused?: boolean;
  /**
   * Whether the first batches may be given before the table was found to be what its manifest says, which saves time; it is
   * found so before the last batch has been taken in, or an error is thrown. For whoever publishes nothing until the end.
   */
  readonly isCheckedMeanwhile?: boolean;
}

/**
 * Batches of up to 131,072 rows in stored order; none is empty.
 *
 * @param options.isReused - the arrays of a batch may be filled anew for the batch after the next; otherwise each has arrays
 *   of its own
 * @throws {DataError} the table is not what its manifest says any more
 */
export async function* tableBatches(
  store: Store,
  table: IntactTable,
  selected: readonly Selected[],
  options: BatchOptions = {},
): AsyncGenerator<Batch> {
  const due = table.manifest.rows;
  let rows = 0;
  let file: FileHandle | undefined;
  try {
    file = await open(store.path(`${table.folder}/${PARQUET_FILE}`));
    const batches =
      (await decodedBatches(file, table, selected, options)) ??
      duckdbBatches(store, table.folder, selected);
    for await (const batch of batches) {
      rows += rowsOf(batch);
      requireSound(rows <= due, `had more than ${due}`);
      yield batch;
    }
    requireSound(rows === due, `ended before the ${due} that its manifest says`);
  } catch (error) {
    throw await explained(error, { store, folder: table.folder, rows });
  } finally {
    await file?.close();
  }
}

/**
 * All rows of a table at once.
 *
 * @throws {DataError} the table is not what its manifest says any more
 */
export async function wholeTable(
  store: Store,
  table: IntactTable,
  selected: readonly Selected[],
): Promise<Batch> {
  const { rows } = table.manifest;
  let whole: Batch | undefined;
  let filled = 0;
  for await (const batch of tableBatches(store, table, selected)) {
    const isAll = rowsOf(batch) === rows;
    whole ??= isAll ? batch : emptyBatch(selected, rows);
    if (!isAll) for (const { name } of selected) copyColumn(batch[name]!, whole[name]!, filled);
    filled += rowsOf(batch);
  }
  return whole ?? emptyBatch(selected, 0);
}

/** Row groups of a file, each a batch; undefined where it is not of this version's writer. */
async function decodedBatches(
  file: FileHandle,
  { manifest }: IntactTable,
  selected: readonly Selected[],
  options: BatchOptions,
): Promise<AsyncGenerator<Batch> | undefined> {
  if (!isOfThisWriter(manifest)) return undefined;
  const layout = await readLayout(file);
  if (layout === undefined) return undefined;
  const described = layout.columns.map(({ name, type }) => ({ name, type }));
  requireSound(isDeepStrictEqual(described, manifest.columns), "had other columns");
  if (!hasKnownColumns(layout, selected)) return undefined;
  requireSound(layout.rows === manifest.rows, `had ${layout.rows} rows`);
  return (async function* () {
    for await (const columns of readGroups(file, layout, selected, options)) {
      yield namedBatch(selected, columns);
    }
  })();
}

/** Why a table that was intact when it was opened gave no further rows. */
async function explained(
  error: unknown,
  {
    store,
    folder,
    rows,
  }: { readonly store: Store; readonly folder: string; readonly rows: number },
): Promise<unknown> {
  const file = `${folder}/${PARQUET_FILE}`;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const isGone = code === "ENOENT" || code === "ENOTDIR";
  if (syscall !== undefined && !isGone) return unreadable(file, error);
  if (!isGone && !isOfFile(error)) return error;
  await requireIntact(store, folder, { again: true });
  const what = error instanceof CorruptFile ? error.message : "ended in an error";
  const message = `gave ${rows} rows, and then it ${what}`;
  return new DataError({ file, message, fix: remedy(folder) });
}

/** What a table that can be read never brings about; others are of memory, a stop or a mistake. */
const OF_FILE =
  /^((IO|Invalid|Invalid Input|Binder|Conversion|Serialization|Not implemented) Error|TProtocolException)/i;

function isOfFile(error: unknown): boolean {
  if (error instanceof CorruptFile || error instanceof BrokenStream) return true;
  return error instanceof Error && OF_FILE.test(error.message);
}

function rowsOf(batch: Batch): number {
  return Object.values(batch)[0]!.length;
}

function emptyBatch(selected: readonly Selected[], rows: number): Batch {
  return namedBatch(
    selected,
    selected.map(({ kind }) => makeColumn(kind, rows)),
  );
}

function copyColumn(part: Column, whole: Column, at: number): void {
  if (!Array.isArray(whole)) (whole as Float64Array).set(part as Float64Array, at);
  else for (let i = 0; i < part.length; i++) whole[at + i] = (part as readonly string[])[i]!;
}
