import { Worker } from "node:worker_threads";
import { WorkbenchError } from "../core/errors.js";
import { makeThreadsSafeToEnd } from "../core/worker-threads.js";
import type { BatchPlan } from "./batch.js";
import type { BatchRequest } from "./batch-worker.js";

/** A thread that cuts batches while its owner computes. Answers come in the order of the requests. */
export class BatchThread {
  readonly #worker: Worker;
  readonly #cut: ArrayBuffer[] = [];
  #inWork = 0;
  #end: WorkbenchError | undefined;
  #wake: () => void = () => {};

  /**
   * @param file - path of the compiled `batch-worker`
   * @param plan - its inputs lie in shared memory, which the thread reads as it is
   */
  constructor(file: string, plan: BatchPlan) {
    makeThreadsSafeToEnd();
    this.#worker = new Worker(file, { workerData: plan });
    this.#worker.on("message", (memory: ArrayBuffer) => this.#take(memory));
    this.#worker.on("error", (error) => this.#ended(error instanceof Error ? error.message : ""));
    this.#worker.on("exit", (code) => this.#ended(`it ended with code ${code}`));
    // A fit that is left alone does not keep the process alive.
    this.#worker.unref();
  }

  /** Asks for a batch; its memory is the thread's until it comes back. */
  ask(request: BatchRequest): void {
    if (this.#end !== undefined) return;
    this.#inWork++;
    this.#worker.ref();
    this.#worker.postMessage(request, [request.memory]);
  }

  /**
   * The memory of the next batch.
   *
   * @throws {WorkbenchError} the thread has ended
   */
  async next(): Promise<ArrayBuffer> {
    while (this.#cut.length === 0) {
      if (this.#end !== undefined) throw this.#end;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#cut.shift()!;
  }

  /** Ends the thread, whatever it is at. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(memory: ArrayBuffer): void {
    this.#inWork--;
    if (this.#inWork === 0) this.#worker.unref();
    this.#cut.push(memory);
    this.#wake();
  }

  #ended(why: string): void {
    this.#end ??= new WorkbenchError({
      message: `the thread that cuts batches is gone: ${why}`,
      fix: "run the same command again; training goes on from its last epoch",
    });
    this.#wake();
  }
}
