import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { Column } from "./column.js";

type Items = Exclude<Column, readonly string[]>;

/**
 * Copies a chunk's column into a batch.
 *
 * @param target - column of the same kind, with room from `at` on
 */
export function copyFromChunk(
  chunk: DuckDBDataChunk,
  index: number,
  target: Column,
  at: number,
): void {
  const vector = chunk.getColumnVector(index);
  if (Array.isArray(target)) {
    for (let i = 0; i < chunk.rowCount; i++) target[at + i] = String(vector.getItem(i) ?? "");
    return;
  }
  (target as Float64Array).set(itemsOf(vector) as Float64Array, at);
}

/** The memory of a vector: the library keeps it private, and element by element it is ten times slower. */
function itemsOf(vector: unknown): Items {
  const { items } = vector as { readonly items?: Items };
  if (items !== undefined && ArrayBuffer.isView(items)) return items;
  throw new TypeError("a DuckDB vector had no typed items; the installed @duckdb/node-api differs");
}
