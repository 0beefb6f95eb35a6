import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBVector,
} from "@duckdb/node-api";
import { quote, quoteName, type Store } from "./store.js";
import { COLUMN_TYPES, type Column, type ColumnKind, copyToChunk } from "./vectors.js";

/** One column of a table to write: what it is in memory, and the SQL that makes the stored value of `value`. */
export interface WrittenColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Stored type as DuckDB calls it. */
  readonly type: string;
  /** Expression over the column's name; default casts to `type`. */
  readonly sql?: string;
}

/** Collects columns piece by piece and writes them as one Parquet file; the same rows give the same bytes. */
export interface TableWriter {
  /** Adds the first `rows` values of each column, in the order of the table's columns. */
  append(columns: readonly Column[], rows: number): void;
  /** Writes the file and ends the writer. */
  finish(file: string): Promise<void>;
  /** Ends the writer without a file. */
  abort(): void;
}

/** Numbers the tables of this process, so that writers that run at once do not share one. */
let nextTable = 0;

/**
 * Starts a table.
 *
 * @param columns - names, types and order of the stored columns
 */
export async function createTableWriter(
  store: Store,
  columns: readonly WrittenColumn[],
): Promise<TableWriter> {
  const connection = await store.connectWriter();
  const table = `table_${nextTable++}`;
  const types = columns.map(({ kind }) => COLUMN_TYPES[kind]);
  const declared = columns.map(({ name }, i) => `${quoteName(name)} ${types[i]}`);
  await connection.run(`CREATE TEMP TABLE ${table} (${declared.join(", ")})`);
  const appender = await connection.createAppender(table);
  const append = appendChunks(appender, columns);

  const end = (): void => {
    connection.closeSync();
  };
  return {
    append,
    finish: async (file) => {
      try {
        appender.closeSync();
        await copyToFile(connection, table, columns, file);
      } finally {
        end();
      }
    },
    abort: () => {
      appender.closeSync();
      end();
    },
  };
}

/** SQL that stores µs kept in a double as a whole number, and NaN as NULL. */
export function timeSql(name: string): string {
  const column = quoteName(name);
  return `CASE WHEN isnan(${column}) THEN NULL ELSE CAST(${column} AS BIGINT) END`;
}

function appendChunks(
  appender: DuckDBAppender,
  columns: readonly WrittenColumn[],
): TableWriter["append"] {
  const capacity = DuckDBVector.standardSize();
  const chunk = DuckDBDataChunk.create(columns.map(({ kind }) => COLUMN_TYPES[kind]));
  return (values, rows) => {
    for (let start = 0; start < rows; start += capacity) {
      chunk.reset();
      chunk.rowCount = Math.min(capacity, rows - start);
      values.forEach((column, index) => {
        copyToChunk(chunk, index, column, start);
      });
      appender.appendDataChunk(chunk);
    }
  };
}

async function copyToFile(
  connection: DuckDBConnection,
  table: string,
  columns: readonly WrittenColumn[],
  file: string,
): Promise<void> {
  const selected = columns.map(({ name, type, sql }) => {
    const value = sql ?? `CAST(${quoteName(name)} AS ${type})`;
    return `${value} AS ${quoteName(name)}`;
  });
  await connection.run(
    `COPY (SELECT ${selected.join(", ")} FROM ${table}) TO ${quote(file)} ` +
      "(FORMAT parquet, COMPRESSION zstd)",
  );
  await connection.run(`DROP TABLE ${table}`);
}
