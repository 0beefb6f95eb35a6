// What is a symbol's row to a model, whatever is predicted from it?
import { StreamClock } from "../features/stream-clock.js";
import { ModelInputs } from "./model-inputs.js";
import { KEPT, NO_BOOK, rowRule } from "./row-rule.js";
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

/** What inputs are made for. */
export interface InputSettings {
  /** Features that models are fed with, in the order of their inputs. */
  readonly names: readonly string[];
  readonly barUs: number;
  /** `mid`: rows without a valid book at the bar's end are left out, whatever their inputs. */
  readonly labelKind: "mid" | "close";
}

/** A symbol's features, and how long its stream has been running. */
type InputSeries = Pick<
  SymbolFeatures,
  "barEndUs" | "values" | "mid" | "valid" | "parts" | "before"
>;

/** Makes the inputs of one symbol's rows; values hold `close` and `volume_ratio_60` beside the named features. */
export function inputRows(
  { barEndUs, values, mid, valid, parts, before }: InputSeries,
  { names, barUs, labelKind }: InputSettings,
): InputRows {
  const rows = barEndUs.length;
  const width = names.length;
  const inputs = new Float32Array(rows * width);
  const code = new Uint8Array(rows);
  const runStart = new Uint32Array(rows);
  const close = values["close"]!;
  const hasBegun = new Uint8Array(width);
  const clock = new StreamClock(barUs);
  if (before !== undefined) clock.restore(before);
  let model = new ModelInputs(names);
  let start = 0;
  for (const { from, to, source, beginsStream } of parts) {
    const judge = rowRule(names, barUs, source);
    for (let i = from; i < to; i++) {
      const isGap = i > 0 && barEndUs[i]! - barEndUs[i - 1]! !== barUs;
      if (isGap || (i === from && i > 0 && beginsStream)) {
        model = new ModelInputs(names);
        clock.beginStream();
        hasBegun.fill(0);
        start = i;
      }
      const at = i * width;
      model.update((name) => values[name]![i]!, inputs, at);
      clock.next(barEndUs[i]!, close[i]!, valid[i]!);
      for (let j = 0; j < width; j++) if (!Number.isNaN(inputs[at + j]!)) hasBegun[j] = 1;
      const lacksBook = labelKind === "mid" && Number.isNaN(mid[i]!);
      code[i] = Math.min(judge(inputs, at, clock, hasBegun), lacksBook ? NO_BOOK : KEPT);
      if (code[i] !== KEPT) start = i + 1;
      runStart[i] = Math.min(start, i);
    }
  }
  return { inputs, code, runStart };
}
