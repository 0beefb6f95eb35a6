// What is a symbol's row to a model, whatever is predicted from it?
import { ModelInputs } from "./model-inputs.js";
import type { SymbolFeatures } from "./symbol-features.js";

/** Inputs of one symbol's rows, and which of them are there to be used. */
export interface InputRows {
  /** Rows × names, row by row, NaN where missing. */
  readonly inputs: Float32Array;
  /** 1 where every input has had a value since the stream began. */
  readonly isWarm: Uint8Array;
  /** 1 where there is no valid book at the bar's end, though labels are of its mid. */
  readonly lacksBook: Uint8Array;
  /** First row of the whole run that ends at each, counted from the symbol's first row. */
  readonly runStart: Uint32Array;
}

/** What inputs are made for. */
export interface InputSettings {
  /** Features that models are fed with, in the order of their inputs. */
  readonly names: readonly string[];
  readonly barUs: number;
  readonly labelKind: "mid" | "close";
}

/** Makes the inputs of one symbol's rows; values hold `close` and `volume_ratio_60` beside the named features. */
export function inputRows(
  { barEndUs, values, mid }: Pick<SymbolFeatures, "barEndUs" | "values" | "mid">,
  { names, barUs, labelKind }: InputSettings,
): InputRows {
  const rows = barEndUs.length;
  const width = names.length;
  const inputs = new Float32Array(rows * width);
  const isWarm = new Uint8Array(rows);
  const lacksBook = new Uint8Array(rows);
  const runStart = new Uint32Array(rows);
  const seen = new Uint8Array(width);
  let model = new ModelInputs(names);
  let unseen = width;
  let start = 0;
  for (let i = 0; i < rows; i++) {
    if (i > 0 && barEndUs[i]! - barEndUs[i - 1]! !== barUs) {
      model = new ModelInputs(names);
      seen.fill(0);
      unseen = width;
      start = i;
    }
    model.update((name) => values[name]![i]!, inputs, i * width);
    for (let j = 0; unseen > 0 && j < width; j++) {
      if (seen[j] === 1 || Number.isNaN(inputs[i * width + j]!)) continue;
      seen[j] = 1;
      unseen--;
    }
    if (unseen === 0) isWarm[i] = 1;
    if (labelKind === "mid" && Number.isNaN(mid[i]!)) lacksBook[i] = 1;
    if (isWarm[i] === 0 || lacksBook[i] === 1) start = i + 1;
    runStart[i] = Math.min(start, i);
  }
  return { inputs, isWarm, lacksBook, runStart };
}
