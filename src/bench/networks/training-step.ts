import type { Slot } from "../../models/parameter-layout.js";
import type { TensorflowJs } from "../../models/tensorflow.js";
import { adamStart, adamStep, clipNorm } from "../../training/adam.js";
import type { NetworkWork } from "./network-work.js";

/**
 * The step of the training loop, from a batch of scaled windows in memory to updated weights.
 *
 * @returns takes one step on the batch, and returns the loss before it
 */
export function trainingStep(
  tf: TensorflowJs,
  { network, settings, parameters, windows, outcome }: NetworkWork,
): (keep: Float32Array | undefined) => number {
  const { learningRate, weightDecay, gradientNorm } = settings;
  const adam = adamStart(parameters.length);
  const decay = decayOf(network.layout, parameters.length, weightDecay);
  return (keep) => {
    const { loss, gradient } = network.lossGradient(tf, parameters, windows, outcome, keep);
    clipNorm(gradient, gradientNorm);
    adamStep(adam, parameters, gradient, learningRate, decay);
    return loss;
  };
}

function decayOf(layout: readonly Slot[], parameters: number, weightDecay: number): Float32Array {
  const decay = new Float32Array(parameters);
  for (const { start, end, isDecayed } of layout)
    if (isDecayed) decay.fill(weightDecay, start, end);
  return decay;
}
