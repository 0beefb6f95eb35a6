import { closeSync, openSync, writeSync } from "node:fs";
import { ColumnPageMaker, type ColumnPages } from "./column-pages.js";
import { columnStatistics } from "./column-statistics.js";
import { compactThrift, type ThriftField, type ThriftValue } from "./compact-thrift.js";
import { CREATOR, ENCODING, MAGIC, PAGE, REPETITION, TYPES, ZSTD } from "./format-numbers.js";
import type { StoredColumn, StoredValues } from "./stored-column.js";
import { compress, loadZstd } from "./zstd.js";

/**
 * Starts a Parquet file.
 *
 * @param file - path of a file that is not there
 * @param columns - in stored order
 */
export async function createParquetFile(
  file: string,
  columns: readonly StoredColumn[],
): Promise<ParquetFile> {
  await loadZstd();
  return new ParquetFile(file, columns);
}

/**
 * Writes a Parquet file, one row group a call, zstd-compressed. The same columns in the same calls give the same bytes, on
 * every machine. Memory is bound by the largest row group.
 *
 * @see https://github.com/apache/parquet-format
 */
export class ParquetFile {
  readonly #columns: readonly StoredColumn[];
  readonly #pages: ColumnPageMaker = new ColumnPageMaker();
  readonly #groups: ThriftValue[] = [];
  #file: number | undefined;
  #position = 0;
  #rows = 0;

  constructor(file: string, columns: readonly StoredColumn[]) {
    this.#columns = columns;
    this.#file = openSync(file, "wx");
    this.#write(MAGIC);
  }

  /**
   * Adds a row group.
   *
   * @param values - one per column, in its order
   * @param rows - how many of each column's first values to take
   */
  append(values: readonly StoredValues[], rows: number): void {
    if (rows === 0) return;
    const start = this.#position;
    let plainBytes = 0;
    const chunks = this.#columns.map((column, i): ThriftValue => {
      const chunk = this.#writeChunk(column, values[i]!, rows);
      plainBytes += chunk.plainBytes;
      return {
        struct: [
          [2, { i64: chunk.start }],
          [3, { struct: chunk.metadata }],
        ],
      };
    });
    this.#groups.push({
      struct: [
        [1, { list: chunks }],
        [2, { i64: plainBytes }],
        [3, { i64: rows }],
        [5, { i64: start }],
        [6, { i64: this.#position - start }],
      ],
    });
    this.#rows += rows;
  }

  /** Writes what readers begin with, and closes the file. It is not flushed to disk. */
  finish(): void {
    const footer = compactThrift([
      [1, { i32: 2 }],
      [2, { list: schema(this.#columns) }],
      [3, { i64: this.#rows }],
      [4, { list: this.#groups }],
      [6, { text: CREATOR }],
      // Smallest and largest values are in the order of their types.
      [7, { list: this.#columns.map(() => ({ struct: [[1, { struct: [] }]] })) }],
    ]);
    this.#write(footer);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    this.#write(length);
    this.#write(MAGIC);
    this.close();
  }

  /** Closes the file as it is; without `finish` before, no reader takes it. */
  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
  }

  #writeChunk(
    column: StoredColumn,
    values: StoredValues,
    rows: number,
  ): {
    readonly start: number;
    readonly plainBytes: number;
    readonly metadata: readonly ThriftField[];
  } {
    const pages = this.#pages.make(column, values, rows);
    const start = this.#position;
    const dictionary = pages.dictionary;
    const dictionaryBytes =
      dictionary === undefined
        ? 0
        : this.#writePage(dictionary.bytes, PAGE.dictionary, [
            [
              7,
              {
                struct: [
                  [1, { i32: dictionary.count }],
                  [2, { i32: ENCODING.plain }],
                ],
              },
            ],
          ]);
    const dataStart = this.#position;
    const dataBytes = this.#writePage(pages.data, PAGE.data, [
      [5, { struct: [[1, { i32: rows }], [2, { i32: pages.encoding }], ...levelEncodings()] }],
    ]);
    const plainBytes = dictionaryBytes + dataBytes;
    const metadata: readonly ThriftField[] = [
      [1, { i32: TYPES[column.type][0] }],
      [2, { list: encodings(pages).map((encoding) => ({ i32: encoding })) }],
      [3, { list: [{ text: column.name }] }],
      [4, { i32: ZSTD }],
      [5, { i64: rows }],
      [6, { i64: plainBytes }],
      [7, { i64: this.#position - start }],
      [9, { i64: dataStart }],
      ...(dictionary === undefined ? [] : [[11, { i64: start }] as const]),
      [12, { struct: columnStatistics(column.type, pages.nulls, pages.range) }],
    ];
    return { start, plainBytes, metadata };
  }

  /** Writes a page; returns its bytes before compression, with its header. */
  #writePage(bytes: Uint8Array, type: number, header: readonly ThriftField[]): number {
    const packed = compress(bytes);
    const head = compactThrift([
      [1, { i32: type }],
      [2, { i32: bytes.length }],
      [3, { i32: packed.length }],
      ...header,
    ]);
    this.#write(head);
    this.#write(packed);
    return head.length + bytes.length;
  }

  #write(bytes: Uint8Array): void {
    if (this.#file === undefined) throw new Error("the Parquet file is closed");
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done);
    }
    this.#position += bytes.length;
  }
}

function encodings({ encoding, dictionary }: ColumnPages): readonly number[] {
  return dictionary === undefined
    ? [ENCODING.runs, encoding]
    : [ENCODING.plain, ENCODING.runs, encoding];
}

function levelEncodings(): readonly ThriftField[] {
  return [
    [3, { i32: ENCODING.runs }],
    [4, { i32: ENCODING.runs }],
  ];
}

function schema(columns: readonly StoredColumn[]): readonly ThriftValue[] {
  const leaves = columns.map(({ name, type, isNullable }): ThriftValue => {
    const [physical, converted] = TYPES[type];
    return {
      struct: [
        [1, { i32: physical }],
        [3, { i32: isNullable ? REPETITION.optional : REPETITION.required }],
        [4, { text: name }],
        ...(converted === undefined ? [] : [[6, { i32: converted }] as const]),
      ],
    };
  });
  return [
    {
      struct: [
        [4, { text: "table" }],
        [5, { i32: columns.length }],
      ],
    },
    ...leaves,
  ];
}
