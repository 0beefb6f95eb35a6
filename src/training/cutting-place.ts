// Where are batches cut? In a thread beside the steps where that pays, else in the loop's own.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { types } from "node:util";
import { isMainThread } from "node:worker_threads";
import { loadTensorflow } from "../models/tensorflow.js";
import type { BatchPlan } from "./batch.js";

/** In the loop's thread, or in one that runs a compiled `batch-worker`. */
export type CuttingPlace = "here" | { readonly worker: string };

/** The compiled file; there is none beside the sources, as under tests. */
const WORKER = path.join(__dirname, "batch-worker.js");

/**
 * A thread takes a core: it pays where TensorFlow leaves one idle while it computes a step, as on a GPU. On two cores an LSTM of
 * 32 units saw an eighth more rows a second with it where one was idle; where TensorFlow's threads took both, fits ended from a
 * tenth sooner to a seventh later. Windows of one row are cut in no time, and inputs that do not lie in shared memory would
 * have to be copied to the thread.
 *
 * @param options.worker - a compiled `batch-worker`; default the one beside this file
 */
export async function bestCuttingPlace(
  { inputs, steps }: Pick<BatchPlan, "inputs" | "steps">,
  { worker = WORKER }: { readonly worker?: string } = {},
): Promise<CuttingPlace> {
  const canCut = types.isSharedArrayBuffer(inputs.buffer) && isMainThread && existsSync(worker);
  if (!canCut || steps === 1) return "here";
  const { gpu, threads } = await loadTensorflow();
  return gpu || threads < availableParallelism() ? { worker } : "here";
}
