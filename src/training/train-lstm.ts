// The training loop of sequence models, top to bottom: rows, scaler, model, epochs, early stop, calibrator, test.
import { DataError } from "../core/errors.js";
import { seededRandom } from "../core/random.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { formatUtc } from "../core/time.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { fitLogistic, type Logistic, logLoss } from "../models/logistic.js";
import { buildLstm, type Lstm, lstmLayout, lstmLossAndGradient } from "../models/lstm.js";
import { predictLogits, scaledRows } from "../models/predictor.js";
import { fitStandardScaler, type StandardScaler } from "../models/standard-scaler.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { gatherWindows } from "../models/windows.js";
import { adamStep, clipNorm } from "./adam.js";
import { type CheckpointFile, freshState, stateFromBytes, stateToBytes } from "./checkpoint.js";
import { finishFold } from "./finish-fold.js";
import type { Epoch, FoldFit } from "./fold-fit.js";
import type { LstmSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";

/** An epoch as it ends, for progress lines. */
export interface EpochProgress extends Epoch {
  readonly epochs: number;
  readonly samplesPerSecond: number;
  readonly seconds: number;
}

/** What surrounds a fit without changing its result. */
export interface TrainingHooks {
  readonly onEpoch?: ((progress: EpochProgress) => void) | undefined;
  readonly checkpoint?: CheckpointFile | undefined;
}

/**
 * Trains an LSTM on one fold. The same dataset, settings and seed give the same bits on one machine, also when the run is
 * killed and resumed from its checkpoint.
 *
 * @param seed - of initial weights, batch order and dropout
 * @returns the fit with the weights of the best epoch; or what is missing
 * @throws {DataError} the loss was NaN; names the batch
 */
export async function trainLstm(
  dataset: Dataset,
  fold: Fold,
  settings: LstmSettings,
  seed: number,
  { onEpoch, checkpoint }: TrainingHooks = {},
): Promise<FoldFit | Shortfall> {
  // Rows and scaler
  const { steps, units, layers, epochs, batchSize } = settings;
  const slices = rowsWithWindow(dataset, fold, steps, "LSTM");
  if (isShortfall(slices)) return slices;
  const { train, earlyStop } = slices.rows;
  const scaler = fitStandardScaler(dataset.inputs, dataset.featureNames, train);

  // Model and optimiser: fresh, or as the last epoch of a killed run left them
  const { tf } = await loadTensorflow();
  const shape = { inputSize: dataset.featureNames.length, steps, units, layers };
  const saved = await checkpoint?.read();
  const state =
    saved === undefined
      ? freshState(
          buildLstm(shape, seed, startLine(dataset, scaler, train, settings.startPriorDeviation)),
        )
      : stateFromBytes(saved, shape, checkpoint?.name ?? "");
  const model: Lstm = { ...shape, kind: "lstm", parameters: state.parameters };
  const decay = decayOf(model, settings.weightDecay);
  const stepsPerEpoch = Math.ceil(Math.ceil(train.length / settings.stride) / batchSize);

  // Epoch 0: what the start is worth
  if (state.history.length === 0) {
    const trainLoss = await meanLoss(
      dataset,
      { scaler, model },
      epochRows(train, settings, 1, seed),
    );
    const earlyStopLoss = await meanLoss(dataset, { scaler, model }, earlyStop);
    state.history.push({ epoch: 0, trainLoss, earlyStopLoss });
  }

  for (let epoch = state.history.length; epoch <= epochs; epoch++) {
    if (isOver(state.history, settings.patience)) break;
    const started = performance.now();
    const rows = epochRows(train, settings, epoch, seed);
    const dropout = seededRandom(seed, `dropout of epoch ${epoch}`);
    let lossSum = 0;
    for (let start = 0; start < rows.length; start += batchSize) {
      // Batch: windows cut by row number, outcomes, units kept
      const batch = rows.subarray(start, start + batchSize);
      const windows = gatherWindows(scaler, dataset.inputs, batch, steps);
      const outcome = Float32Array.from(batch, (row) => dataset.outcome[row]!);
      const keep = keepFactors(layers * batch.length * units, settings.dropout, dropout.uniform);

      // Step
      const { loss, gradient } = lstmLossAndGradient(tf, model, windows, outcome, { keep });
      requireFinite(loss, dataset, batch, epoch, start / batchSize + 1);
      clipNorm(gradient, settings.gradientNorm);
      const rate = learningRate(state.adam.step, stepsPerEpoch, settings);
      adamStep(state.adam, state.parameters, gradient, rate, decay);
      lossSum += loss * batch.length;
      // Lets an interrupt through between steps.
      await new Promise(setImmediate);
    }

    // Early stop
    const earlyStopLoss = await meanLoss(dataset, { scaler, model }, earlyStop);
    const isBest = state.history.every((past) => earlyStopLoss < past.earlyStopLoss);
    if (isBest) state.best.set(state.parameters);
    const ended: Epoch = { epoch, trainLoss: lossSum / rows.length, earlyStopLoss };
    state.history.push(ended);
    await checkpoint?.write(stateToBytes(state));
    const seconds = (performance.now() - started) / 1000;
    onEpoch?.({ ...ended, epochs, samplesPerSecond: rows.length / seconds, seconds });
  }
  const best: Lstm = { ...model, parameters: state.best };
  return await finishFold(
    dataset,
    slices,
    { scaler, model: best },
    {
      calibrator: settings.calibrator,
      history: state.history,
    },
  );
}

/** The line through the newest bar's inputs that the head starts from. */
function startLine(
  { inputs, outcome, horizonBars }: Dataset,
  scaler: StandardScaler,
  train: Uint32Array,
  priorDeviation: number,
): Logistic | undefined {
  if (priorDeviation === 0) return undefined;
  return fitLogistic(
    scaledRows(scaler, inputs, train),
    Float64Array.from(train, (row) => outcome[row]!),
    { priorDeviation, overlapBars: horizonBars },
  );
}

/** Training rows of an epoch in its own random order: every stride-th, from another row each time. */
function epochRows(
  train: Uint32Array,
  { stride }: LstmSettings,
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

/** 0 for a silenced unit, 1/(1 − dropout) for a kept one, so that the expected sum stays. */
function keepFactors(
  count: number,
  dropout: number,
  uniform: () => number,
): Float32Array | undefined {
  if (dropout === 0) return undefined;
  return new Float32Array(count).map(() => (uniform() < dropout ? 0 : 1 / (1 - dropout)));
}

/** Rises through the first epoch, then falls as a half cosine to a tenth at the last. */
function learningRate(
  step: number,
  stepsPerEpoch: number,
  { learningRate: top, epochs }: LstmSettings,
): number {
  if (step < stepsPerEpoch) return (top * (step + 1)) / stepsPerEpoch;
  const share = (step - stepsPerEpoch) / Math.max(1, stepsPerEpoch * (epochs - 1));
  return top * (0.1 + 0.45 * (1 + Math.cos(Math.PI * Math.min(1, share))));
}

function decayOf(model: Lstm, weightDecay: number): Float32Array {
  const decay = new Float32Array(model.parameters.length);
  for (const { start, end, isDecayed } of lstmLayout(model)) {
    if (isDecayed) decay.fill(weightDecay, start, end);
  }
  return decay;
}

function isOver(history: readonly Epoch[], patience: number): boolean {
  const losses = history.map(({ earlyStopLoss }) => earlyStopLoss);
  return losses.length - 1 - losses.indexOf(Math.min(...losses)) >= patience;
}

async function meanLoss(
  { inputs, outcome }: Dataset,
  fitted: { readonly scaler: StandardScaler; readonly model: Lstm },
  rows: Uint32Array,
): Promise<number> {
  const logits = await predictLogits(fitted, inputs, rows);
  return logits.reduce((sum, z, i) => sum + logLoss(z, outcome[rows[i]!]!), 0) / rows.length;
}

function requireFinite(
  loss: number,
  { symbols, symbolIndex, barEndUs }: Dataset,
  batch: Uint32Array,
  epoch: number,
  number: number,
): void {
  if (Number.isFinite(loss)) return;
  const row = batch[0]!;
  const place = `${symbols[symbolIndex[row]!]} ${formatUtc(barEndUs[row]!)}`;
  throw new DataError({
    message: `the loss was ${loss} in epoch ${epoch}, batch ${number} (its first row: ${place})`,
    fix: "look at the inputs of that batch, or lower the learning rate",
  });
}
