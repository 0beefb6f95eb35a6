// The batches of a fit, one after the other; those that a thread cuts are those of the loop's own, to the bit.
import { WorkbenchError } from "../core/errors.js";
import { seededRandom } from "../core/random.js";
import { type Batch, type BatchPlan, batchBytes, cutBatch, cutIn } from "./batch.js";
import { BatchThread } from "./batch-thread.js";
import type { DropoutStream } from "./batch-worker.js";
import type { CuttingPlace } from "./cutting-place.js";

/** Batches of a fit. */
export interface Batches {
  /**
   * Batches of some rows, in their order; each is good until the next one is asked for.
   *
   * @param stream - of dropout
   * @throws {WorkbenchError} the thread that cuts them has ended, or runs other code
   */
  readonly of: (rows: Uint32Array, stream: DropoutStream) => AsyncGenerator<Batch, void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the batches of a fit. A thread cuts the next batch while the last one is computed on; two pieces of memory travel to it
 * and back, so that batches never take more than 2 × batch × (steps × inputs + dropout factors) × 4 bytes, and one piece
 * of half of that where the loop's thread cuts them. Inputs are never copied.
 */
export function openBatches(plan: BatchPlan, place: CuttingPlace): Batches {
  return place === "here"
    ? batchesHere(plan)
    : batchesFrom(new BatchThread(place.worker, plan), plan);
}

function batchesHere(plan: BatchPlan): Batches {
  const memory = new ArrayBuffer(batchBytes(plan));
  return {
    async *of(rows, { seed, name }) {
      const { uniform } = seededRandom(seed, name);
      for (const part of partsOf(rows, plan)) {
        yield { ...part, ...cutBatch(plan, part.rows, uniform, memory) };
      }
    },
    close: async () => {},
  };
}

function batchesFrom(thread: BatchThread, plan: BatchPlan): Batches {
  const free = [new ArrayBuffer(batchBytes(plan)), new ArrayBuffer(batchBytes(plan))];
  return {
    async *of(rows, stream) {
      const parts = partsOf(rows, plan);
      let asked = 0;
      const ask = (memory: ArrayBuffer): void => {
        const next = parts[asked]?.rows;
        if (next === undefined) free.push(memory);
        // A copy of these rows alone: a part of a column is sent with the whole of it.
        else thread.ask({ rows: next.slice(), memory, ...(asked === 0 ? { stream } : {}) });
        asked++;
      };
      for (const memory of free.splice(0)) ask(memory);
      for (const part of parts) {
        const memory = await thread.next();
        const batch = { ...part, ...cutIn(plan, part.rows.length, memory) };
        if (part.number === 1) requireSame(plan, batch, stream);
        yield batch;
        ask(memory);
      }
    },
    close: () => thread.close(),
  };
}

function partsOf(
  rows: Uint32Array,
  { batchSize }: BatchPlan,
): readonly Pick<Batch, "rows" | "number" | "count">[] {
  const count = Math.ceil(rows.length / batchSize);
  return Array.from({ length: count }, (_, i) => {
    return { rows: rows.subarray(i * batchSize, (i + 1) * batchSize), number: i + 1, count };
  });
}

/** A build may have replaced the thread's code since this process loaded its own: a window of each epoch is cut here, too. */
function requireSame(
  plan: BatchPlan,
  { rows, windows, keep }: Batch,
  { seed, name }: DropoutStream,
): void {
  const own = { ...plan, batchSize: 1 };
  const { uniform } = seededRandom(seed, name);
  const one = cutBatch(own, rows.subarray(0, 1), uniform, new ArrayBuffer(batchBytes(own)));
  const width = plan.scaler.mean.length;
  const isSame = one.windows.values.every((value, k) => {
    const [step, j] = [Math.floor(k / width), k % width];
    return value === windows.values[step * windows.count * width + j];
  });
  if (isSame && (one.keep?.every((factor, k) => factor === keep?.[k]) ?? true)) return;
  throw new WorkbenchError({
    message: "the thread that cuts batches runs other code than this process",
    fix: "run the same command again",
  });
}
