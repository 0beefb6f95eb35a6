import { rowLogLoss } from "../core/row-log-loss.js";
import { MINUTE_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";

/** Figures that the trial ledger holds of every fit; intervals and gates are evaluation's. */
export type TrialFigures = Readonly<
  Record<"rows" | "accuracy" | "brierLoss" | "logLoss" | "horizonMinutes", number>
>;

/**
 * Plain means over the test rows.
 *
 * @param rows - n test rows
 * @param probability - n probabilities of "up", in [0, 1]
 * @returns accuracy counts a tie, of outcome or of probability, as half right
 */
export function trialFigures(
  { outcome, horizonUs }: Pick<Dataset, "outcome" | "horizonUs">,
  rows: Uint32Array,
  probability: Float64Array,
): TrialFigures {
  let hits = 0;
  let squares = 0;
  let logs = 0;
  for (let i = 0; i < rows.length; i++) {
    const p = probability[i]!;
    const y = outcome[rows[i]!]!;
    hits += p > 0.5 ? y : p < 0.5 ? 1 - y : 0.5;
    squares += (y - p) ** 2;
    logs += rowLogLoss(p, y);
  }
  const n = rows.length;
  const means = { accuracy: hits / n, brierLoss: squares / n, logLoss: logs / n };
  return { rows: n, ...means, horizonMinutes: horizonUs / MINUTE_US };
}
