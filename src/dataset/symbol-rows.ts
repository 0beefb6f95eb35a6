import type { InputSettings } from "../features/input-stream.js";
import { KEPT, LEFT_OUT_CAUSES, type LeftOutCause } from "../features/row-rule.js";
import type { InputRows } from "./input-rows.js";
import type { LabelRule } from "./label-rule.js";
import { type Labels, labelsOf } from "./labels.js";
import type { SymbolSeries } from "./symbol-series.js";

/** Why a row can be neither trained nor tested on; the first cause that holds is counted. */
export type Cause = LeftOutCause | "no label";

/** Rows of one symbol, ready to be joined to those of others. */
export interface SymbolRows extends Labels, Pick<InputRows, "inputs" | "runStart"> {
  readonly rows: number;
  readonly isUsable: Uint8Array;
  readonly isPredictable: Uint8Array;
  readonly excluded: Readonly<Record<Cause, number>>;
}

/** What rows are made for. */
export interface RowSettings extends Omit<InputSettings, "names"> {
  readonly horizonUs: number;
  readonly latencyUs: number;
  readonly labelRule: LabelRule;
}

/**
 * Labels and masks of one symbol, joined to its inputs.
 *
 * A row is left out as the row rule says of its inputs, or when it has no label; without a label it can still be predicted, if
 * a label is asked for at all. An input that is missing in a row that is kept stays NaN and becomes the training mean at the
 * model.
 */
export function symbolRows(
  series: SymbolSeries,
  { inputs, code, runStart }: InputRows,
  { labelKind, labelRule: rule, ...label }: RowSettings,
): SymbolRows {
  const { values, mid } = series;
  const rows = series.barEndUs.length;
  const knownPrice = labelKind === "mid" ? mid : values["close"]!;
  const labels = labelsOf({ ...series, knownPrice }, { rule, ...label });
  const isUsable = new Uint8Array(rows);
  const isPredictable = new Uint8Array(rows);
  const excluded: Record<Cause, number> = {
    "not in the source": 0,
    "warm-up": 0,
    "no valid book": 0,
    "no label": 0,
  };
  for (let i = 0; i < rows; i++) {
    if (code[i] !== KEPT) {
      excluded[LEFT_OUT_CAUSES[code[i]!]!]++;
      continue;
    }
    isPredictable[i] = Number(!Number.isNaN(labels.labelEndUs[i]!));
    if (Number.isNaN(labels.outcome[i]!)) excluded["no label"]++;
    else isUsable[i] = 1;
  }
  return { rows, inputs, ...labels, isUsable, isPredictable, runStart, excluded };
}
