import type { DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";

/** A streamed result ended in an error, which DuckDB's bindings for Node keep to themselves. */
export class BrokenStream extends Error {
  /** Rows that came before. */
  readonly rows: number;

  constructor(rows: number) {
    super(`the result broke off after ${rows} rows`);
    this.rows = rows;
  }
}

/**
 * Chunks of a streamed result until its true end: after an error, too, the bindings give no further chunk, and only the
 * type of the result tells the one from the other.
 *
 * @throws {BrokenStream} the result is not whole
 */
export async function* chunksOf(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk> {
  const { ResultReturnType } = await import("@duckdb/node-api");
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    rows += chunk.rowCount;
    yield chunk;
  }
  if (result.returnType === ResultReturnType.INVALID) throw new BrokenStream(rows);
}
