import { type InputSettings, InputStream } from "../features/input-stream.js";
import type { SymbolFeatures } from "./symbol-features.js";

/** Inputs of one symbol's rows, and which of them are there to be used. */
export interface InputRows {
  /** Rows × names, row by row, NaN where missing: in rows that are kept the training mean takes its place. */
  readonly inputs: Float32Array;
  /** Whether a model may be asked: codes of the row rule. */
  readonly code: Uint8Array;
  /** First row of the whole run that ends at each, counted from the symbol's first row. */
  readonly runStart: Uint32Array;
}

/** A symbol's features, and how long its stream has been running. */
type InputSeries = Pick<
  SymbolFeatures,
  "barEndUs" | "values" | "mid" | "valid" | "parts" | "before"
>;

/** Makes the inputs of one symbol's rows; values hold `close` and `volume_ratio_60` beside the named features. */
export function inputRows(
  { barEndUs, values, mid, valid, parts, before }: InputSeries,
  settings: InputSettings,
): InputRows {
  const rows = barEndUs.length;
  const width = settings.names.length;
  const inputs = new Float32Array(rows * width);
  const code = new Uint8Array(rows);
  const runStart = new Uint32Array(rows);
  let stream: InputStream | undefined;
  for (const { from, to, source, beginsStream } of parts) {
    stream ??= new InputStream(settings, source, { before });
    stream.beginPart(source);
    if (from > 0 && from < to && beginsStream) stream.beginStream();
    for (let i = from; i < to; i++) {
      const value = (name: string): number => values[name]![i]!;
      const row = { barEndUs: barEndUs[i]!, mid: mid[i]!, valid: valid[i]!, value };
      code[i] = stream.next(row, inputs, i * width);
      // Where no model may be asked the run is the row's own.
      runStart[i] = i + 1 - Math.max(1, stream.runRows);
    }
  }
  return { inputs, code, runStart };
}
