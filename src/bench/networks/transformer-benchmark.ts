import type { Benchmark } from "../benchmark.js";
import { networkBenchmark } from "./network-benchmark.js";

/**
 * The Transformer beside PyTorch's, as its users write it, and for information beside one that is written by hand to compute the
 * last block for the newest step alone, as ours does.
 */
export const transformerBenchmark: Benchmark = {
  name: "transformer",
  about:
    "Transformer of 2 blocks × 64 on 60 × 53 inputs beside PyTorch: training step, memory, latency",
  run: (options) =>
    networkBenchmark(
      "transformer",
      { stepTimes: 1.5, forms: ["nn.TransformerEncoder", "PyTorch by hand"] },
      options,
    ),
};
