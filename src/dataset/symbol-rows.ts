import type { LabelRule } from "./label-rule.js";
import { type Labels, labelsOf } from "./labels.js";
import { ModelInputs } from "./model-inputs.js";
import type { SymbolSeries } from "./symbol-series.js";

/** Why a row can be neither trained nor tested on; the first cause that holds is counted. */
export type Cause = "warm-up" | "no valid book" | "no label";

/** Rows of one symbol, ready to be joined to those of others. */
export interface SymbolRows extends Labels {
  readonly rows: number;
  readonly inputs: Float32Array;
  readonly isUsable: Uint8Array;
  /** Counted from the symbol's first row. */
  readonly runStart: Uint32Array;
  readonly excluded: Readonly<Record<Cause, number>>;
}

/** What rows are made for. */
export interface RowSettings {
  /** Features that models are fed with, in the order of their inputs. */
  readonly names: readonly string[];
  readonly barUs: number;
  readonly horizonUs: number;
  readonly latencyUs: number;
  readonly labelKind: "mid" | "close";
  readonly labelRule: LabelRule;
}

/**
 * Inputs, labels and masks of one symbol.
 *
 * A row is left out when an input has not had a value yet since the stream began (warm-up), when there is no valid book at
 * its end, or when it has no label. An input that is missing later (nothing traded, one side empty, a session's first
 * bars) stays NaN and becomes the training mean at the model.
 */
export function symbolRows(series: SymbolSeries, settings: RowSettings): SymbolRows {
  const { names, labelKind, labelRule: rule, ...label } = settings;
  const { barEndUs, values, mid } = series;
  const { barUs } = settings;
  const rows = barEndUs.length;
  const knownPrice = labelKind === "mid" ? mid : values["close"]!;
  const labels = labelsOf({ ...series, knownPrice }, { rule, ...label });
  const inputs = new Float32Array(rows * names.length);
  const isUsable = new Uint8Array(rows);
  const runStart = new Uint32Array(rows);
  const excluded: Record<Cause, number> = { "warm-up": 0, "no valid book": 0, "no label": 0 };
  let model = new ModelInputs(names);
  let seen = new Uint8Array(names.length);
  let start = 0;
  for (let i = 0; i < rows; i++) {
    if (i > 0 && barEndUs[i]! - barEndUs[i - 1]! !== barUs) {
      model = new ModelInputs(names);
      seen = new Uint8Array(names.length);
      start = i;
    }
    model.update((name) => values[name]![i]!, inputs, i * names.length);
    for (let j = 0; j < names.length; j++) {
      if (!Number.isNaN(inputs[i * names.length + j]!)) seen[j] = 1;
    }
    const lacksBook = labelKind === "mid" && Number.isNaN(mid[i]!);
    const isWarm = seen.every((has) => has === 1);
    if (!isWarm || lacksBook) start = i + 1;
    runStart[i] = Math.min(start, i);
    const cause = !isWarm
      ? "warm-up"
      : lacksBook
        ? "no valid book"
        : Number.isNaN(labels.outcome[i]!)
          ? "no label"
          : undefined;
    if (cause === undefined) isUsable[i] = 1;
    else excluded[cause]++;
  }
  return { rows, inputs, ...labels, isUsable, runStart, excluded };
}
