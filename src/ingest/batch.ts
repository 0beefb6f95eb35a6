import { rowGroupRows } from "../store/parquet/row-group.js";
import type { Texts } from "../store/parquet/text-dictionary.js";
import type { Field, FieldRule } from "../store/schema.js";

/** Texts that can be added to. */
export interface GrowingTexts extends Texts {
  bytes: Uint8Array;
}

/** Column of a batch, by what its field holds. */
type BatchColumn = Float64Array | Int8Array | Uint8Array | GrowingTexts;

/**
 * Rows in the form in which they are parsed and stored. Each column is in `columns` and, under its field's number, in the
 * list of its kind, where hot code finds it without asking what it is.
 */
export interface Batch {
  readonly columns: readonly BatchColumn[];
  readonly numbers: readonly (Float64Array | undefined)[];
  /** 1 buy or bid, −1 sell or ask, 0 unknown. */
  readonly sides: readonly (Int8Array | undefined)[];
  readonly flags: readonly (Uint8Array | undefined)[];
  readonly texts: readonly (GrowingTexts | undefined)[];
}

/** An empty batch with room for a row group. */
export function makeBatch(fields: readonly Field[]): Batch {
  const rows = rowGroupRows(fields.length);
  return batchOf(fields.map(({ rule }) => makeColumn(rule, rows)));
}

/** The batch of columns that came back from where they were used. */
export function batchOf(columns: readonly BatchColumn[]): Batch {
  const those = <Kind extends BatchColumn>(kind: new (rows: number) => Kind) =>
    columns.map((column) => (column instanceof kind ? column : undefined));
  return {
    columns,
    numbers: those<Float64Array>(Float64Array),
    sides: those<Int8Array>(Int8Array),
    flags: those<Uint8Array>(Uint8Array),
    texts: columns.map((column) => ("ends" in column ? column : undefined)),
  };
}

/** The memory of a batch's columns, to be handed to another thread. */
export function batchBuffers({ columns }: Pick<Batch, "columns">): readonly ArrayBuffer[] {
  const buffers = columns.map((column) =>
    "ends" in column ? [column.bytes.buffer, column.ends.buffer] : [column.buffer],
  );
  return buffers.flat() as ArrayBuffer[];
}

/** Puts a text behind that of the row before. */
export function appendText(
  texts: GrowingTexts,
  row: number,
  { data, from, to }: { readonly data: Uint8Array; readonly from: number; readonly to: number },
): void {
  const start = row === 0 ? 0 : texts.ends[row - 1]!;
  const end = start + to - from;
  if (end > texts.bytes.length) {
    const grown = new Uint8Array(2 * end);
    grown.set(texts.bytes);
    texts.bytes = grown;
  }
  for (let i = 0; i < to - from; i++) texts.bytes[start + i] = data[from + i]!;
  texts.ends[row] = end;
}

function makeColumn(rule: FieldRule, rows: number): BatchColumn {
  if (rule === "tradeSide" || rule === "bookSide") return new Int8Array(rows);
  if (rule === "flag") return new Uint8Array(rows);
  if (rule === "text") return { bytes: new Uint8Array(16 * rows), ends: new Uint32Array(rows) };
  return new Float64Array(rows);
}
