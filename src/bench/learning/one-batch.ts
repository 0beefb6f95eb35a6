// Can a network learn anything at all? One batch, again and again, until it knows it by heart.
import { seededRandom } from "../../core/random.js";
import type { Dataset } from "../../dataset/matrix.js";
import { fitStandardScaler } from "../../models/standard-scaler.js";
import { loadTensorflow } from "../../models/tensorflow.js";
import { gatherWindows } from "../../models/windows.js";
import { adamStart, adamStep, clipNorm } from "../../training/adam.js";
import { bareNetwork, type NetworkSettings } from "./networks.js";

/** How a batch was learned. */
export interface OneBatch {
  /** Windows in the batch. */
  readonly windows: number;
  /** Steps of the optimiser until the loss was small enough, or as many as were allowed. */
  readonly steps: number;
  /** Mean log-loss of the batch after them. */
  readonly loss: number;
}

/** Well above what is trained with: here nothing but this batch is to be learned. */
const LEARNING_RATE = 5e-3;

/**
 * Trains a fresh network on one batch of random windows with a direction, without dropout, decay or a line to start from.
 *
 * @param seed - of the windows and the initial weights
 * @param options.loss - ends below it
 * @param options.mostSteps - ends after so many anyway
 */
export async function overfitOneBatch(
  dataset: Dataset,
  settings: NetworkSettings,
  seed: number,
  { loss: enough, mostSteps }: { readonly loss: number; readonly mostSteps: number },
): Promise<OneBatch> {
  const { tf } = await loadTensorflow();
  const { inputs, featureNames } = dataset;
  const rows = batchRows(dataset, settings, seed);
  const scaler = fitStandardScaler(inputs, featureNames, rows);
  const windows = gatherWindows(scaler, inputs, rows, settings.steps);
  const outcome = Float32Array.from(rows, (row) => dataset.outcome[row]!);
  const { parameters, lossGradient } = bareNetwork(settings, featureNames.length, seed);
  const adam = adamStart(parameters.length);
  const decay = new Float32Array(parameters.length);
  let { loss, gradient } = lossGradient(tf, windows, outcome);
  while (loss >= enough && adam.step < mostSteps) {
    clipNorm(gradient, settings.gradientNorm);
    adamStep(adam, parameters, gradient, LEARNING_RATE, decay);
    ({ loss, gradient } = lossGradient(tf, windows, outcome));
  }
  return { windows: rows.length, steps: adam.step, loss };
}

/** Rows with a whole window before them whose price went up or down: nobody can be sure of a tie. */
function batchRows(
  { rows, isUsable, runStart, outcome }: Dataset,
  { steps, batchSize }: NetworkSettings,
  seed: number,
): Uint32Array {
  const fit = Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => isUsable[row] === 1 && row - runStart[row]! >= steps - 1 && outcome[row] !== 0.5,
  );
  const random = seededRandom(seed, "one batch");
  const drawn = new Set<number>();
  while (drawn.size < Math.min(batchSize, fit.length)) drawn.add(fit[random.below(fit.length)]!);
  return Uint32Array.from(drawn).sort();
}
