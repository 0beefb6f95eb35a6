import type { Benchmark } from "../benchmark.js";
import { networkBenchmark } from "./network-benchmark.js";

/** The LSTM beside PyTorch's: training step, memory, one prediction, and that both compute the same. */
export const lstmBenchmark: Benchmark = {
  name: "lstm",
  about: "LSTM of 2 × 128 units on 60 × 53 inputs beside PyTorch: training step, memory, latency",
  run: (options) => networkBenchmark("lstm", { stepTimes: 1.2, forms: ["nn.LSTM"] }, options),
};
