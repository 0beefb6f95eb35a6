// The training loop of networks, top to bottom: start, epochs of batches, early stop, checkpoint.
import { seededRandom } from "../core/random.js";
import type { Dataset } from "../dataset/matrix.js";
import type { LossGradient, LossOptions } from "../models/network.js";
import { parameterCount, type Slot } from "../models/parameter-layout.js";
import type { Predictor } from "../models/predictor.js";
import type { StandardScaler } from "../models/standard-scaler.js";
import type { Windows } from "../models/windows.js";
import { adamStep, clipNorm } from "./adam.js";
import { openBatches } from "./batches.js";
import {
  type CheckpointFile,
  freshState,
  type LoopState,
  resumedState,
  stateToBytes,
} from "./checkpoint.js";
import { classWeights } from "./class-weights.js";
import { bestCuttingPlace, type CuttingPlace } from "./cutting-place.js";
import { type BatchProgress, EpochPace, type EpochProgress } from "./epoch-pace.js";
import type { Epoch } from "./fold-fit.js";
import { lossError } from "./loss-error.js";
import { asMemoryError } from "./memory-error.js";
import type { EpochSettings } from "./settings.js";
import { type SliceLoss, sliceLoss } from "./slice-loss.js";
import type { SliceRows } from "./slice-rows.js";

/** What surrounds a fit without changing its result. */
export interface TrainingHooks {
  /** Called after each step of the optimiser. */
  readonly onBatch?: ((progress: BatchProgress) => void) | undefined;
  /** Called as each epoch ends. */
  readonly onEpoch?: ((progress: EpochProgress) => void) | undefined;
  /** Told what a user should know, a sentence each. */
  readonly onNotice?: ((line: string) => void) | undefined;
  readonly checkpoint?: CheckpointFile | undefined;
  /** Where batches are cut; default where `bestCuttingPlace` says. */
  readonly cutting?: CuttingPlace | undefined;
}

/** A network as the loop sees it. */
export interface Learner {
  readonly scaler: StandardScaler;
  readonly layout: readonly Slot[];
  /** Rows of a window, the last one being the row that is predicted from. */
  readonly steps: number;
  /** Dropout factors that a window takes. */
  readonly keepSize: number;
  /** Parameters before the first step; not asked for when a run is resumed. */
  readonly start: () => Promise<Float32Array>;
  /** The model that reads these parameters, as they change. */
  readonly model: (parameters: Float32Array) => Predictor["model"];
  /** Loss and gradient on a batch of windows; what it is given changes with the next batch. */
  readonly lossGradient: (
    parameters: Float32Array,
    windows: Windows,
    outcome: Float32Array,
    options: LossOptions,
  ) => LossGradient;
}

/** What training in epochs gave. */
export interface Trained {
  /** With the parameters of the best epoch on the early-stop slice. */
  readonly model: Predictor["model"];
  readonly history: readonly Epoch[];
}

/**
 * Trains by Adam on the training slice and stops by the loss on the early-stop slice. The same arguments give the same bits
 * on one machine, also when the run is killed and resumed from its checkpoint, and wherever batches are cut.
 *
 * @param seed - of batch order and dropout
 * @throws {DataError} a loss or gradient was no number; names batch and row
 * @throws {OptionError} there is no memory for batches of this size
 * @throws {WorkbenchError} the thread that cuts batches has ended
 */
export async function trainEpochs(
  dataset: Dataset,
  { train, earlyStop }: Pick<SliceRows["rows"], "train" | "earlyStop">,
  learner: Learner,
  settings: EpochSettings,
  seed: number,
  { onBatch, onEpoch, onNotice, checkpoint, cutting }: TrainingHooks = {},
): Promise<Trained> {
  // Batches: a thread that cuts them gets ready while the start is computed
  const { scaler, layout, steps, keepSize } = learner;
  const { epochs, batchSize, dropout } = settings;
  const plan = { inputs: dataset.inputs, scaler, steps, keepSize, dropout, batchSize };
  const batches = openBatches(plan, cutting ?? (await bestCuttingPlace(plan)));
  try {
    // Start: fresh, or as the last epoch of a killed run left it
    const saved = await resumedState(checkpoint, parameterCount(layout), onNotice);
    const state = saved ?? freshState(await learner.start());
    const moving = { scaler, model: learner.model(state.parameters) };
    const fitted = { scaler, model: learner.model(state.average) };
    const decay = decayOf(layout, settings.weightDecay);
    const weight = classWeights(settings.classWeights, dataset.outcome, train);
    const stepsPerEpoch = Math.ceil(Math.ceil(train.length / settings.stride) / batchSize);

    /** What the model is worth on a slice; fails where that is no number. */
    const lossOf = async (rows: Uint32Array, place: string): Promise<SliceLoss> => {
      const worth = await sliceLoss(dataset, fitted, rows, weight);
      if (Number.isFinite(worth.loss)) return worth;
      const what = `the loss ${place} was ${worth.loss}`;
      throw await lossError(dataset, fitted, { what, rows, steps });
    };

    // Epoch 0: what the start is worth
    if (state.history.length === 0) {
      const first = epochRows(train, settings, 1, seed);
      const { loss: trainLoss } = await lossOf(first, "before the first step");
      const stop = await lossOf(earlyStop, "on the early-stop slice before the first step");
      state.history.push(epochOf(0, trainLoss, stop));
    }

    const pace = new EpochPace(epochs, () => performance.now());
    for (let epoch = state.history.length; epoch <= epochs; epoch++) {
      if (isOver(state.history, settings.patience)) break;
      const rows = epochRows(train, settings, epoch, seed);
      pace.begin(epoch, rows.length);
      let lossSum = 0;
      for await (const batch of batches.of(rows, { seed, name: `dropout of epoch ${epoch}` })) {
        // Step
        const { windows, keep } = batch;
        const outcome = Float32Array.from(batch.rows, (row) => dataset.outcome[row]!);
        const options = { keep, weight: weight && outcome.map(weight) };
        const { loss, gradient } = learner.lossGradient(
          state.parameters,
          windows,
          outcome,
          options,
        );
        const length = clipNorm(gradient, settings.gradientNorm);
        if (!Number.isFinite(loss + length)) {
          const broken = Number.isFinite(loss) ? `gradient was ${length} long` : `loss was ${loss}`;
          const what = `the ${broken} in epoch ${epoch}, batch ${batch.number} of ${batch.count}`;
          throw await lossError(dataset, moving, { what, rows: batch.rows, steps });
        }
        const rate = learningRate(state.adam.step, stepsPerEpoch, settings);
        adamStep(state.adam, state.parameters, gradient, rate, decay);
        moveAverage(state, settings.averageEpochs * stepsPerEpoch);
        lossSum += loss * batch.rows.length;
        const progress = pace.step(batch, lossSum);
        onBatch?.(progress);
        // Lets an interrupt through between steps.
        await new Promise(setImmediate);
      }

      // Early stop
      const stop = await lossOf(earlyStop, `on the early-stop slice after epoch ${epoch}`);
      const isBest = state.history.every((past) => stop.loss < past.earlyStopLoss);
      if (isBest) state.best.set(state.average);
      const ended = epochOf(epoch, lossSum / rows.length, stop);
      state.history.push(ended);
      if (checkpoint) await checkpoint.write(stateToBytes(state, checkpoint));
      const isLast = epoch === epochs || isOver(state.history, settings.patience);
      onEpoch?.(pace.end(ended, { isOver: isLast }));
    }
    return { model: learner.model(state.best), history: state.history };
  } catch (error) {
    throw asMemoryError(error, { batchSize, steps, inputs: dataset.featureNames.length });
  } finally {
    await batches.close();
  }
}

/** Training rows of an epoch in its own random order: every stride-th, from another row each time. */
function epochRows(
  train: Uint32Array,
  { stride }: EpochSettings,
  epoch: number,
  seed: number,
): Uint32Array {
  const first = (epoch - 1) % stride;
  const rows = train.filter((_, i) => i % stride === first);
  const random = seededRandom(seed, `batches of epoch ${epoch}`);
  // Fisher and Yates
  for (let i = rows.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows;
}

/** Rises through the first epoch, then falls as a half cosine to a tenth at the last. */
function learningRate(
  step: number,
  stepsPerEpoch: number,
  { learningRate: top, epochs }: EpochSettings,
): number {
  if (step < stepsPerEpoch) return (top * (step + 1)) / stepsPerEpoch;
  const share = (step - stepsPerEpoch) / Math.max(1, stepsPerEpoch * (epochs - 1));
  return top * (0.1 + 0.45 * (1 + Math.cos(Math.PI * Math.min(1, share))));
}

/**
 * Moves the average of the parameters towards where they are, so that a step's part in it fades within the given number of
 * them; sooner at first, when the parameters of the start still lie in it.
 */
function moveAverage({ average, parameters, adam }: LoopState, steps: number): void {
  const share = Math.max(9 / (9 + adam.step), 1 / Math.max(1, steps));
  const kept = 1 - share;
  for (let i = 0; i < average.length; i++) {
    average[i] = kept * average[i]! + share * parameters[i]!;
  }
}

function decayOf(layout: readonly Slot[], weightDecay: number): Float32Array {
  const decay = new Float32Array(parameterCount(layout));
  for (const { start, end, isDecayed } of layout) {
    if (isDecayed) decay.fill(weightDecay, start, end);
  }
  return decay;
}

function isOver(history: readonly Epoch[], patience: number): boolean {
  const losses = history.map(({ earlyStopLoss }) => earlyStopLoss);
  return losses.length - 1 - losses.indexOf(Math.min(...losses)) >= patience;
}

function epochOf(epoch: number, trainLoss: number, { loss, accuracy }: SliceLoss): Epoch {
  return { epoch, trainLoss, earlyStopLoss: loss, earlyStopAccuracy: accuracy };
}
