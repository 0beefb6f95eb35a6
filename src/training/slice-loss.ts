import type { Dataset } from "../dataset/matrix.js";
import { logLoss } from "../models/logistic.js";
import { type Predictor, predictLogits } from "../models/predictor.js";
import type { RowWeight } from "./class-weights.js";

/** What a model is worth on some rows, dropout off. */
export interface SliceLoss {
  /** Mean log-loss, the rows weighted as in training. */
  readonly loss: number;
  /** Share of sides that were called right; a tie, of outcome or of log-odds, is half right. */
  readonly accuracy: number;
}

/**
 * Loss and accuracy of a model before its calibration.
 *
 * @param weight - of each row's loss, by its outcome; none: 1
 */
export async function sliceLoss(
  { inputs, outcome }: Pick<Dataset, "inputs" | "outcome">,
  fitted: Pick<Predictor, "scaler" | "model">,
  rows: Uint32Array,
  weight: RowWeight = () => 1,
): Promise<SliceLoss> {
  const logits = await predictLogits(fitted, inputs, rows);
  let losses = 0;
  let weights = 0;
  let hits = 0;
  for (let i = 0; i < rows.length; i++) {
    const z = logits[i]!;
    const y = outcome[rows[i]!]!;
    losses += weight(y) * logLoss(z, y);
    weights += weight(y);
    hits += z > 0 ? y : z < 0 ? 1 - y : 0.5;
  }
  return { loss: losses / weights, accuracy: hits / rows.length };
}
