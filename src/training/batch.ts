// What does a step of training see? Scaled windows and dropout factors of a batch's rows, in memory that is used again.

import type { StandardScaler } from "../models/standard-scaler.js";
import type { Windows } from "../models/windows.js";
import { gatherWindows } from "../models/windows.js";
import { keepFactors } from "./dropout.js";

/** How batches are cut; wherever that is done, they are the same to the bit. */
export interface BatchPlan {
  /** rows × features of the whole dataset, row by row, NaN where missing. */
  readonly inputs: Float32Array;
  readonly scaler: StandardScaler;
  /** Rows of a window, the last one being the row that is predicted from. */
  readonly steps: number;
  /** Dropout factors of a window. */
  readonly keepSize: number;
  /** Share of units silenced. */
  readonly dropout: number;
  /** Rows of a batch; the last batch of an epoch may have fewer. */
  readonly batchSize: number;
}

/** What is cut for a step; it lies in memory that the next batches take. */
export interface Batch {
  readonly rows: Uint32Array;
  /** Which batch of the epoch it is, from 1. */
  readonly number: number;
  /** Batches of the epoch. */
  readonly count: number;
  /** The windows that end at these rows, scaled. */
  readonly windows: Windows;
  /** Dropout factors, as many for each window as the plan says; undefined without dropout. */
  readonly keep: Float32Array | undefined;
}

/** Bytes that a batch takes: batch × (steps × inputs + dropout factors) × 4. */
export function batchBytes({ scaler, steps, keepSize, dropout, batchSize }: BatchPlan): number {
  const factors = dropout === 0 ? 0 : keepSize;
  return batchSize * (steps * scaler.mean.length + factors) * Float32Array.BYTES_PER_ELEMENT;
}

/** What lies in a batch's memory. */
export type CutBatch = Pick<Batch, "windows" | "keep">;

/**
 * Cuts a batch.
 *
 * @param rows - at most as many as the plan says
 * @param uniform - draws in [0, 1), for dropout
 * @param memory - as many bytes as `batchBytes` says
 */
export function cutBatch(
  { inputs, scaler, steps, keepSize, dropout }: BatchPlan,
  rows: Uint32Array,
  uniform: () => number,
  memory: ArrayBuffer,
): CutBatch {
  const into = new Float32Array(memory);
  const windows = gatherWindows(scaler, inputs, rows, steps, { into });
  const rest = into.subarray(windows.values.length);
  const keep = keepFactors(rows.length * keepSize, dropout, uniform, { into: rest });
  return { windows, keep };
}

/** What was cut into this memory of so many rows. */
export function cutIn(
  { scaler, steps, keepSize, dropout }: BatchPlan,
  rows: number,
  memory: ArrayBuffer,
): CutBatch {
  const floats = new Float32Array(memory);
  const size = steps * rows * scaler.mean.length;
  const windows = { values: floats.subarray(0, size), count: rows };
  const keep = dropout === 0 ? undefined : floats.subarray(size, size + rows * keepSize);
  return { windows, keep };
}
