// How many files may be at work at once?
import { availableParallelism } from "node:os";
import { memoryBytes } from "../core/memory.js";

/**
 * Memory that a file at work adds at most, MiB: two pieces of text and four batches, with their threads. Twelve million rows
 * of eight days took 253, 326, 553 and 730 MiB with one, two, four and eight files at once.
 */
const FILE_MIB = 128;

/** More than any machine gains from. */
const MOST = 99;

/**
 * As many files at once as there are processors, each of which keeps up to three threads busy, but seldom all of them; fewer
 * where they would take more than a quarter of the memory that this process may use.
 */
export function defaultJobs(): number {
  return Math.min(availableParallelism(), jobsIn(memoryBytes() / 4));
}

/** Files at once that take no more than half of the memory that this process may use. */
export function mostJobs(): number {
  return jobsIn(memoryBytes() / 2);
}

function jobsIn(bytes: number): number {
  return Math.min(MOST, Math.max(1, Math.floor(bytes / (FILE_MIB << 20))));
}
