import { chunksOf } from "./chunks.js";
import { type Column, makeColumn } from "./column.js";
import { PARQUET_FILE } from "./partition.js";
import { type Batch, namedBatch, type Selected, selectedSql } from "./selected.js";
import { escapeGlob, quote, type Store } from "./store.js";
import { copyFromChunk } from "./vectors.js";

/** Rows in a batch; the last one has fewer. */
const BATCH_ROWS = 1 << 17;

/**
 * Batches of any Parquet table in stored order, read by DuckDB; each batch has arrays of its own, and none is empty.
 *
 * @throws {BrokenStream} the table ended in an error
 */
export async function* duckdbBatches(
  store: Store,
  folder: string,
  selected: readonly Selected[],
): AsyncGenerator<Batch> {
  const file = escapeGlob(store.path(`${folder}/${PARQUET_FILE}`));
  const connection = await store.connect();
  try {
    const sql = `SELECT ${selected.map(selectedSql).join(", ")} FROM read_parquet(${quote(file)}, hive_partitioning = false)`;
    let batch = makeBatch(selected);
    let filled = 0;
    for await (const chunk of chunksOf(await connection.stream(sql))) {
      const overflow = filled + chunk.rowCount > BATCH_ROWS;
      if (overflow && filled > 0) {
        yield takeRows(batch, selected, filled);
        batch = makeBatch(selected);
        filled = 0;
      }
      batch.forEach((column, index) => {
        copyFromChunk(chunk, index, column, filled);
      });
      filled += chunk.rowCount;
    }
    if (filled > 0) yield takeRows(batch, selected, filled);
  } finally {
    connection.closeSync();
  }
}

function makeBatch(selected: readonly Selected[]): Column[] {
  return selected.map(({ kind }) => makeColumn(kind, BATCH_ROWS));
}

function takeRows(batch: readonly Column[], selected: readonly Selected[], rows: number): Batch {
  const columns = batch.map((column) => (column.length === rows ? column : column.slice(0, rows)));
  return namedBatch(selected, columns);
}
