// How long does one prediction of ours take? `node latency-child.js WORK CALLS`, each from unscaled rows to a calibrated probability.
import { quantile } from "../../core/statistics.js";
import { predictProbability } from "../../models/predictor.js";
import { readNetworkWork } from "./network-work.js";
import { timed } from "./timed.js";

/** What the process prints; PyTorch's prints the same. */
export interface LatencyWork {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the window that ends at the last row. */
  readonly probability: number;
}

async function main([file, counted]: readonly string[]): Promise<void> {
  const { network, windows, inputs, predictor } = await readNetworkWork(file!);
  const first = network.shape.steps - 1;
  const predict = (i: number): Promise<Float64Array> =>
    predictProbability(predictor, inputs, Uint32Array.of(first + (i % windows.count)));
  const milliseconds = await timed({ warmUp: 50, counted: Number(counted) }, predict);
  const [probability] = await predict(windows.count - 1);
  const printed: LatencyWork = {
    p50Ms: quantile(milliseconds, 0.5),
    p99Ms: quantile(milliseconds, 0.99),
    probability: probability!,
  };
  process.stdout.write(`${JSON.stringify(printed)}\n`);
}

void main(process.argv.slice(2));
