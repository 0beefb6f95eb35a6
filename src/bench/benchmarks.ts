import { auditBenchmark } from "./audit/audit-benchmark.js";
import type { Benchmark } from "./benchmark.js";
import { bookBenchmark } from "./book/book-benchmark.js";
import { encodersBenchmark } from "./encoders/encoders-benchmark.js";
import { featuresBenchmark } from "./features/features-benchmark.js";
import { ingestBenchmark } from "./ingest/ingest-benchmark.js";
import { learningBenchmark } from "./learning/learning-benchmark.js";
import { logisticBenchmark } from "./logistic/logistic-benchmark.js";
import { lstmBenchmark } from "./networks/lstm-benchmark.js";
import { transformerBenchmark } from "./networks/transformer-benchmark.js";
import { placeboBenchmark } from "./placebo/placebo-benchmark.js";
import { runtimeBenchmark } from "./runtime/runtime-benchmark.js";

/** All benchmarks, in pipeline order. */
export const BENCHMARKS: readonly Benchmark[] = [
  ingestBenchmark,
  encodersBenchmark,
  auditBenchmark,
  bookBenchmark,
  featuresBenchmark,
  logisticBenchmark,
  lstmBenchmark,
  transformerBenchmark,
  placeboBenchmark,
  learningBenchmark,
  runtimeBenchmark,
];
