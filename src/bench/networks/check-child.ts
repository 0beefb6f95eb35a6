// Is it the same work as PyTorch's? `node check-child.js WORK STEPS GRADIENT` prints the loss before the first step and after each, and
// writes the gradient at the start in PyTorch's order.
import { writeFile } from "node:fs/promises";
import { loadTensorflow } from "../../models/tensorflow.js";
import { inTorchOrder, readNetworkWork } from "./network-work.js";
import { trainingStep } from "./training-step.js";

/** What the process prints; PyTorch's prints the same. */
export interface CheckWork {
  readonly losses: readonly number[];
}

async function main([file, steps, gradientFile]: readonly string[]): Promise<void> {
  const { tf } = await loadTensorflow();
  const work = await readNetworkWork(file!);
  const { network, parameters, windows, outcome } = work;
  const { gradient } = network.lossGradient(tf, parameters, windows, outcome, undefined);
  await writeFile(gradientFile!, new Uint8Array(inTorchOrder(network, gradient).buffer));
  const step = trainingStep(tf, work);
  // The last step only tells the loss after the one before.
  const losses = Array.from({ length: Number(steps) + 1 }, () => step(undefined));
  process.stdout.write(`${JSON.stringify({ losses } satisfies CheckWork)}\n`);
}

void main(process.argv.slice(2));
