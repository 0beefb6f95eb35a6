import { Worker } from "node:worker_threads";
import type { StoredColumn } from "../store/parquet/stored-column.js";
import { type Batch, batchBuffers, batchOf } from "./batch.js";
import type { Encoder } from "./encoder.js";
import type { EncoderReply, EncoderRequest } from "./encoder-worker.js";
import { THREAD_LIMITS } from "./thread-limits.js";

/** Batches that wait or are in work while the next one is filled. */
const BATCHES = 2;

/**
 * A thread that encodes while its owner parses. Batches are handed over, not copied, and come back to be filled again.
 * One file at a time.
 */
export class EncoderThread {
  readonly #worker: Worker;
  readonly #waiting: (() => void)[] = [];
  #free: Batch[] = [];
  #inWork = 0;
  #error: Error | undefined;
  #hasEnded = false;

  /** @param file - path of the compiled `encoder-worker` */
  constructor(file: string) {
    this.#worker = new Worker(file, { resourceLimits: THREAD_LIMITS });
    this.#worker.on("message", (reply: EncoderReply) => this.#take(reply));
    this.#worker.on("error", (error) => this.#end(error as Error));
    this.#worker.on("exit", (code) => this.#end(new Error(`the encoder ended with code ${code}`)));
    this.#worker.unref();
  }

  /** Whether the thread is gone, for example because it ran out of memory; then another is needed. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Starts a file.
   *
   * @param file - path of a file that is not there
   * @param columns - how each column of the batches is stored
   * @param emptyBatch - a batch with room for a row group of them
   */
  open(file: string, columns: readonly StoredColumn[], emptyBatch: () => Batch): Encoder {
    if (!this.#hasEnded) this.#error = undefined;
    this.#free = [];
    this.#send({ open: { file, columns } });
    return {
      append: (batch, rows) => {
        this.#send({ append: { columns: batch.columns, rows } }, batchBuffers(batch));
        return this.#free.pop() ?? emptyBatch();
      },
      ready: () => this.#until(() => this.#inWork <= BATCHES),
      finish: async () => {
        this.#send({ finish: true });
        await this.#until(() => this.#inWork === 0);
      },
      close: async () => {
        this.#send({ close: true });
        await this.#idle();
      },
    };
  }

  #send(request: EncoderRequest, buffers: readonly ArrayBuffer[] = []): void {
    if (this.#hasEnded) return;
    this.#inWork++;
    // A thread that has work keeps the process alive.
    this.#worker.ref();
    this.#worker.postMessage(request, buffers as ArrayBuffer[]);
  }

  #take({ columns, error }: EncoderReply): void {
    this.#inWork--;
    if (this.#inWork === 0) this.#worker.unref();
    if (columns !== undefined) this.#free.push(batchOf(columns));
    if (error !== undefined) this.#error ??= error;
    this.#wake();
  }

  #end(error: Error): void {
    this.#hasEnded = true;
    this.#inWork = 0;
    this.#error ??= error;
    this.#wake();
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  async #until(isTrue: () => boolean): Promise<void> {
    while (this.#error === undefined && !isTrue()) await this.#reply();
    if (this.#error !== undefined) throw this.#error;
  }

  /** Every request was answered, failed or not: what comes later belongs to another file. */
  async #idle(): Promise<void> {
    while (this.#inWork > 0) await this.#reply();
  }

  #reply(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
