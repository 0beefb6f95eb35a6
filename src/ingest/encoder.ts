import { createParquetFile } from "../store/parquet/parquet-file.js";
import type { StoredColumn } from "../store/parquet/stored-column.js";
import type { Batch } from "./batch.js";

/** Turns batches into a Parquet file, in this thread or in another. */
export interface Encoder {
  /** Takes a batch, a row group of the file; gives one that the next rows can go to. */
  append(batch: Batch, rows: number): Batch;
  /** Resolves when there is room for another batch; rejects when one could not be written. */
  ready(): Promise<void>;
  /** Ends the file once all batches are in it. */
  finish(): Promise<void>;
  /** Closes the file, finished or not. */
  close(): Promise<void>;
}

/**
 * An encoder that works in the calling thread.
 *
 * @param file - path of a file that is not there
 */
export async function localEncoder(
  file: string,
  columns: readonly StoredColumn[],
): Promise<Encoder> {
  const table = await createParquetFile(file, columns);
  return {
    append: (batch, rows) => {
      table.append(batch.columns, rows);
      return batch;
    },
    ready: async () => undefined,
    finish: async () => table.finish(),
    close: async () => table.close(),
  };
}
