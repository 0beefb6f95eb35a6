import { type Column, type ColumnKind, makeColumn } from "../column.js";
import { createParquetFile, type ParquetFile } from "./parquet-file.js";
import { rowGroupRows } from "./row-group.js";
import type { StoredColumn } from "./stored-column.js";

/** Collects rows that come in pieces of any size, so that the pieces leave no trace in the file. */
export class GroupedTable {
  readonly #file: ParquetFile;
  readonly #kinds: readonly ColumnKind[];
  readonly #groupRows: number;
  #group: readonly Column[];
  #filled = 0;

  private constructor(file: ParquetFile, kinds: readonly ColumnKind[]) {
    this.#file = file;
    this.#kinds = kinds;
    this.#groupRows = rowGroupRows(kinds.length);
    this.#group = [];
  }

  /**
   * Starts a table.
   *
   * @param file - path of a file that is not there
   * @param table.columns - how each column is stored
   * @param table.kinds - what each column is in memory
   */
  static async create(
    file: string,
    {
      columns,
      kinds,
    }: { readonly columns: readonly StoredColumn[]; readonly kinds: readonly ColumnKind[] },
  ): Promise<GroupedTable> {
    return new GroupedTable(await createParquetFile(file, columns), kinds);
  }

  /** Adds the first `rows` values of each column. */
  append(columns: readonly Column[], rows: number): void {
    for (let start = 0; start < rows; ) {
      if (this.#group.length === 0) this.#makeGroup(rows - start);
      const room = this.#group[0]!.length - this.#filled;
      const count = Math.min(room, rows - start);
      columns.forEach((column, i) => {
        copyRows(column, this.#group[i]!, { start, count, at: this.#filled });
      });
      this.#filled += count;
      start += count;
      if (this.#filled === this.#group[0]!.length) this.#flushOrGrow();
    }
  }

  /** Writes what is left, and ends the file. */
  finish(): void {
    this.#file.append(this.#group, this.#filled);
    this.#file.finish();
  }

  /** Closes the file, finished or not. */
  close(): void {
    this.#file.close();
  }

  /** Small tables get small columns, which grow up to a group. */
  #makeGroup(rows: number): void {
    const size = Math.min(this.#groupRows, Math.max(rows, 1 << 10));
    this.#group = this.#kinds.map((kind) => makeColumn(kind, size));
  }

  #flushOrGrow(): void {
    if (this.#filled === this.#groupRows) {
      this.#file.append(this.#group, this.#filled);
      this.#filled = 0;
      return;
    }
    const small = this.#group;
    const size = Math.min(this.#groupRows, 4 * this.#filled);
    this.#group = this.#kinds.map((kind) => makeColumn(kind, size));
    small.forEach((column, i) => {
      copyRows(column, this.#group[i]!, { start: 0, count: this.#filled, at: 0 });
    });
  }
}

function copyRows(
  source: Column,
  target: Column,
  { start, count, at }: { readonly start: number; readonly count: number; readonly at: number },
): void {
  if (Array.isArray(target)) {
    for (let i = 0; i < count; i++) target[at + i] = (source as readonly string[])[start + i]!;
    return;
  }
  (target as Float64Array).set((source as Float64Array).subarray(start, start + count), at);
}
