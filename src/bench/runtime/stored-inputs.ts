// Stored features as the matrix of training has them: all days of a symbol at once.
import { columnsOf } from "../../dataset/column-sets.js";
import { type InputRows, inputRows } from "../../dataset/input-rows.js";
import { FEATURES } from "../../features/catalogue.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import type { RowPart } from "../../features/row-parts.js";
import { KEPT } from "../../features/row-rule.js";
import { readFeatureRows } from "../../features/stored-rows.js";
import type { Store } from "../../store/store.js";
import type { LiveStore } from "./live-store.js";

/** A symbol's stored rows, in order, and which of them were made in one stream. */
export interface StoredStream {
  readonly barUs: number;
  readonly rows: readonly FeatureRow[];
  readonly parts: readonly RowPart[];
}

/** Reads all days of each symbol. */
export async function storedStreams(
  store: Store,
  { exchange, symbols, barUs, dayBefore, days }: LiveStore,
): Promise<readonly StoredStream[]> {
  const streams: StoredStream[] = [];
  for (const symbol of symbols) {
    const rows: FeatureRow[] = [];
    const parts: RowPart[] = [];
    for (const date of [dayBefore, ...days]) {
      const day = await readFeatureRows(store, { exchange, symbol, date }, barUs);
      const { source, beginsStream } = day;
      parts.push({ from: rows.length, to: rows.length + day.rows.length, source, beginsStream });
      rows.push(...day.rows);
    }
    streams.push({ barUs, rows, parts });
  }
  return streams;
}

/** Features of which every symbol has inputs for most of the day before, in the order of a model's inputs. */
export function inputNames(streams: readonly StoredStream[]): readonly string[] {
  const all = columnsOf("full");
  const matrices = streams.map((stream) => matrixOf(stream, all));
  return all.filter((_, j) =>
    streams.every(({ parts }, s) => {
      const rows = parts[0]!.to;
      let missing = 0;
      for (let i = 0; i < rows; i++) {
        missing += Number(Number.isNaN(matrices[s]!.inputs[i * all.length + j]!));
      }
      return 2 * missing < rows;
    }),
  );
}

/** Rows as a matrix, by the code that makes the matrix of training. */
export function matrixOf(
  { barUs, rows, parts }: StoredStream,
  names: readonly string[],
): InputRows {
  const values = Object.fromEntries(
    FEATURES.map(({ name }, i) => [name, Float64Array.from(rows, (row) => row.values[i]!)]),
  );
  const series = {
    barEndUs: Float64Array.from(rows, ({ barEndUs }) => barEndUs),
    mid: Float64Array.from(rows, ({ mid }) => mid),
    valid: BigUint64Array.from(rows, ({ valid }) => valid),
    values,
    parts,
  };
  return inputRows(series, { names, barUs, labelKind: "mid" });
}

/** Rows at which a model of so many steps may be asked. */
export function askableRows({ code, runStart }: InputRows, steps: number): Uint32Array {
  const rows = Uint32Array.from(code.keys());
  return rows.filter((row) => code[row] === KEPT && row + 1 - runStart[row]! >= steps);
}
