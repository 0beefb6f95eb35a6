// Training steps of ours: `node steps-child.js WORK STEPS DROPOUT`. Prints the least time of a step after the first ones.
import { seededRandom } from "../../core/random.js";
import { hasOwnKernels, loadTensorflow } from "../../models/tensorflow.js";
import { gatherWindows } from "../../models/windows.js";
import { keepFactors } from "../../training/dropout.js";
import { readNetworkWork } from "./network-work.js";
import { timed } from "./timed.js";
import { trainingStep } from "./training-step.js";

/** What the process prints; PyTorch's prints the first two. */
export interface StepsWork {
  readonly stepMs: number;
  /** Most memory before the first step: program, libraries, batch and parameters. */
  readonly loadedBytes: number;
  /** Of cutting the batch out of unscaled rows and scaling it, which comes before a step. */
  readonly cutMs: number;
  /** What computed it. */
  readonly backend: string;
}

async function main([file, counted, dropout]: readonly string[]): Promise<void> {
  const { tf, backend, version, device } = await loadTensorflow();
  const work = await readNetworkWork(file!);
  const { network, windows, inputs, predictor } = work;
  const { uniform } = seededRandom(1, "dropout of steps that are measured");
  const factors = network.keepCount(windows.count);
  const step = trainingStep(tf, work);
  const loadedBytes = 1024 * process.resourceUsage().maxRSS;
  const counts = { warmUp: 3, counted: Number(counted) };
  const steps = await timed(counts, () => step(keepFactors(factors, Number(dropout), uniform)));

  const { steps: length } = network.shape;
  const ends = Uint32Array.from({ length: windows.count }, (_, i) => length - 1 + i);
  const into = new Float32Array(windows.values.length);
  const cuts = await timed(counts, () =>
    gatherWindows(predictor.scaler, inputs, ends, length, { into }),
  );
  const printed: StepsWork = {
    stepMs: Math.min(...steps),
    loadedBytes,
    cutMs: Math.min(...cuts),
    backend: `${backend} ${version}, ${device}, ${hasOwnKernels(tf) ? "with" : "without"} operations of our own`,
  };
  process.stdout.write(`${JSON.stringify(printed)}\n`);
}

void main(process.argv.slice(2));
