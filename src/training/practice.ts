// Does training work here, from TypeScript to the device? A few steps on windows that are made for it.
import { seededRandom } from "../core/random.js";
import { buildLstm, lstmLayout, lstmLossAndGradient } from "../models/lstm.js";
import { parameterCount } from "../models/parameter-layout.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { adamStart, adamStep } from "./adam.js";

/** What the steps did. */
export interface Practice {
  readonly steps: number;
  /** Mean log-loss before the first step and after the last. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Of a step, without the first one, which sets the device up. */
  readonly millisecondsAStep: number;
}

const SHAPE = { inputSize: 8, steps: 30, units: 16, layers: 1, layerNorm: false };
const WINDOWS = 64;
const STEPS = 20;
const RATE = 0.01;

/**
 * Trains a small LSTM on noise whose newest value tells the outcome: no data is read, nothing is recorded. On one machine the
 * losses are the same each time.
 */
export async function practice(): Promise<Practice> {
  const { tf } = await loadTensorflow();
  const { inputSize, steps } = SHAPE;
  const random = seededRandom(1, "practice");
  const values = new Float32Array(steps * WINDOWS * inputSize).map(() => random.normal());
  const newest = values.subarray((steps - 1) * WINDOWS * inputSize);
  const outcome = Float32Array.from({ length: WINDOWS }, (_, i) =>
    newest[i * inputSize]! > 0 ? 1 : 0,
  );
  const model = buildLstm(SHAPE, 1);
  const lossGradient = (): ReturnType<typeof lstmLossAndGradient> =>
    lstmLossAndGradient(tf, model, { values, count: WINDOWS }, outcome);

  const count = parameterCount(lstmLayout(SHAPE));
  const adam = adamStart(count);
  const { loss: lossBefore, gradient } = lossGradient();
  adamStep(adam, model.parameters, gradient, RATE, new Float32Array(count));
  const begun = performance.now();
  for (let step = 1; step < STEPS; step++) {
    adamStep(adam, model.parameters, lossGradient().gradient, RATE, new Float32Array(count));
  }
  const millisecondsAStep = (performance.now() - begun) / (STEPS - 1);
  return { steps: STEPS, lossBefore, lossAfter: lossGradient().loss, millisecondsAStep };
}

/** The steps in a sentence. */
export function practiceText({
  steps,
  lossBefore,
  lossAfter,
  millisecondsAStep,
}: Practice): string {
  return `In ${steps} steps of training the loss went from ${lossBefore.toFixed(3)} to ${lossAfter.toFixed(3)}, ${millisecondsAStep.toFixed(1)} ms a step.`;
}
