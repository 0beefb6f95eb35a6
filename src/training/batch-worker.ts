// The thread that cuts batches: it reads the inputs where they are, and gives each batch back in the memory it came with.
import { parentPort, workerData } from "node:worker_threads";
import { seededRandom } from "../core/random.js";
import { type BatchPlan, cutBatch } from "./batch.js";

/** Stream of random numbers that dropout is drawn from. */
export interface DropoutStream {
  readonly seed: number;
  readonly name: string;
}

/** What the thread is asked for. */
export interface BatchRequest {
  readonly rows: Uint32Array;
  /** Handed over with the request and back with the answer. */
  readonly memory: ArrayBuffer;
  /** Begins a stream; without one the last goes on. */
  readonly stream?: DropoutStream;
}

const plan = workerData as BatchPlan;
let { uniform } = seededRandom(0);

parentPort?.on("message", ({ rows, memory, stream }: BatchRequest) => {
  if (stream !== undefined) ({ uniform } = seededRandom(stream.seed, stream.name));
  cutBatch(plan, rows, uniform, memory);
  parentPort?.postMessage(memory, [memory]);
});
